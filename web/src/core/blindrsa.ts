/** Blind RSA (RFC 9474), variant RSABSSA-SHA384-PSS-Deterministic: what the sender of the message does, in BigInt. */

import { type Bytes, concat, equal, fromBig, number, random, sha384, toBig } from "./bytes";
import { CoreProblem } from "./types";

export interface RsaKey {
  readonly n: bigint;
  readonly e: bigint;
}

const HASH = 48;
const SALT = 48;

const bits = (value: bigint): number => value.toString(2).length;
const bytesOf = (key: RsaKey): number => Math.ceil(bits(key.n) / 8);

/** Return the blinded message and the inverse that `finalize` needs (section 4.2). Salt and factor are given by vectors alone. */
export async function blind(key: RsaKey, message: Bytes, salt = random(SALT), factor = factorBelow(key.n)): Promise<[Bytes, bigint]> {
  const encoded = toBig(await encodePss(message, bits(key.n) - 1, salt));
  const inverse = invert(factor, key.n);
  if (inverse === null || invert(encoded, key.n) === null) throw failed("the message can't be blinded under this key");
  return [fromBig((encoded * power(factor, key.e, key.n)) % key.n, bytesOf(key)), inverse];
}

/** Return the signature of the message (section 4.4). @throws token.response if it is none */
export async function finalize(key: RsaKey, message: Bytes, blindSignature: Bytes, inverse: bigint, saltLength = SALT): Promise<Bytes> {
  if (blindSignature.length !== bytesOf(key)) throw failed("is not as long as the modulus");
  const signature = fromBig((toBig(blindSignature) * inverse) % key.n, bytesOf(key));
  if (!(await verify(key, message, signature, saltLength))) throw failed("is not the issuer's signature of the request");
  return signature;
}

/** RSASSA-PSS-VERIFY (RFC 8017 section 8.1.2). */
export async function verify(key: RsaKey, message: Bytes, signature: Bytes, saltLength = SALT): Promise<boolean> {
  const value = toBig(signature);
  if (signature.length !== bytesOf(key) || value >= key.n) return false;
  const length = Math.ceil((bits(key.n) - 1) / 8);
  const encoded = power(value, key.e, key.n);
  if (bits(encoded) > 8 * length) return false;
  return verifyPss(message, fromBig(encoded, length), bits(key.n) - 1, saltLength);
}

/** EMSA-PSS-ENCODE (RFC 8017 section 9.1.1). */
export async function encodePss(message: Bytes, emBits: number, salt: Bytes): Promise<Bytes> {
  const length = Math.ceil(emBits / 8);
  if (length < HASH + salt.length + 2) throw failed("the modulus is too short for SHA-384 and this salt");
  const hashed = await pssHash(message, salt);
  const block = concat(new Uint8Array(length - salt.length - HASH - 2), Uint8Array.of(1), salt);
  const masked = xor(block, await mgf1(hashed, block.length));
  masked[0]! &= 0xff >> (8 * length - emBits);
  return concat(masked, hashed, Uint8Array.of(0xbc));
}

/** EMSA-PSS-VERIFY (RFC 8017 section 9.1.2). */
async function verifyPss(message: Bytes, encoded: Bytes, emBits: number, saltLength: number): Promise<boolean> {
  const at = encoded.length - HASH - 1;
  if (at < saltLength + 1 || encoded[encoded.length - 1] !== 0xbc) return false;
  const salt = xor(encoded.slice(0, at), await mgf1(encoded.slice(at, -1), at)).slice(at - saltLength);
  return equal(await encodePss(message, emBits, salt), encoded);
}

const pssHash = async (message: Bytes, salt: Bytes): Promise<Bytes> =>
  sha384(new Uint8Array(8), await sha384(message), salt);

async function mgf1(seed: Bytes, length: number): Promise<Bytes> {
  const blocks = Array.from({ length: Math.ceil(length / HASH) }, (_, at) => sha384(seed, number(at, 4)));
  return concat(...(await Promise.all(blocks))).slice(0, length);
}

const xor = (one: Bytes, two: Bytes): Bytes => one.map((byte, at) => byte ^ two[at]!);

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let factor = base % modulus; exponent; exponent >>= 1n, factor = (factor * factor) % modulus)
    if (exponent & 1n) result = (result * factor) % modulus;
  return result;
}

/** The inverse by Euclid's algorithm, null where there is none. */
function invert(value: bigint, modulus: bigint): bigint | null {
  let [one, two, x, y] = [modulus, value % modulus, 0n, 1n];
  while (two) [one, two, x, y] = [two, one % two, y, x - (one / two) * y];
  return one === 1n ? ((x % modulus) + modulus) % modulus : null;
}

/** A uniform number from 1 to n - 1. */
function factorBelow(n: bigint): bigint {
  for (;;) {
    const drawn = toBig(random(Math.ceil(bits(n) / 8))) & ((1n << BigInt(bits(n))) - 1n);
    if (drawn > 0n && drawn < n) return drawn;
  }
}

const failed = (detail: string): CoreProblem =>
  new CoreProblem("token.response", "response", detail, "Send the same request again.");
