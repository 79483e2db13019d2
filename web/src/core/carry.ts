/** Carry: other people's sealed files. This phone can't read them: it hands the bytes to a server as they are. */

import { type Bytes, base64, hex, sha256, unhex } from "./bytes";
import { type Bundle, readBundle, readQr, writeBundle } from "./bundle";
import type { Ways } from "./credential";
import type { CarriedDoc } from "./doc";
import { plain } from "./item";
import { asProblem } from "./send";
import { CoreProblem } from "./types";

const PIECE = 65_536;
const PAUSE = 30_000;

/** Keep a file. The same file again is the same. @throws file.malformed, file.election, storage.full */
export async function addFile(ways: Ways, file: Bytes): Promise<string> {
  return keep(ways, readBundle(file, unhex(ways.store.doc.election)));
}

export async function addQr(ways: Ways, spelt: string): Promise<string> {
  const election = unhex(ways.store.doc.election);
  return keep(ways, { election, envelopes: [readQr(spelt, election)], photos: [] });
}

async function keep(ways: Ways, bundle: Bundle): Promise<string> {
  const file = writeBundle(bundle);
  const id = hex((await sha256(file)).slice(0, 8));
  const counts = { bytes: file.length, envelopes: bundle.envelopes.length, photos: bundle.photos.length };
  const row: CarriedDoc = { id, ...counts, added: ways.now(), delivered: null, problem: null, tries: 0, nextTry: null };
  await ways.store.keep({ [`carried:${id}`]: file });
  await ways.store.change((doc) => [doc.carried.some((one) => one.id === id) ? doc : { ...doc, carried: [...doc.carried, row] }, null]);
  return id;
}

export async function fileOf(ways: Ways, id: string): Promise<Bytes> {
  const file = await ways.store.blob(`carried:${id}`);
  if (!file) throw new CoreProblem("file.gone", "file", "is not on this phone any more");
  return file;
}

export async function removeFile(ways: Ways, id: string): Promise<void> {
  await ways.store.change((doc) => [{ ...doc, carried: doc.carried.filter((one) => one.id !== id) }, null]);
  await ways.store.keep({ [`carried:${id}`]: null });
}

/**
 * Hand all of a file over: envelopes, then photographs. A server that refuses one for good (it is spoilt, or the election
 * is over) is told so of the file; the others go on. Delivered files are emptied: nothing is kept for longer than needed.
 */
export async function deliver(ways: Ways, id: string): Promise<void> {
  const bundle = readBundle(await fileOf(ways, id), unhex(ways.store.doc.election));
  let refused: CoreProblem | null = null;
  try {
    for (const envelope of bundle.envelopes) refused = (await handed(ways, envelope)) ?? refused;
    for (const photo of bundle.photos) await ways.anywhere((base) => upload(ways, base, photo));
    await change(ways, id, (one) => ({ ...one, delivered: ways.now(), problem: refused && plain(refused), nextTry: null }));
    await ways.store.keep({ [`carried:${id}`]: null });
  } catch (error) {
    const problem = asProblem(error);
    const nextTry = ways.now() + PAUSE * (1 + Math.random()) + 1000 * problem.retryAfter;
    await change(ways, id, (one) => ({ ...one, problem: plain(problem), tries: one.tries + 1, nextTry }));
  }
}

/** Return the refusal of an envelope that is one for good, null where it was taken. @throws what can be tried again */
async function handed(ways: Ways, envelope: Bytes): Promise<CoreProblem | null> {
  try {
    await ways.anywhere((base) => ways.road.envelope(base, envelope));
    return null;
  } catch (error) {
    const problem = asProblem(error);
    if (/^(offline|timeout|http\.|overload|store\.full|internal|log\.)/.test(problem.code)) throw problem;
    return problem;
  }
}

async function upload(ways: Ways, base: string, photo: Bytes): Promise<void> {
  let [address, at] = await ways.road.begin(base, photo.length, base64(await sha256(photo)));
  while (at < photo.length) at = await ways.road.piece(address, at, photo.slice(at, at + PIECE));
}

async function change(ways: Ways, id: string, work: (one: CarriedDoc) => CarriedDoc): Promise<void> {
  await ways.store.change((doc) => [{ ...doc, carried: doc.carried.map((one) => (one.id === id ? work(one) : one)) }, null]);
}
