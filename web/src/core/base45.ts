/** Base45 (RFC 9285): bytes in the alphabet that a QR code packs best. */

import type { Bytes } from "./bytes";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

export function base45(data: Uint8Array): string {
  let spelt = "";
  for (let at = 0; at < data.length; at += 2) {
    const pair = at + 1 < data.length;
    let value = pair ? data[at]! * 256 + data[at + 1]! : data[at]!;
    for (let digit = 0; digit < (pair ? 3 : 2); digit++, value = Math.floor(value / 45)) spelt += ALPHABET[value % 45];
  }
  return spelt;
}

/** @throws RangeError */
export function unbase45(spelt: string): Bytes {
  const data: number[] = [];
  for (let at = 0; at < spelt.length; at += 3) {
    const digits = [...spelt.slice(at, at + 3)].map((character) => ALPHABET.indexOf(character));
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    const limit = digits.length === 3 ? 65536 : 256;
    if (digits.length === 1 || digits.includes(-1) || value >= limit) throw new RangeError("no base45");
    data.push(...(digits.length === 3 ? [value >> 8, value & 255] : [value]));
  }
  return Uint8Array.from(data);
}
