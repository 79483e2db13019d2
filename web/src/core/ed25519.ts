/**
 * Ed25519 (RFC 8032): the one function of the app that verifies, and the key that signs. The rule is docs/formats.md's:
 * no cofactor, R compared as bytes, S < L, neither key nor R non-canonical or of small order. Native where the browser
 * has it and is seen to refuse what the rule refuses; else the fallback, loaded when first needed.
 */

import { type Bytes, concat, equal, sha512, toBig, unhex } from "./bytes";
import type * as Fallback from "./fallback";

/** L, the order of the base point. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;
const Y_OF_ORDER_8 = toBig(unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05").reverse());
const SMALL_ORDER = [0n, 1n, P - 1n, Y_OF_ORDER_8, P - Y_OF_ORDER_8];
const ED25519 = "Ed25519";
/** What stands before the seed in PKCS #8 (RFC 8410 section 7). */
const PKCS8 = unhex("302e020100300506032b657004220420");

const little = (data: Uint8Array): bigint => toBig(data.slice().reverse());
const refused = (point: Uint8Array): boolean => {
  const y = little(point) & (2n ** 255n - 1n);
  return y >= P || SMALL_ORDER.includes(y);
};

/** Return whether `signature` over `message` is by `key`. */
export async function verify(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (refused(key) || refused(signature.subarray(0, 32)) || little(signature.subarray(32)) >= ORDER) return false;
  return (await isNative()) ? verifyNatively(key, message, signature) : verifySlowly(key, message, signature);
}

/** A private key, made of its 32-byte seed. */
export class SigningKey {
  private constructor(
    readonly seed: Bytes,
    readonly public_: Bytes,
    private readonly native: CryptoKey | null,
  ) {}

  static async of(seed: Bytes): Promise<SigningKey> {
    if (!(await isNative())) return new SigningKey(seed, toBytes(await (await fallback()).getPublicKeyAsync(seed)), null);
    const key = await crypto.subtle.importKey("pkcs8", concat(PKCS8, seed), ED25519, true, ["sign"]);
    const { x } = await crypto.subtle.exportKey("jwk", key);
    const public_ = Uint8Array.from(atob(x!.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return new SigningKey(seed, public_, key);
  }

  async sign(message: Bytes): Promise<Bytes> {
    if (this.native) return new Uint8Array(await crypto.subtle.sign(ED25519, this.native, message));
    return toBytes(await (await fallback()).signAsync(message, this.seed));
  }
}

let native: Promise<boolean> | undefined;
let forced = false;

/** Whether this browser's own Ed25519 is used. */
export const isNative = (): Promise<boolean> => (native ??= forced ? Promise.resolve(false) : probe());

/** For tests and for the size report: go the way of a browser without the curve. */
export function useFallback(): void {
  forced = true;
  native = undefined;
}

/**
 * A signature that only the equation with the cofactor accepts: its R has a part of small order. A browser that takes it
 * would take receipts that other programs refuse.
 */
const COFACTORED = {
  key: unhex("a6d77205dfb4fe9350b109a79421379025b6e5dc47d47d91decdd8ca8277569a"),
  message: unhex("676f6c6f73"),
  signature: unhex("80ccc199f959961a74d5cd8aac108be30ed8414a0e9b3f202d320f7f73f711b76177ca4d5c1beba4270f11b6ace14be1069d69aa5a7370e840e51b1f180afd0a"),
};

async function probe(): Promise<boolean> {
  try {
    await crypto.subtle.importKey("pkcs8", concat(PKCS8, new Uint8Array(32)), ED25519, true, ["sign"]);
    return !(await verifyNatively(COFACTORED.key, COFACTORED.message, COFACTORED.signature));
  } catch {
    return false;
  }
}

async function verifyNatively(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey("raw", key, ED25519, false, ["verify"]);
    return await crypto.subtle.verify(ED25519, imported, signature, message);
  } catch {
    return false;
  }
}

/** [S]B - [k]A is R, as bytes. */
async function verifySlowly(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const { Point } = await fallback();
  try {
    const a = Point.fromBytes(key);
    const r = signature.slice(0, 32);
    const k = little(await sha512(r, key, message)) % ORDER;
    const s = little(signature.subarray(32));
    const found = Point.BASE.multiply(s, false).subtract(a.multiply(k, false));
    return equal(found.toBytes(), r);
  } catch {
    return false;
  }
}

export const fallback = (): Promise<typeof Fallback> => import("./fallback");
const toBytes = (data: Uint8Array): Bytes => Uint8Array.from(data);
