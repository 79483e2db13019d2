/** Note: text signed by one or more keys (C2SP signed-note), as far as the app reads it: Ed25519 and witness cosignatures. */

import { type Bytes, concat, equal, sha256, text, toBig, unbase64, utf8 } from "./bytes";
import { verify } from "./ed25519";
import { CoreProblem } from "./types";

const ED25519 = 0x01;
const COSIGNATURE = 0x04;
const LIMIT = 1 << 20;
const LINES = 100;
const DASH = "\u2014 ";
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x09\x0b-\x1f]/;

/** A public key that is trusted under a name. */
export interface Verifier {
  readonly name: string;
  readonly kind: number;
  readonly key: Bytes;
  readonly keyId: Bytes;
}

export interface Signature {
  readonly name: string;
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

/** Read `name+id+base64(type || key)`. @throws note.key */
export async function parseVerifier(vkey: string): Promise<Verifier> {
  const [name = "", id = "", ...rest] = vkey.split("+");
  const material = bytesOr(rest.join("+"), "note.key", "is not base64 in its last part");
  const kind = material[0]!;
  if (!isName(name) || material.length !== 33 || ![ED25519, COSIGNATURE].includes(kind))
    throw new CoreProblem("note.key", "verifier key", "is not an Ed25519 key of type 1 or 4");
  const key = material.slice(1);
  const keyId = (await sha256(utf8(name), Uint8Array.of(0x0a, kind), key)).slice(0, 4);
  if ([...keyId].map((byte) => byte.toString(16).padStart(2, "0")).join("") !== id)
    throw new CoreProblem("note.key", "verifier key", "does not match its own id");
  return { name, kind, key, keyId };
}

/** Return the text and the signature lines; nothing is verified. @throws note.malformed */
export function parseNote(note: Bytes): [Bytes, Signature[]] {
  if (note.length > LIMIT) throw malformed("is longer than one megabyte");
  let decoded: string;
  try {
    decoded = text(note);
  } catch {
    throw malformed("is not UTF-8");
  }
  if (CONTROL.test(decoded)) throw malformed("holds a control character");
  const at = decoded.lastIndexOf("\n\n");
  if (at < 0 || !decoded.endsWith("\n") || at + 2 >= decoded.length) throw malformed("has no signature lines after an empty line");
  const lines = decoded.slice(at + 2, -1).split("\n");
  if (lines.length > LINES) throw malformed(`has more than ${LINES} signatures`);
  return [utf8(decoded.slice(0, at + 1)), lines.map(parseSignature)];
}

/**
 * Return the text and which of the known keys signed. A signature that claims to be by a known key must verify.
 * @throws note.malformed, note.forged, note.unsigned
 */
export async function openNote(note: Bytes, known: readonly Verifier[]): Promise<[Bytes, Set<Verifier>]> {
  const [signedText, signatures] = parseNote(note);
  const signers = new Set<Verifier>();
  for (const signature of signatures)
    for (const verifier of known)
      if (verifier.name === signature.name && equal(verifier.keyId, signature.keyId)) {
        if (!(await verifies(verifier, signedText, signature.signature)))
          throw new CoreProblem("note.forged", "note", `has a signature by ${verifier.name} that is false`);
        signers.add(verifier);
      }
  if (!signers.size) throw new CoreProblem("note.unsigned", "note", "is signed by no known key");
  return [signedText, signers];
}

async function verifies(by: Verifier, signedText: Bytes, signature: Bytes): Promise<boolean> {
  if (by.kind === ED25519) return verify(by.key, signedText, signature);
  const time = toBig(signature.slice(0, 8));
  if (signature.length !== 72 || time >= 1n << 63n) return false;
  return verify(by.key, concat(utf8(`cosignature/v1\ntime ${time}\n`), signedText), signature.slice(8));
}

function parseSignature(line: string): Signature {
  const space = line.indexOf(" ", DASH.length);
  const name = line.slice(DASH.length, space);
  if (!line.startsWith(DASH) || space < 0 || !isName(name)) throw malformed("has a line among its signatures that is none");
  const raw = bytesOr(line.slice(space + 1), "note.malformed", `has a signature by ${name} that is not base64`);
  if (raw.length < 5) throw malformed(`has a signature by ${name} that is too short`);
  return { name, keyId: raw.slice(0, 4), signature: raw.slice(4) };
}

function bytesOr(spelt: string, code: string, detail: string): Bytes {
  try {
    return unbase64(spelt);
  } catch {
    throw new CoreProblem(code, "note", detail);
  }
}

const isName = (name: string): boolean => name !== "" && !name.includes("+") && !/\s/.test(name);
const malformed = (detail: string): CoreProblem => new CoreProblem("note.malformed", "note", detail);
