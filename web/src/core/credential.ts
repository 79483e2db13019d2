/** Credential: the key of this device, from a fresh seed to a token, and onto paper and back. */

import { base64, base64url, hex, random, unbase64, unhex } from "./bytes";
import { readPaper, writePaper } from "./bundle";
import type { Doc, Identity, PendingDoc } from "./doc";
import { SigningKey } from "./ed25519";
import { type Cohort, type Pack, cohortOfToken, cohortOn } from "./pack";
import type { Credential } from "./record";
import type { Road } from "./road";
import type { Store } from "./store";
import { begin, challengeDigest, finish, publicKey } from "./token";
import { verify as verifyRsa } from "./blindrsa";
import { CoreProblem } from "./types";

const DAY = 86_400_000;

export interface Ways {
  readonly store: Store;
  readonly road: Road;
  pack(): Promise<Pack>;
  /** Call with one base after another until one answers at all; the origin `last` is asked last. */
  anywhere<T>(work: (base: string) => Promise<T>, last?: string): Promise<T>;
  now(): number;
}

export async function sendCode(ways: Ways, phone: string): Promise<void> {
  await ways.anywhere((base) => ways.road.json(`${base}enrolment/code`, { phone }));
}

/**
 * Exchange the code for a token. The request is kept before it leaves: after a crash or a lost answer the same one is
 * sent again, which the issuer answers again. The phone's number is kept nowhere.
 */
export async function register(ways: Ways, phone: string, code: string, reissue: boolean): Promise<void> {
  const pack = await ways.pack();
  const kept = ways.store.doc.pending;
  const days = kept && kept.reissue === reissue ? [""] : daysToTry(ways.now());
  for (const [at, day] of days.entries()) {
    const pending = day ? await request(ways, pack, day, reissue) : kept!;
    try {
      await redeem(ways, pack, pending, phone, code);
      return;
    } catch (error) {
      const again = error instanceof CoreProblem && error.code === "enrolment.cohort";
      if (!again) throw error;
      await ways.store.change((doc) => [{ ...doc, pending: null }, null]);
      if (at === days.length - 1) return day ? Promise.reject(error) : register(ways, phone, code, reissue);
    }
  }
}

/** Say that the number was registered by somebody else; `area` is a region's code. */
export async function dispute(ways: Ways, phone: string, code: string, area: string): Promise<void> {
  await ways.anywhere((base) => ways.road.json(`${base}enrolment/dispute`, { phone, code, area }));
}

/** The day by the server's clock; where that is unknown and this phone's is wrong, the days around it. */
const daysToTry = (now: number): string[] =>
  [0, 1, -1, 7, -7].map((days) => new Date(now + days * DAY).toISOString().slice(0, 10));

async function request(ways: Ways, pack: Pack, day: string, reissue: boolean): Promise<PendingDoc> {
  const cohort = cohortOn(pack, day, reissue);
  if (!cohort) throw new CoreProblem("enrolment.closed", "enrolment", "is not open: there is no cohort for this day");
  const seed = random(32);
  const key = await SigningKey.of(seed);
  const [asked, pending] = await begin(cohort.key, await challengeDigest(pack.issuer, pack.id), key.public_);
  const kept: PendingDoc = {
    seed: hex(seed),
    request: base64url(asked),
    cohort: base64(cohort.key),
    unsigned: hex(pending.unsigned),
    inverse: pending.inverse.toString(16),
    reissue,
  };
  await ways.store.change((doc) => [{ ...doc, pending: kept }, null]);
  return kept;
}

async function redeem(ways: Ways, pack: Pack, pending: PendingDoc, phone: string, code: string): Promise<void> {
  const url = (base: string): string => `${base}enrolment/token?reissue=${pending.reissue ? 1 : 0}`;
  const response = await ways.anywhere((base) => ways.road.json(url(base), { phone, code, request: pending.request }));
  const inverse = BigInt(`0x${pending.inverse}`);
  const token = await finish({ cohort: unbase64(pending.cohort), unsigned: unhex(pending.unsigned), inverse }, response);
  const cohort = await cohortOfToken(pack, token);
  const identity = { seed: pending.seed, token: base64(token), reissued: cohort!.reissue, paper: false };
  await ways.store.change((doc) => [{ ...doc, identity, pending: null }, null]);
}

export async function paper(ways: Ways): Promise<string> {
  const identity = expectIdentity(ways.store.doc);
  return writePaper(unhex(ways.store.doc.election), unhex(identity.seed), unbase64(identity.token));
}

/**
 * Take a key from paper: only one whose token is valid for it. The sequence goes on above what this key has used on
 * another device: a thousand for each day, which says no more of the time than the log's own checkpoints do.
 */
export async function importPaper(ways: Ways, spelt: string): Promise<void> {
  const pack = await ways.pack();
  const { seed, token } = await readPaper(spelt, hex(pack.id));
  const key = await SigningKey.of(seed);
  const cohort = await cohortOfToken(pack, token);
  const own = hex(token.slice(2, 34)) === hex(key.public_);
  if (!cohort || !own || !(await verifyRsa(publicKey(cohort.key), token.slice(0, 98), token.slice(98))))
    throw new CoreProblem("paper.malformed", "paper", "holds no key of this election");
  const identity: Identity = { seed: hex(seed), token: base64(token), reissued: cohort.reissue, paper: true };
  const sequence = 1000 * Math.floor(ways.now() / DAY);
  await ways.store.change((doc) => [{ ...doc, identity, pending: null, sequence: Math.max(doc.sequence, sequence) }, null]);
}

export async function credentialOf(doc: Doc): Promise<Credential> {
  const identity = expectIdentity(doc);
  const key = await SigningKey.of(unhex(identity.seed));
  return { election: unhex(doc.election), key, token: unbase64(identity.token) };
}

function expectIdentity(doc: Doc): Identity {
  if (!doc.identity) throw new CoreProblem("registration.none", "registration", "has not been done on this device");
  return doc.identity;
}

/** The cohort's name, for the screens. */
export async function cohortName(pack: Pack, identity: Identity): Promise<string> {
  const cohort: Cohort | null = await cohortOfToken(pack, unbase64(identity.token));
  return cohort?.name ?? "";
}

