/** Bundle: sealed things on their way without a network: the `.golos` file, the QR code, the paper with the key. */

import { type Bytes, concat, equal, sha256, unhex } from "./bytes";
import { type Value, decode, encode } from "./cbor";
import { base45, unbase45 } from "./base45";
import { isEnvelope, isSealedPhoto } from "./sealing";
import { CoreProblem } from "./types";

const KIND = "golos/bundle";
const QR = "GOLOS:E:";
const PAPER = "GOLOS:K:";
const CHECK = 4;
const SEED = 32;
const TOKEN = 354;

/** Envelopes and sealed photographs of one election. Nothing in it can be read by who carries it. */
export interface Bundle {
  readonly election: Bytes;
  readonly envelopes: readonly Bytes[];
  readonly photos: readonly Bytes[];
}

export const writeBundle = (bundle: Bundle): Bytes => encode([KIND, 1, bundle.election, bundle.envelopes, bundle.photos]);

/** @throws file.malformed, file.election */
export function readBundle(data: Bytes, election: Bytes): Bundle {
  const [kind, version, id, envelopes, photos] = fields(data);
  if (kind !== KIND || version !== 1 || !all(envelopes, isEnvelope) || !all(photos, isSealedPhoto)) throw malformed("file");
  if (!(id instanceof Uint8Array) || !equal(id, election)) throw new CoreProblem("file.election", "file", "is of another election");
  return { election, envelopes, photos };
}

function fields(data: Bytes): readonly Value[] {
  try {
    const found = decode(data);
    if (Array.isArray(found)) return found as readonly Value[];
  } catch {
    // said below
  }
  throw malformed("file");
}

const all = (value: Value | undefined, fits: (data: Bytes) => boolean): value is readonly Bytes[] =>
  Array.isArray(value) && value.every((one: Value) => one instanceof Uint8Array && fits(one as Bytes));

/** An envelope as a QR code's text: the election's first eight bytes, then the envelope. */
export const writeQr = (election: Bytes, envelope: Bytes): string => QR + base45(concat(election.slice(0, 8), envelope));

/** @throws file.malformed, file.election */
export function readQr(spelt: string, election: Bytes): Bytes {
  const data = spelled(spelt, QR, "file");
  const envelope = data.slice(8);
  if (!isEnvelope(envelope)) throw malformed("file");
  if (!equal(data.slice(0, 8), election.slice(0, 8))) throw new CoreProblem("file.election", "file", "is of another election");
  return envelope;
}

/** The key as a paper's QR code: the election's first eight bytes, seed, token, and four bytes to find misreadings. */
export async function writePaper(election: Bytes, seed: Bytes, token: Bytes): Promise<string> {
  const body = concat(election.slice(0, 8), seed, token);
  return PAPER + base45(concat(body, (await sha256(body)).slice(0, CHECK)));
}

/** @throws paper.malformed, paper.election */
export async function readPaper(spelt: string, election: string): Promise<{ readonly seed: Bytes; readonly token: Bytes }> {
  const data = spelled(spelt, PAPER, "paper");
  const body = data.slice(0, -CHECK);
  if (body.length !== 8 + SEED + TOKEN || !equal((await sha256(body)).slice(0, CHECK), data.slice(-CHECK))) throw malformed("paper");
  if (!equal(body.slice(0, 8), unhex(election).slice(0, 8)))
    throw new CoreProblem("paper.election", "paper", "is of another election");
  return { seed: body.slice(8, 8 + SEED), token: body.slice(8 + SEED) };
}

function spelled(spelt: string, prefix: string, what: "file" | "paper"): Bytes {
  try {
    if (spelt.trim().startsWith(prefix)) return unbase45(spelt.trim().slice(prefix.length));
  } catch {
    // said below
  }
  throw malformed(what);
}

const malformed = (what: "file" | "paper"): CoreProblem =>
  new CoreProblem(`${what}.malformed`, what, what === "paper" ? "holds no key" : "holds nothing sealed");
