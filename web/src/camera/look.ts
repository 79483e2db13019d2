/**
 * Look: what is wrong with a picture of a sheet, seen on a small grey copy of it, several times a second.
 *
 * Advice, never a gate: the voter may press the button at any time. Each measure says nothing where it is not sure.
 */

/** What to do about the picture; `good` where nothing is to be said. */
export type Hint = "dark" | "glare" | "cut" | "far" | "blur" | "good";

/** A grey picture: `width * height` bytes, row by row. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Long side of the copy that is looked at, in pixels. */
export const LOOKED_AT = 240;

const DARK = 60; // mean brightness of the paper, of 255
const BURNT = 253;
const GLARE = [0.012, 0.25] as const; // share of the picture that is burnt out in lumps; more is white paper in the sun
const APART = 0.62; // separability (Otsu) from which paper and ground are told apart
const CUT = 0.3; // share of one edge of the frame that shows paper
const FAR = 0.25; // share of the frame that the paper fills
const SHARP = 0.16; // step between neighbours, as a share of the paper's light, that its sharpest hundredth reaches

/** Returns the first thing to say about the picture, the worst first. */
export function look(grey: Grey): Hint {
  const split = otsu(grey.data);
  const told = split.apart >= APART;
  const paper = told ? split.threshold : -1;
  if (split.light < DARK) return "dark";
  if (told && longestEdge(grey, paper) > CUT) return "cut";
  if (told && split.share < FAR) return "far";
  const shine = burnt(grey);
  if (shine > GLARE[0] && shine < GLARE[1]) return "glare";
  if (sharpness(grey, paper) < SHARP * split.light) return "blur";
  return "good";
}

interface Split {
  threshold: number;
  apart: number;
  light: number;
  share: number;
}

/** Otsu's threshold (1979), how far the two classes are apart (0 to 1), mean and share of the lighter one. */
function otsu(data: Uint8ClampedArray): Split {
  const histogram = new Uint32Array(256);
  for (const value of data) histogram[value]!++;
  const total = data.length;
  let sum = 0;
  let squares = 0;
  histogram.forEach((count, value) => {
    sum += count * value;
    squares += count * value * value;
  });
  const variance = squares / total - (sum / total) ** 2;
  const best: Split = { threshold: 127, apart: 0, light: sum / total, share: 1 };
  let below = 0;
  let belowSum = 0;
  for (let value = 0; value < 255; value++) {
    below += histogram[value]!;
    belowSum += histogram[value]! * value;
    const above = total - below;
    if (!below || !above) continue;
    const light = (sum - belowSum) / above;
    const between = (below / total) * (above / total) * (belowSum / below - light) ** 2;
    if (between > best.apart * variance) {
      Object.assign(best, { threshold: value, apart: between / variance, light, share: above / total });
    }
  }
  return best;
}

/** Returns the largest share of one edge of the frame that is lighter than `paper`. */
function longestEdge({ width, height, data }: Grey, paper: number): number {
  const edges = [0, 0, 0, 0];
  for (let x = 0; x < width; x++) {
    if (data[x + width]! > paper) edges[0]! += 1 / width;
    if (data[x + width * (height - 2)]! > paper) edges[1]! += 1 / width;
  }
  for (let y = 0; y < height; y++) {
    if (data[y * width + 1]! > paper) edges[2]! += 1 / height;
    if (data[y * width + width - 2]! > paper) edges[3]! += 1 / height;
  }
  return Math.max(...edges);
}

/** Returns the share of pixels burnt out together with all their neighbours: a reflection, not white paper's grain. */
function burnt({ width, height, data }: Grey): number {
  let lumps = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const around = Math.min(data[at]!, data[at - 1]!, data[at + 1]!, data[at - width]!, data[at + width]!);
      if (around >= BURNT) lumps++;
    }
  }
  return lumps / data.length;
}

/**
 * Returns the step between neighbours that one in a hundred pixels reaches, away from the paper's own border: print and
 * pen are that sharp on a sharp picture, at any exposure in which paper can be seen.
 */
function sharpness({ width, height, data }: Grey, paper: number): number {
  const steps = new Uint32Array(256);
  let counted = 0;
  for (let y = 4; y < height - 4; y++) {
    for (let x = 4; x < width - 4; x++) {
      const at = y * width + x;
      const inside = [at - 4, at + 4, at - 4 * width, at + 4 * width].every((near) => data[near]! > paper);
      if (!inside) continue;
      const step = Math.max(Math.abs(data[at]! - data[at + 1]!), Math.abs(data[at]! - data[at + width]!));
      steps[step]!++;
      counted++;
    }
  }
  let seen = 0;
  for (let step = 255; step > 0; step--) {
    seen += steps[step]!;
    if (seen * 100 >= counted) return step;
  }
  return 0;
}
