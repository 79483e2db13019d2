/** Record: the exact bytes of what a voter or an observer says (docs/records.cddl). Its SHA-256 names it. */

import { type Bytes, concat, random, sha256, utf8 } from "./bytes";
import { type Value, decode, encode } from "./cbor";
import type { SigningKey } from "./ed25519";
import type { Choices } from "./types";

const LABEL = utf8("golos/record/v1\n");
const SIGNATURE = 64;
const EMPTY_BYTES = Uint8Array.of(0x40);

export type Fields = readonly Value[];

/** Return the record of these fields, signed at its end. */
export async function signed(fields: Fields, key: SigningKey): Promise<Bytes> {
  const head = encode([...fields, new Uint8Array(SIGNATURE)]).slice(0, -(SIGNATURE + 2));
  const signature = await key.sign(concat(LABEL, head, EMPTY_BYTES));
  return concat(head, Uint8Array.of(0x58, SIGNATURE), signature);
}

export interface InnerPart {
  readonly station: string;
  readonly choices: readonly (readonly [string, readonly string[]])[];
}

/** The inner part of a ballot, which the stewards alone can read. The salt keeps others from trying all choices. */
export const innerPart = (part: InnerPart, salt: Bytes = random(32)): Bytes =>
  encode(["inner", 1, part.station, part.choices, salt]);

/** What an opened inner part says. @throws RangeError */
export function readInner(inner: Bytes): InnerPart {
  const fields = decode(inner);
  if (!Array.isArray(fields) || fields.length !== 5 || fields[0] !== "inner" || typeof fields[2] !== "string")
    throw new RangeError("no inner part");
  return { station: fields[2], choices: fields[3] as InnerPart["choices"] };
}

/** The choices in the order of the contests and options given. */
export const ordered = (choices: Choices, contests: readonly { id: string; options: readonly { id: string }[] }[]): InnerPart["choices"] =>
  contests
    .filter((contest) => choices[contest.id])
    .map((contest) => {
      const marked = choices[contest.id]!;
      const known = contest.options.map((option) => option.id).filter((id) => marked.includes(id));
      return [contest.id, marked.includes("invalid") ? ["invalid"] : known] as const;
    });

export interface Credential {
  readonly election: Bytes;
  readonly key: SigningKey;
  readonly token: Bytes;
}

export async function ballot(
  by: Credential,
  sequence: number,
  photo: Bytes | null,
  inner: Bytes,
  sealed: Bytes,
): Promise<Bytes> {
  const digests = [photo, await sha256(inner), await sha256(sealed)];
  return signed(["ballot", 1, by.election, by.key.public_, by.token, sequence, ...digests], by.key);
}

/** An observer's key and the organisation's word for it (docs/records.cddl, `accreditation`). */
export interface Accredited {
  readonly election: Bytes;
  readonly key: SigningKey;
  readonly accreditation: readonly [organisation: Bytes, signature: Bytes];
}

/** What an observer says of a station: the fields of its kind come after the station's code. */
export const observed = (
  kind: "protocol" | "turnout" | "incident",
  by: Accredited,
  sequence: number,
  station: string,
  ...said: readonly Value[]
): Promise<Bytes> => signed([kind, 1, by.election, by.key.public_, by.accreditation, sequence, station, ...said], by.key);

export const withdrawal = (by: Credential, sequence: number): Promise<Bytes> =>
  signed(["withdrawal", 1, by.election, by.key.public_, by.token, sequence], by.key);
