/** Compose: drafts, ballots, withdrawals: what is made on this device before anything leaves it. */

import { type Bytes, base64, hex, random, sha256, unhex } from "./bytes";
import { type Ways, credentialOf } from "./credential";
import type { Doc, ItemDoc, PhotoDoc } from "./doc";
import { added, isVoters, standing, withItem } from "./item";
import { expectClean } from "./jpeg";
import { type Pack } from "./pack";
import { ballot, innerPart, ordered, withdrawal } from "./record";
import { sealInner, sealPhoto } from "./sealing";
import { type Choices, CoreProblem, type Photo, type Report, type Station } from "./types";

export interface Draft {
  readonly id?: string;
  readonly station?: string;
  readonly choices?: Choices;
  /** What an observer says; a ballot's draft has none. */
  readonly report?: Report;
  readonly photo?: Photo | "sent" | null;
}

export type FindStation = (code: string) => Promise<Station | null>;

export const newId = (): string => hex(random(8));

/** Keep an unfinished ballot or report; a name that stands already is gone on with. */
export async function keepDraft(ways: Ways, find: FindStation, draft: Draft): Promise<string> {
  const old = ways.store.doc.items.find((item) => item.id === draft.id && !item.record);
  const id = old?.id ?? newId();
  const station = draft.station === undefined ? (old?.station ?? null) : await expectStation(find, draft.station);
  const photo = await draftPhoto(ways, id, draft.photo, old?.photo ?? null);
  const choices = draft.choices ?? old?.choices ?? null;
  const report = draft.report ?? old?.report ?? null;
  const item: ItemDoc = { ...blank(id, report?.kind ?? "ballot", 0, ways.now()), station, choices, report, photo };
  await ways.store.change((doc) => [old ? withItem(doc, id, () => item) : { ...doc, items: [...doc.items, item] }, null]);
  return id;
}

/** The picture of a draft: a new one, the one that was sealed before, none; where nothing is said, what it has. */
async function draftPhoto(ways: Ways, id: string, given: Draft["photo"], old: PhotoDoc | null): Promise<PhotoDoc | null> {
  if (given === undefined || given === null) return given === null ? null : old;
  if (given !== "sent") return keepPhoto(ways, id, given);
  return ways.store.doc.items.filter((item) => isVoters(item) && item.photo?.digest).at(-1)?.photo ?? null;
}

/** Make a ballot: once its item is kept, it is in the outbox. */
export async function makeBallot(
  ways: Ways,
  find: FindStation,
  given: { draft?: string; station: string; choices: Choices; photo?: Photo | null },
): Promise<string> {
  const pack = await ways.pack();
  const station = await expectStation(find, given.station);
  const by = await credentialOf(ways.store.doc);
  const photo = await photoOf(ways, pack, given);
  const parts = ordered(given.choices, pack.election.contests);
  const inner = innerPart({ station: station.code, choices: parts });
  const sealed = await sealInner(inner, pack.opening, pack.id, pack.innerSize);
  return insert(ways, given.draft, async (sequence) => ({
    ...blank(newId(), "ballot", sequence, ways.now()),
    ...(await named(await ballot(by, sequence, photo ? unhex(photo.digest) : null, inner, sealed))),
    steps: [{ stage: "saved", time: ways.now() }],
    station,
    choices: given.choices,
    sealed: base64(sealed),
    inner: hex(await sha256(inner)),
    photo,
  }));
}

export async function makeWithdrawal(ways: Ways): Promise<string> {
  const by = await credentialOf(ways.store.doc);
  return insert(ways, undefined, async (sequence) => ({
    ...blank(newId(), "withdrawal", sequence, ways.now()),
    ...(await named(await withdrawal(by, sequence))),
    steps: [{ stage: "saved", time: ways.now() }],
  }));
}

/**
 * Put an item into the outbox under the next sequence number. Another tab may take that number meanwhile: then the
 * record is made again with the next.
 */
