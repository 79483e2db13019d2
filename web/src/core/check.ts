/**
 * Check: what the log says of a record. Received: a receipt that verifies. Checked: found again later, in a tree that
 * grew out of every tree this phone has seen, by another mirror where there is one. Counted: the stewards opened it, and
 * what they opened is what was made here.
 */

import { base64, hex, text, unbase64, unhex } from "./bytes";
import type { Ways } from "./credential";
import { dropPhoto } from "./compose";
import type { ItemDoc } from "./doc";
import { failed, has, isFinal, isVoters, stepped, withItem } from "./item";
import { type Found, LogView, isInner } from "./log";
import type { Pack } from "./pack";
import { encodeReceipt } from "./receipt";
import { readInner } from "./record";
import { asProblem } from "./send";
import { CoreProblem, type Step } from "./types";

const REASONS = ["below", "replaced", "withdrawn", "spoilt", "late"] as const;
const TIERS = ["declared", "photographed", "read", "confirmed", "bound"] as const;

/** Look for the receipt of an item, then for more. Asked again after a checkpoint's time. */
export async function checkItem(ways: Ways, id: string, wipe: boolean): Promise<void> {
  const pack = await ways.pack();
  try {
    if (!has(await find(ways, id), "received")) await receive(ways, pack, id);
    else await checkAgain(ways, pack, id);
    const item = await find(ways, id);
    if (has(item, "received") && isVoters(item)) await settle(ways, pack, item);
    if (wipe && has(await find(ways, id), "received") && (item.photo?.done ?? true)) await wipeItem(ways, id);
  } catch (error) {
    await change(ways, id, (item) => failed(item, asProblem(error), ways.now(), Math.random()));
  }
}

/** Delete what tells of the vote. That something was sent stays, so that the same is not sent again. */
export async function wipeItem(ways: Ways, id: string): Promise<void> {
  const item = await find(ways, id);
  await change(ways, id, (one) => ({ ...one, station: null, choices: null, report: null, photo: null, receipt: "", sealed: "", inner: "", record: one.record && "wiped" }));
  await dropPhoto(ways, ways.store.doc, item.photo);
}

async function receive(ways: Ways, pack: Pack, id: string): Promise<void> {
  const item = await find(ways, id);
  await ways.anywhere(async (base) => {
    const view = await look(ways, pack, base);
    const found = await view.find(unhex(item.name));
    if (!found) return change(ways, id, (one) => ({ ...one, nextTry: next(ways, pack, one) }));
    const receipt = await view.receipt(unhex(item.name), found.index, pack.policy);
    const step: Step = { stage: "received", time: ways.now(), by: new URL(base).origin };
    const kept = base64(encodeReceipt(receipt));
    return change(ways, id, (one) => ({ ...stepped(one, step), receipt: kept, index: found.index, nextTry: next(ways, pack) }));
  });
}

/** Ask again: another mirror than the one that gave the receipt if any answers, else the same, after it has grown. */
async function checkAgain(ways: Ways, pack: Pack, id: string): Promise<void> {
  const item = await find(ways, id);
  if (has(item, "checked")) return;
  const by = item.steps.find((step) => step.stage === "received")!.by!;
  const size = sizeOf(item.receipt);
  await ways.anywhere(async (base) => {
    const origin = new URL(base).origin;
    const view = await look(ways, pack, base);
    if (origin === by && view.checkpoint.size <= size) return change(ways, id, (one) => ({ ...one, nextTry: next(ways, pack, one) }));
    if (item.index < view.checkpoint.size) await view.receipt(unhex(item.name), item.index, pack.policy);
    else return undefined;
    const step: Step = { stage: "checked", time: ways.now(), by: origin, independent: origin !== by };
    return change(ways, id, (one) => ({ ...stepped(one, step), nextTry: next(ways, pack) }));
  }, by);
}

/** After the opening: whether it is counted, and as what, which may change with the next. What is published is at `published/` of the doors, and at the root of a mirror. */
async function settle(ways: Ways, pack: Pack, item: ItemDoc): Promise<void> {
  if (isFinal(item) && !has(item, "counted")) return;
  await ways.anywhere(async (base) => {
    const view = await published(ways, pack, base);
    const found = view && item.index < view.checkpoint.size ? await view.find(unhex(item.name)) : null;
    const step = found && (await fateOf(ways, view!, item, found));
    await change(ways, item.id, (one) => (step ? { ...settled(one, step), nextTry: null } : { ...one, nextTry: next(ways, pack, one) }));
  });
}

/** Add the step; of one that is counted already only its group can be another. */
function settled(item: ItemDoc, step: Step): ItemDoc {
  if (!has(item, "counted")) return stepped(item, step);
  return { ...item, steps: item.steps.map((one) => (one.stage === "counted" ? { ...one, ...step, time: one.time } : one)) };
}

async function fateOf(ways: Ways, view: LogView, item: ItemDoc, { fate, tier }: Found): Promise<Step | null> {
  const time = ways.now();
  const by = new URL(view.base).origin;
  const reason = REASONS.find((one) => one === fate);
  if (reason) return { stage: "closed", time, by, reason };
  if (fate !== "counted" || item.kind !== "ballot") return null;
  const inner = await view.opening(item.index);
  if (!inner || !(await isInner(inner, item.inner)) || readInner(inner).station !== item.station?.code)
    throw new CoreProblem("opening.forged", "opening", "says that it is counted, and does not show what was sent");
  const group = TIERS.find((one) => one === tier);
  return { stage: "counted", time, by, ...(group && { tier: group }) };
}

async function published(ways: Ways, pack: Pack, base: string): Promise<LogView | null> {
  for (const root of [`${base}published/`, base]) {
    try {
      return await LogView.open(ways.road, root, pack.policy);
    } catch (error) {
      if (!(error instanceof CoreProblem) || !/^(missing|http\.404)/.test(error.code)) throw error;
    }
  }
  return null;
}

/** Open the log at a mirror and hold it against what this phone has seen before. @throws log.forked */
async function look(ways: Ways, pack: Pack, base: string): Promise<LogView> {
  const view = await LogView.open(ways.road, base, pack.policy);
  const { head } = ways.store.doc;
  if (head) await view.follows(head.size, unhex(head.root));
  const { size, root } = view.checkpoint;
  if (!head || size > head.size) await ways.store.change((doc) => [{ ...doc, head: { size, root: hex(root) } }, null]);
  return view;
}

/** The size of the tree under which a kept receipt stands. */
function sizeOf(receipt: string): number {
  const checkpoint = text(unbase64(receipt)).split("\n\n")[1] ?? "";
  return Number(checkpoint.split("\n")[1]);
}

/** When to ask again: after a checkpoint's time, and the more rarely the longer nothing has happened. */
function next(ways: Ways, pack: Pack, item?: ItemDoc): number {
  const quiet = item ? (ways.now() - item.steps.at(-1)!.time) / 4 : 0;
  return ways.now() + Math.round(Math.max(1000 * pack.election.checkpointEvery, quiet) * (1 + Math.random()));
}

async function find(ways: Ways, id: string): Promise<ItemDoc> {
  const item = ways.store.doc.items.find((one) => one.id === id);
  if (!item) throw new CoreProblem("item.gone", "item", "is not on this phone any more");
  return item;
}

async function change(ways: Ways, id: string, work: (item: ItemDoc) => ItemDoc): Promise<void> {
  await ways.store.change((doc) => [withItem(doc, id, work), null]);
}
