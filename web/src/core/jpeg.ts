/** JPEG: whether a picture carries anything but itself. The camera writes it so; here it is made sure of once more. */

import { CoreProblem, type Photo } from "./types";

const FULL = 150_000;
const SMALL = 25_000;
const APP0 = 0xe0;
const APP15 = 0xef;
const COMMENT = 0xfe;
const SCAN = 0xda;

/** @throws photo.size, photo.metadata */
export function expectClean(photo: Photo): void {
  for (const [picture, limit] of [[photo.full, FULL], [photo.small, SMALL]] as const) {
    if (picture.length > limit) throw new CoreProblem("photo.size", "photo", `has ${picture.length} bytes, of at most ${limit}`);
    if (!isBare(picture)) throw new CoreProblem("photo.metadata", "photo", "is no JPEG, or holds more than a picture");
  }
}

/** Whether the bytes are one JPEG whose segments before the scan are the picture's own: no APPn but JFIF's, no comment, nothing after the end. */
function isBare(data: Uint8Array): boolean {
  if (data[0] !== 0xff || data[1] !== 0xd8 || data.at(-2) !== 0xff || data.at(-1) !== 0xd9) return false;
  for (let at = 2; at + 4 <= data.length; ) {
    const marker = data[at + 1]!;
    const length = data[at + 2]! * 256 + data[at + 3]!;
    if (data[at] !== 0xff || length < 2) return false;
    if (marker === SCAN) return endOfImage(data, at) === data.length;
    const foreign = (marker > APP0 && marker <= APP15) || marker === COMMENT || (marker === APP0 && length > 16);
    if (foreign) return false;
    at += 2 + length;
  }
  return false;
}

/** Where the image ends: within a scan, 0xff 0xd9 is nothing else. */
function endOfImage(data: Uint8Array, scan: number): number {
  for (let at = scan; at + 1 < data.length; at++) if (data[at] === 0xff && data[at + 1] === 0xd9) return at + 2;
  return data.length + 1;
}
