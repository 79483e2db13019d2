/** Bytes: the spellings that the formats use. Every Uint8Array of the core owns its buffer. */

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

export const utf8 = (text: string): Bytes => encoder.encode(text) as Bytes;
/** @throws TypeError on bytes that are no UTF-8 */
export const text = (data: Bytes): string => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const equal = (one: Uint8Array, two: Uint8Array): boolean =>
  one.length === two.length && one.every((byte, at) => byte === two[at]);

export const hex = (data: Uint8Array): string => [...data].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** @throws RangeError */
export function unhex(digits: string): Bytes {
  if (digits.length % 2 || !/^[0-9a-f]*$/.test(digits)) throw new RangeError("no lower-case hex");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function base64(data: Uint8Array): string {
  let characters = "";
  for (let at = 0; at < data.length; at += 8192) characters += String.fromCharCode(...data.subarray(at, at + 8192));
  return btoa(characters);
}

/** Standard base64 in its one canonical spelling. @throws RangeError */
export function unbase64(spelt: string): Bytes {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(spelt) || spelt.length % 4) throw new RangeError("no base64");
  const data = Uint8Array.from(atob(spelt), (character) => character.charCodeAt(0));
  if (base64(data) !== spelt) throw new RangeError("not canonical base64");
  return data;
}

export const base64url = (data: Uint8Array): string =>
  base64(data).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const hash = (name: string) => async (...parts: readonly Uint8Array[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest(name, concat(...parts)));

export const sha256 = hash("SHA-256");
export const sha384 = hash("SHA-384");
export const sha512 = hash("SHA-512");

export const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

export function toBig(data: Uint8Array): bigint {
  return data.length ? BigInt(`0x${hex(data)}`) : 0n;
}

/** Big-endian. @throws RangeError if the number does not fit */
export function fromBig(value: bigint, length: number): Bytes {
  const digits = value.toString(16);
  if (value < 0n || digits.length > 2 * length) throw new RangeError("the number does not fit");
  return unhex(digits.padStart(2 * length, "0"));
}

/** A number below 2^53, big-endian. */
export const number = (value: number, length: number): Bytes => fromBig(BigInt(value), length);
