/** Item: how one thing said moves from stage to stage. Pure: documents in, documents out. */

import type { Doc, ItemDoc, PhotoDoc } from "./doc";
import type { Item, PhotoProgress, Problem, Stage, Step } from "./types";

/** Stages from which nothing more is to be done. */
const FINAL: readonly Stage[] = ["counted", "closed", "refused", "replaced"];
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 1_800_000;

export const stageOf = (item: ItemDoc): Stage => item.steps.at(-1)!.stage;
export const has = (item: ItemDoc, stage: Stage): boolean => item.steps.some((step) => step.stage === stage);
export const isFinal = (item: ItemDoc): boolean => FINAL.includes(stageOf(item));
/** Whether anything is left to be found out of an item now. */
export const isDue = (item: ItemDoc, now: number): boolean =>
  item.record !== "" && item.record !== "wiped" && !isFinal(item) && (item.nextTry ?? 0) <= now;
/** Whether a server has said that it holds the record. */
export const isDelivered = (item: ItemDoc): boolean =>
  has(item, "received") || item.steps.some((step) => step.stage === "handed" && !["file", "qr"].includes(step.by ?? ""));

/** Add a step once; a stage is never said twice, nor a lower one after a higher. */
export function stepped(item: ItemDoc, step: Step): ItemDoc {
  const again = item.steps.some((one) => one.stage === step.stage && (step.stage !== "handed" || one.by === step.by));
  if (again || isFinal(item)) return item;
  const late = step.stage === "handed" && has(item, "received");
  return late ? item : { ...item, steps: [...item.steps, step], problem: null, tries: 0 };
}

/** What went wrong, and when to try again: after longer and longer pauses, a random half of each. */
export function failed(item: ItemDoc, problem: Problem, now: number, chance: number, wait = 0): ItemDoc {
  const pause = Math.min(FIRST_WAIT * 2 ** item.tries, LONGEST_WAIT);
  const jittered = Math.max(pause * (0.5 + chance / 2), wait * 1000 * (1 + chance / 2));
  return { ...item, problem: plain(problem), tries: item.tries + 1, nextTry: now + Math.round(jittered) };
}

export const plain = ({ code, field, detail, remedy }: Problem): Problem => ({ code, field, detail, remedy });

/** Put a changed item into its place. */
export const withItem = (doc: Doc, id: string, change: (item: ItemDoc) => ItemDoc): Doc => ({
  ...doc,
  items: doc.items.map((item) => (item.id === id ? change(item) : item)),
});

/** The newest item that is no draft: what this key says now. */
export function standing(doc: Doc): ItemDoc | null {
  return doc.items.filter((item) => item.record).reduce<ItemDoc | null>((top, one) => (top && top.sequence > one.sequence ? top : one), null);
}

/** Add an item that stands for all earlier ones: those that no server has are never sent. */
export function added(doc: Doc, item: ItemDoc, now: number): Doc {
  const older = doc.items.map((one) => (one.record && !isDelivered(one) ? stepped(one, { stage: "replaced", time: now }) : one));
  return { ...doc, sequence: item.sequence, items: [...older, item] };
}

/** What a screen sees of an item. */
export function shown(item: ItemDoc): Item {
  const { id, kind, sequence, station, choices, steps, problem, nextTry, name, photo } = item;
  return {
    id,
    kind,
    sequence,
    station,
    choices,
    steps,
    problem,
    nextTry,
    stage: stageOf(item),
    hasPhoto: photo !== null,
    photo: photo && progress(photo),
    record: name,
    hasReceipt: item.receipt !== "",
  };
}

const progress = ({ total, sent, done, small }: PhotoDoc): PhotoProgress => ({ total, sent, done, small });
