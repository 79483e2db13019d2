/**
 * Send: one pass over the outbox. Facts first (1 kB), then the photograph in pieces, then the receipt. Only one tab at a
 * time does it. Every step is kept as soon as it is proven, so that a crash or a cut costs at most the piece under way.
 *
 * The photograph: one of two renditions, never both. The full one is named and sent first; where the network is too slow
 * for it, or breaks off again and again, the small one (25 kB) takes its place under a new ballot with a higher sequence
 * number, before any photograph of this voter is complete on a server: so there never is a second photograph, nor a copy
 * of the first.
 */

import { type Bytes, base64, unbase64, unhex } from "./bytes";
import { makeBallot, sealAs } from "./compose";
import type { Ways } from "./credential";
import type { ItemDoc, PhotoDoc } from "./doc";
import { failed, has, isDelivered, isFinal, isTooLarge, isVoters, plain, standing, stageOf, stepped, withItem } from "./item";
import { sealEnvelope } from "./sealing";
import { CoreProblem } from "./types";

const FIRST_PIECE = 16_384;
const LARGEST_PIECE = 131_072;
/** A piece that took less than so many ms may be twice as large the next time. */
const QUICK = 4000;
/** After so many checkpoints without a receipt a record is handed over once more. */
const OVERDUE = 6;
/** What a server says of a record once and for all; anything else is tried again. */
const FOR_GOOD = /^(record\.|token\.|election\.frozen|quota|sealed\.(malformed|damaged|padding)|envelope\.|photo\.too_large|ballot\.|withdrawal\.|accreditation\.|station\.|line\.|protocol\.|incident\.)/;

/** Hand over what stands, and its photograph. */
export async function sendItem(ways: Ways, id: string): Promise<void> {
  const item = find(ways, id);
  if (!item || !item.record || isFinal(item)) return;
  try {
    if (!isDelivered(item) || (await isOverdue(ways, item))) await handOver(ways, item);
    const { photo } = find(ways, id) ?? item;
    const stands = !isVoters(item) || standing(ways.store.doc)?.id === id;
    if (photo && !photo.done && stands) await sendPhoto(ways, id, photo);
  } catch (error) {
    await note(ways, id, asProblem(error));
  }
}

/** A server took it and no receipt came in its time: whoever said 202 may have lost it. Saying the same again does no harm. */
async function isOverdue(ways: Ways, item: ItemDoc): Promise<boolean> {
  const { election } = await ways.pack();
  const handed = item.steps.filter((step) => step.stage === "handed").at(-1);
  return !has(item, "received") && !!handed && ways.now() - handed.time > OVERDUE * 1000 * election.checkpointEvery;
}

const find = (ways: Ways, id: string): ItemDoc | undefined => ways.store.doc.items.find((item) => item.id === id);

/** Seal the record to the newest intake key, and have a server take it. What is not sent is never kept sealed. */
async function handOver(ways: Ways, item: ItemDoc): Promise<void> {
  const pack = await ways.pack();
  const envelope = await sealEnvelope(unbase64(item.record), unbase64(item.sealed), pack.intake, pack.id);
  const by = await ways.anywhere(async (base) => {
    if ((await ways.road.envelope(base, envelope)) !== item.name) throw new CoreProblem("http.answer", "record", "is another record's name");
    return base;
  });
  const wait = ways.now() + 1000 * pack.election.checkpointEvery;
  await change(ways, item.id, (now) => ({ ...stepped(now, { stage: "handed", time: ways.now(), by: new URL(by).origin }), nextTry: wait }));
}

async function sendPhoto(ways: Ways, id: string, photo: PhotoDoc): Promise<void> {
  const sealed = await ways.store.blob(`photo:${photo.blobs}`);
  if (!sealed) return;
  try {
    await ways.anywhere((base) => upload(ways, base, id, sealed));
  } catch (error) {
    await brokeOff(ways, id, photo.sent);
    throw error;
  }
}

/** Send piece by piece, as long as there is hope that all of it arrives. */
async function upload(ways: Ways, base: string, id: string, sealed: Bytes): Promise<void> {
  let [address, at] = await resume(ways, base, find(ways, id)!.photo!, sealed.length);
  await progress(ways, id, { upload: address, sent: at });
  for (let size = FIRST_PIECE; at < sealed.length; ) {
    const [begun, from] = [performance.now(), at];
    at = await ways.road.piece(address, at, sealed.slice(at, at + size));
    const took = performance.now() - begun;
    await progress(ways, id, { sent: at, stuck: 0 });
    if (await goSmall(ways, id, 0, took / (at - from))) return;
    if (took < QUICK) size = Math.min(2 * size, LARGEST_PIECE);
  }
  await progress(ways, id, { sent: at, done: true, upload: "" });
}

/** Go on where the server says it stopped, or begin. A photograph that is there already is done with the first answer. */
async function resume(ways: Ways, base: string, photo: PhotoDoc, length: number): Promise<[string, number]> {
  if (photo.upload.startsWith(base)) {
    const at = await ways.road.offset(photo.upload);
    if (at !== null) return [photo.upload, at];
  }
  return ways.road.begin(base, length, base64(unhex(photo.digest)));
}

/** An upload broke off: after several that got no further one after another, or late, the small picture goes instead. */
async function brokeOff(ways: Ways, id: string, before: number): Promise<void> {
  const item = find(ways, id);
  if (!item?.photo) return;
  const stuck = item.photo.sent > before ? 0 : item.photo.stuck + 1;
  await progress(ways, id, { stuck });
  const handed = item.steps.find((step) => step.stage === "handed")?.time ?? ways.now();
  await goSmall(ways, id, ways.now() - handed, 0);
}

/** Replace the ballot by the same one with the small picture, where the full one is too large. A protocol's figures need that. */
async function goSmall(ways: Ways, id: string, since: number, pace: number): Promise<boolean> {
  const item = find(ways, id);
  if (!item?.photo || !isVoters(item) || !isTooLarge(item.photo, since, pace)) return false;
  const photo = await sealAs(ways, await ways.pack(), item.photo, "small");
  await change(ways, id, (now) => ({ ...now, photo }));
  await makeBallot(ways, () => Promise.resolve(item.station), { station: item.station!.code, choices: item.choices! });
  return true;
}

const progress = (ways: Ways, id: string, news: Partial<PhotoDoc>): Promise<void> =>
  change(ways, id, (item) => (item.photo ? { ...item, photo: { ...item.photo, ...news }, problem: null } : item));

async function change(ways: Ways, id: string, work: (item: ItemDoc) => ItemDoc): Promise<void> {
  await ways.store.change((doc) => [withItem(doc, id, work), null]);
}

async function note(ways: Ways, id: string, problem: CoreProblem): Promise<void> {
  const final = FOR_GOOD.test(problem.code) && stageOf(find(ways, id)!) === "saved";
  await change(ways, id, (item) =>
    final
      ? { ...stepped(item, { stage: "refused", time: ways.now() }), problem: plain(problem), nextTry: null }
      : failed(item, problem, ways.now(), Math.random(), problem.retryAfter),
  );
}

/** Whatever else is thrown while sending is the network's doing, as an answer that is none. */
export const asProblem = (error: unknown): CoreProblem =>
  error instanceof CoreProblem ? error : new CoreProblem("offline", "network", (error as Error)?.message ?? "");