async function insert(ways: Ways, draft: string | undefined, make: (sequence: number) => Promise<ItemDoc>): Promise<string> {
  for (;;) {
    const item = await make(ways.store.doc.sequence + 1);
    const taken = await ways.store.change<boolean>((doc) => {
      if (doc.sequence >= item.sequence) return [doc, true];
      const rest = { ...doc, items: doc.items.filter((one) => one.id !== draft || one.record !== "") };
      return [{ ...added(rest, item, ways.now()), sequence: item.sequence }, false];
    });
    if (!taken) return item.id;
  }
}

export const named = async (record: Bytes): Promise<{ record: string; name: string }> => ({
  record: base64(record),
  name: hex(await sha256(record)),
});

export const blank = (id: string, kind: ItemDoc["kind"], sequence: number, now: number): ItemDoc => ({
  id,
  kind,
  sequence,
  station: null,
  choices: null,
  report: null,
  steps: [{ stage: "draft", time: now }],
  problem: null,
  tries: 0,
  nextTry: null,
  record: "",
  sealed: "",
  name: "",
  inner: "",
  photo: null,
  receipt: "",
  index: -1,
});

async function expectStation(find: FindStation, code: string): Promise<Station> {
  const station = await find(code);
  if (!station) throw new CoreProblem("no.station", "station", "is none of the pack's", "Choose it from the list.");
  return station;
}

/**
 * The photograph that a ballot names: a new picture, the draft's, or, where nothing is said of one, that of the ballot
 * which this one replaces: the same sealed bytes, for the same picture sealed anew would count as a copy of the first.
 */
async function photoOf(ways: Ways, pack: Pack, given: { draft?: string; photo?: Photo | null }): Promise<PhotoDoc | null> {
  if (given.photo === null) return null;
  if (given.photo) return sealFull(ways, pack, await keepPhoto(ways, newId(), given.photo));
  const draft = ways.store.doc.items.find((item) => item.id === given.draft && !item.record);
  if (draft?.photo?.digest) return draft.photo;
  if (draft) return draft.photo && sealFull(ways, pack, draft.photo);
  return standing(ways.store.doc)?.photo ?? null;
}

/** @throws photo.size, photo.metadata, storage.full */
async function keepPhoto(ways: Ways, id: string, photo: Photo): Promise<PhotoDoc> {
  expectClean(photo);
  await ways.store.keep({ [`full:${id}`]: Uint8Array.from(photo.full), [`small:${id}`]: Uint8Array.from(photo.small) });
  return { blobs: id, digest: "", total: 0, sent: 0, done: false, small: false, stuck: 0, upload: "" };
}

export const sealFull = (ways: Ways, pack: Pack, photo: PhotoDoc): Promise<PhotoDoc> => sealAs(ways, pack, photo, "full");

/** Seal one rendition: from now on it is the photograph, and the other never leaves. */
export async function sealAs(ways: Ways, pack: Pack, photo: PhotoDoc, which: "full" | "small"): Promise<PhotoDoc> {
  const picture = await ways.store.blob(`${which}:${photo.blobs}`);
  if (!picture) throw new CoreProblem("photo.gone", "photo", "is not on this phone any more");
  const sealed = await sealPhoto(picture, pack.room, pack.id);
  await ways.store.keep({ [`photo:${photo.blobs}`]: sealed });
  const digest = hex(await sha256(sealed));
  return { ...photo, digest, total: sealed.length, sent: 0, done: false, small: which === "small", stuck: 0, upload: "" };
}

/** Delete a picture's bytes where no other item shares them. */
export async function dropPhoto(ways: Ways, doc: Doc, photo: PhotoDoc | null): Promise<void> {
  if (!photo || doc.items.some((item) => item.photo?.blobs === photo.blobs)) return;
  const id = photo.blobs;
  await ways.store.keep({ [`full:${id}`]: null, [`small:${id}`]: null, [`photo:${id}`]: null });
}
