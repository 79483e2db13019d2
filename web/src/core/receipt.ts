/** Receipt: a checkpoint that is final, and the proof that a record is under it (C2SP tlog-checkpoint, tlog-proof@v1). */

import { type Bytes, base64, concat, text, unbase64, utf8 } from "./bytes";
import { leafHash, verifyInclusion } from "./merkle";
import { type Verifier, openNote, parseVerifier } from "./note";
import { CoreProblem } from "./types";

const HEADER = "c2sp.org/tlog-proof@v1";
const HASHES = 63;

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  /** The signed note, verbatim. */
  readonly note: Bytes;
}

/** Whose signatures make a checkpoint final: the log's and those of `quorum` witnesses. */
export interface Policy {
  readonly log: Verifier;
  readonly witnesses: readonly Verifier[];
  readonly quorum: number;
}

export const policyOf = async (log: string, witnesses: readonly string[], quorum: number): Promise<Policy> => ({
  log: await parseVerifier(log),
  witnesses: await Promise.all(witnesses.map(parseVerifier)),
  quorum,
});

/** Return the checkpoint, final under the policy. @throws note.*, checkpoint.* */
export async function acceptCheckpoint(note: Bytes, policy: Policy): Promise<Checkpoint> {
  const [signedText, signers] = await openNote(note, [policy.log, ...policy.witnesses]);
  if (!signers.has(policy.log)) throw new CoreProblem("checkpoint.unsigned", "checkpoint", "is not signed by the log");
  const checkpoint = parseCheckpoint(signedText, note);
  if (checkpoint.origin !== policy.log.name) throw new CoreProblem("checkpoint.origin", "checkpoint", "is of another log");
  if (signers.size - 1 < policy.quorum)
    throw new CoreProblem("checkpoint.quorum", "checkpoint", "is cosigned by too few witnesses");
  return checkpoint;
}

function parseCheckpoint(signedText: Bytes, note: Bytes): Checkpoint {
  const [origin, size, root, ...rest] = text(signedText).split("\n");
  if (rest.pop() !== "" || !origin || rest.includes("")) throw malformed("is not at least three lines of text");
  return { origin, size: parseSize(size!), root: hash(root!), note };
}

export interface Receipt {
  readonly index: number;
  readonly hashes: readonly Bytes[];
  readonly checkpoint: Bytes;
}

export const encodeReceipt = (receipt: Receipt): Bytes =>
  concat(utf8([HEADER, `index ${receipt.index}`, ...receipt.hashes.map(base64), "", ""].join("\n")), receipt.checkpoint);

/** Nothing is verified. @throws receipt.malformed */
export function parseReceipt(data: Bytes): Receipt {
  // Latin 1: one character per byte, so that the checkpoint's bytes can be found again.
  const at = String.fromCharCode(...data.subarray(0, 8192)).indexOf("\n\n");
  if (at < 0) throw malformed("has no checkpoint");
  const [header, ...lines] = text(data.slice(0, at)).split("\n");
  if (header !== HEADER) throw malformed(`does not begin with ${HEADER}`);
  if (lines[0]?.startsWith("extra ")) spelt(lines.shift()!.slice(6));
  const index = lines.shift() ?? "";
  if (!index.startsWith("index ") || lines.length > HASHES) throw malformed("has no index, or too many hashes");
  return { index: parseSize(index.slice(6)), hashes: lines.map(hash), checkpoint: data.slice(at + 2) };
}

/** Return the final checkpoint whose tree holds the record of that SHA-256. @throws receipt.forged and those of `acceptCheckpoint` */
export async function verifyReceipt(receipt: Receipt, record: Bytes, policy: Policy): Promise<Checkpoint> {
  const checkpoint = await acceptCheckpoint(receipt.checkpoint, policy);
  const leaf = await leafHash(record);
  if (!(await verifyInclusion(leaf, receipt.index, checkpoint.size, receipt.hashes, checkpoint.root)))
    throw new CoreProblem("receipt.forged", "receipt", "does not lead to the root of its checkpoint");
  return checkpoint;
}

/** A size in its one decimal spelling. Sizes from 2^53 on, which no log of people reaches, are refused too. */
function parseSize(digits: string): number {
  const size = Number(digits);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(digits) || !Number.isSafeInteger(size)) throw malformed("has a size that is no plain number");
  return size;
}

function hash(line: string): Bytes {
  const found = spelt(line);
  if (found.length !== 32) throw malformed("has a line that is no hash");
  return found;
}

function spelt(line: string): Bytes {
  try {
    return unbase64(line);
  } catch {
    throw malformed("has a line that is not base64");
  }
}

const malformed = (detail: string): CoreProblem => new CoreProblem("receipt.malformed", "receipt", detail);
