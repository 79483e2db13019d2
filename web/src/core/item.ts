/** Item: how one thing said moves from stage to stage. Pure: documents in, documents out. */

import type { Doc, ItemDoc, PhotoDoc } from "./doc";
import type { Item, PhotoProgress, Problem, Stage, Step } from "./types";

/** Stages from which nothing more is to be done. */
const FINAL: readonly Stage[] = ["counted", "closed", "refused", "replaced"];
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 1_800_000;

export const stageOf = (item: ItemDoc): Stage => item.steps.at(-1)!.stage;
export const has = (item: ItemDoc, stage: Stage): boolean => item.steps.some((step) => step.stage === stage);
/** Whether the voter's key says it: of these the newest stands. What observers say stands each for itself. */
export const isVoters = ({ kind }: ItemDoc): boolean => kind === "ballot" || kind === "withdrawal";
/** A report is public as soon as it is in the log: that it is there is all there is to be found out. */
export const isFinal = (item: ItemDoc): boolean =>
  FINAL.includes(stageOf(item)) || (!isVoters(item) && stageOf(item) === "checked" && (item.photo?.done ?? true));
/** Whether anything is left to be found out of an item now. */
export const isDue = (item: ItemDoc, now: number): boolean =>
  item.record !== "" && item.record !== "wiped" && !isFinal(item) && (item.nextTry ?? 0) <= now;
/** So many attempts without progress in between, */
const STUCK = 4;
/** so many ms between the facts and an upload that breaks off, */
const LATE = 900_000;
/** or so many that what is left would take, are too many for the full picture, */
const LONGEST = 180_000;
/** but not where less is left of it than the small one has in all. */
const SMALL = 33_000;

/**
 * Whether the small picture should take the full one's place. `since` are the ms since the facts were handed over, where
 * an upload broke off; `pace` those that a byte took of the last piece that got through.
 */
export function isTooLarge({ total, sent, small, stuck }: PhotoDoc, since: number, pace: number): boolean {
  const left = total - sent;
  return !small && left > SMALL && (stuck >= STUCK || since > LATE || left * pace > LONGEST);
}

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

/** The newest item that is no draft: what the voter's key says now. */
export function standing(doc: Doc): ItemDoc | null {
  return doc.items.filter((item) => item.record && isVoters(item)).reduce<ItemDoc | null>((top, one) => (top && top.sequence > one.sequence ? top : one), null);
}

/** Whether the newer of two says the same thing anew, so that it stands for the older. */
function stands(newer: ItemDoc, older: ItemDoc): boolean {
  if (isVoters(newer)) return isVoters(older);
  const same = newer.kind === older.kind && newer.station?.code === older.station?.code;
  return same && newer.kind !== "incident" && lineOf(newer) === lineOf(older);
}

const lineOf = ({ report }: ItemDoc): string => (report?.kind === "turnout" ? report.line : "");

/** Add an item; those that it stands for, and that no server has, are never sent. */
export function added(doc: Doc, item: ItemDoc, now: number): Doc {
  const over = (one: ItemDoc): boolean => one.record !== "" && !isDelivered(one) && stands(item, one);
  const older = doc.items.map((one) => (over(one) ? stepped(one, { stage: "replaced", time: now }) : one));
  return { ...doc, items: [...older, item] };
}

/** What a screen sees of an item. */
export function shown(item: ItemDoc): Item {
  const { id, kind, sequence, station, choices, report, steps, problem, nextTry, name, photo } = item;
  return {
    id,
    kind,
    sequence,
    station,
    choices,
    report,
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
