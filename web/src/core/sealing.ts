/** Sealing (docs/formats.md, "Sealing"): HPKE base mode to X25519, and padding to size classes. */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

import { type Bytes, concat, equal, sha256, utf8 } from "./bytes";
import { encode } from "./cbor";
import { fallback, isNative } from "./ed25519";
import { CoreProblem } from "./types";

export const ENVELOPE = utf8("golos/envelope/v1\n");
export const INNER = utf8("golos/inner/v1\n");
export const PHOTO = utf8("golos/photo/v1\n");
const ENVELOPE_SIZES = [1024, 4096, 16384];
const PHOTO_BLOCK = 8192;
const HEADER = 9;
const ENC = 32;
const TAG = 16;
const OVERHEAD = HEADER + ENC + TAG;

/** The suite, with the browser's X25519 or the fallback's. */
let made: Promise<CipherSuite> | undefined;
export const suite = (): Promise<CipherSuite> => (made ??= makeSuite());

async function makeSuite(): Promise<CipherSuite> {
  const native = (await isNative()) && (await hasX25519());
  const kem = native ? new DhkemX25519HkdfSha256() : new (await fallback()).X25519();
  return new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

async function hasX25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}

/** Seal `content`, padded to `padded` bytes. @throws sealed.too_long */
export async function seal(content: Bytes, recipient: Bytes, label: Bytes, election: Bytes, padded: number): Promise<Bytes> {
  const header = await headerOf(recipient);
  const hpke = await suite();
  const recipientPublicKey = await hpke.kem.deserializePublicKey(recipient);
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info: concat(label, election, header) }, pad(content, padded));
  return concat(header, new Uint8Array(enc), new Uint8Array(ct));
}

/** The inverse, for the other side's tests: no key that opens is ever on a voter's device. */
export async function open(sealed: Bytes, secret: Bytes, recipient: Bytes, label: Bytes, election: Bytes): Promise<Bytes> {
  const header = sealed.slice(0, HEADER);
  if (!equal(header, await headerOf(recipient))) throw new RangeError("sealed to another key");
  const hpke = await suite();
  const recipientKey = await hpke.kem.deserializePrivateKey(secret);
  const enc = sealed.slice(HEADER, HEADER + ENC);
  const info = concat(label, election, header);
  return unpad(new Uint8Array(await hpke.open({ recipientKey, enc, info }, sealed.slice(HEADER + ENC))));
}

/** The envelope of a record (and of a ballot's sealed inner part): 1,024, 4,096 or 16,384 bytes. */
export function sealEnvelope(record: Bytes, sealed: Bytes, recipient: Bytes, election: Bytes): Promise<Bytes> {
  const content = encode([record, sealed]);
  const size = ENVELOPE_SIZES.find((one) => content.length < one - OVERHEAD) ?? ENVELOPE_SIZES[2]!;
  return seal(content, recipient, ENVELOPE, election, size - OVERHEAD);
}

/** Every inner part of an election has the same length. */
export const sealInner = (inner: Bytes, recipient: Bytes, election: Bytes, innerSize: number): Promise<Bytes> =>
  seal(inner, recipient, INNER, election, innerSize);

export const sealPhoto = (photo: Bytes, recipient: Bytes, election: Bytes): Promise<Bytes> =>
  seal(photo, recipient, PHOTO, election, Math.ceil((photo.length + 1) / PHOTO_BLOCK) * PHOTO_BLOCK);

/** Whether bytes can be a sealed envelope: all that a carrier can know of one. */
export const isEnvelope = (data: Bytes): boolean => ENVELOPE_SIZES.includes(data.length) && data[0] === 1;

/** Whether bytes can be a sealed photograph. */
export const isSealedPhoto = (data: Bytes): boolean =>
  data.length > OVERHEAD && (data.length - OVERHEAD) % PHOTO_BLOCK === 0 && data[0] === 1;

const headerOf = async (recipient: Bytes): Promise<Bytes> =>
  concat(Uint8Array.of(1), (await sha256(recipient)).slice(0, 8));

function pad(content: Bytes, padded: number): Bytes {
  if (content.length >= padded)
    throw new CoreProblem("sealed.too_long", "content", `has ${content.length} bytes; at most ${padded - 1} fit.`);
  const all = new Uint8Array(padded);
  all.set(content);
  all[content.length] = 0x80;
  return all;
}

function unpad(padded: Bytes): Bytes {
  let end = padded.length;
  while (end && !padded[end - 1]) end--;
  if (padded[end - 1] !== 0x80) throw new RangeError("not padded with 0x80 and zeros");
  return padded.slice(0, end - 1);
}
