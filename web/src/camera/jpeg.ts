/** JPEG: what a picture file may say besides the picture, and how to leave it out. */

const START_OF_SCAN = 0xda;
const COMMENT = 0xfe;
const FIRST_APPLICATION = 0xe0;
const LAST_APPLICATION = 0xef;

/**
 * Returns the JPEG without any application segment or comment: no EXIF, no colour profile, no maker's note, not even
 * the density of JFIF. Browsers write some of them into what they encode. Segments: ITU T.81, annex B.
 * @throws RangeError where the bytes are no JPEG
 */
export function bare(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new RangeError("no JPEG");
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)];
  let at = 2;
  while (jpeg[at] === 0xff && jpeg[at + 1] !== START_OF_SCAN) {
    const marker = jpeg[at + 1] ?? 0;
    const end = at + 2 + (((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0));
    if (end > jpeg.length || end < at + 4) throw new RangeError("no JPEG");
    const told = marker === COMMENT || (marker >= FIRST_APPLICATION && marker <= LAST_APPLICATION);
    if (!told) kept.push(jpeg.subarray(at, end));
    at = end;
  }
  kept.push(jpeg.subarray(at, endOfImage(jpeg, at)));
  return joined(kept);
}

/** Returns where the image ends; what some cameras append behind it (a film, a second picture) is not taken along. */
function endOfImage(jpeg: Uint8Array, from: number): number {
  for (let at = jpeg.length - 2; at > from; at--) if (jpeg[at] === 0xff && jpeg[at + 1] === 0xd9) return at + 2;
  return jpeg.length;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
