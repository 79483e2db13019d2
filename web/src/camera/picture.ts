/**
 * Picture: from what a camera or a file gives to the bytes that may leave. Upright, scaled, covered, without metadata.
 *
 * Every picture is drawn anew on a canvas: what isn't drawn isn't there. Nothing is written anywhere.
 */

import { bare } from "./jpeg";
import { LOOKED_AT, type Grey } from "./look";

/** Where nobody shall see anything: shares of the picture's width and height, from its upper left corner. */
export interface Cover {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The bytes of a JPEG, and its size in pixels. */
export interface Jpeg {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** How large a picture may be: its long side in pixels, its JPEG in bytes. */
export interface Limit {
  readonly side: number;
  readonly bytes: number;
}

export const BALLOT: Limit = { side: 1280, bytes: 150_000 };
export const PROTOCOL: Limit = { side: 1800, bytes: 150_000 };
/** Large enough to be read by people, and not to be turned away by the machine (600 pixels). */
export const SMALL: Limit = { side: 800, bytes: 25_000 };

const QUALITIES = [0.86, 0.78, 0.7, 0.6, 0.5, 0.4, 0.3];
const SMALLER = 0.85;

/** Thrown where the picture can't be made: `file` can't be read, or the browser gives no true pixels (`guarded`). */
export class PictureError extends Error {
  constructor(readonly reason: "file" | "guarded") {
    super(reason);
  }
}

/** Returns the picture upright as its EXIF says, no longer than `side` pixels. @throws PictureError */
export async function upright(source: Blob | HTMLVideoElement, side: number): Promise<HTMLCanvasElement> {
  const picture = await decoded(source);
  try {
    return scaled(picture, picture.width, picture.height, side);
  } finally {
    picture.close();
  }
}

async function decoded(source: Blob | HTMLVideoElement): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(source, { imageOrientation: "from-image" });
  } catch {
    throw new PictureError("file");
  }
}

/** Halves as long as it can: one large step would leave out thin strokes. */
function scaled(from: CanvasImageSource, width: number, height: number, side: number): HTMLCanvasElement {
  const long = Math.max(width, height);
  if (long > 2 * side) return scaled(drawn(from, width / 2, height / 2), width / 2, height / 2, side);
  const share = Math.min(1, side / long);
  return drawn(from, width * share, height * share);
}

function drawn(from: CanvasImageSource, width: number, height: number): HTMLCanvasElement {
  const canvas = sheet(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
  const pen = penOf(canvas);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(from, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Returns the picture turned by a quarter, clockwise. */
export function turned(picture: HTMLCanvasElement): HTMLCanvasElement {
  const canvas = sheet(picture.height, picture.width);
  const pen = penOf(canvas);
  pen.translate(canvas.width, 0);
  pen.rotate(Math.PI / 2);
  pen.drawImage(picture, 0, 0);
  return canvas;
}

/** Returns the picture with the covers painted over it, for good. */
export function covered(picture: HTMLCanvasElement, covers: readonly Cover[]): HTMLCanvasElement {
  const canvas = drawn(picture, picture.width, picture.height);
  const pen = penOf(canvas);
  pen.fillStyle = "#5b6770";
  for (const { x, y, width, height } of covers) {
    pen.fillRect(x * canvas.width, y * canvas.height, width * canvas.width, height * canvas.height);
  }
  return canvas;
}

/** Returns several sides of one sheet as one picture, side by side or one under the other, whichever is squarer. */
export function together(sides: readonly HTMLCanvasElement[]): HTMLCanvasElement {
  const [first] = sides;
  if (sides.length === 1 && first) return first;
  const across = sum(sides.map((side) => side.width)) <= sum(sides.map((side) => side.height));
  const width = across ? sum(sides.map((side) => side.width)) : Math.max(...sides.map((side) => side.width));
  const height = across ? Math.max(...sides.map((side) => side.height)) : sum(sides.map((side) => side.height));
  const canvas = sheet(width, height);
  const pen = penOf(canvas);
  let at = 0;
  for (const side of sides) {
    pen.drawImage(side, across ? at : 0, across ? 0 : at);
    at += across ? side.width : side.height;
  }
  return canvas;
}

/** Returns the picture as a bare JPEG within the limit; quality goes first, then size. @throws PictureError */
export async function encoded(picture: HTMLCanvasElement, limit: Limit): Promise<Jpeg> {
  if (!truthful()) throw new PictureError("guarded");
  let side = limit.side;
  for (;;) {
    const canvas = scaled(picture, picture.width, picture.height, side);
    for (const quality of QUALITIES) {
      const bytes = bare(await jpeg(canvas, quality));
      if (bytes.length <= limit.bytes) return { bytes, width: canvas.width, height: canvas.height };
    }
    side = Math.floor(Math.max(canvas.width, canvas.height) * SMALLER);
  }
}

async function jpeg(canvas: HTMLCanvasElement, quality: number): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (!blob) throw new PictureError("file");
  return new Uint8Array(await blob.arrayBuffer());
}

type Source = HTMLVideoElement | HTMLCanvasElement;

/** Returns what is seen now, no longer than `side`; `canvas` is drawn over each time. */
export function pixels(source: Source, canvas = sheet(8, 8), side = 1200): ImageData {
  const [width, height] = sizeOf(source);
  const share = Math.min(1, side / Math.max(width, height, 1));
  canvas.width = Math.max(8, Math.round(width * share));
  canvas.height = Math.max(8, Math.round(height * share));
  const pen = penOf(canvas);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** Returns a small grey copy to look at. */
export function grey(source: Source, canvas: HTMLCanvasElement): Grey {
  const { width, height, data } = pixels(source, canvas, LOOKED_AT);
  const levels = new Uint8ClampedArray(width * height);
  for (let at = 0; at < levels.length; at++) {
    levels[at] = 0.299 * data[4 * at]! + 0.587 * data[4 * at + 1]! + 0.114 * data[4 * at + 2]!;
  }
  return { width, height, data: levels };
}

/** Returns whether pixels that are drawn can be read: Tor Browser and others give noise until the user allows it. */
export function truthful(): boolean {
  const pen = penOf(sheet(8, 8));
  pen.fillStyle = "rgb(17, 120, 203)";
  pen.fillRect(0, 0, 8, 8);
  const { data } = pen.getImageData(0, 0, 8, 8);
  return data.every((value, at) => value === [17, 120, 203, 255][at % 4]);
}

function sizeOf(source: Source): [number, number] {
  return source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
}

function sheet(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new PictureError("guarded");
  return pen;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
