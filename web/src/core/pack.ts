/** Pack: the election's signed files, as far as the app needs them, each checked against the election's id. */

import { parse as parseToml } from "smol-toml";

import { type Bytes, equal, hex, sha256, text, unbase64, unhex, utf8 } from "./bytes";
import { type Value, decode, encode } from "./cbor";
import { parseCsv } from "./csv";
import { type Verifier, parseVerifier } from "./note";
import { type Policy, policyOf } from "./receipt";
import { type Contest, CoreProblem, type Election, type Line, type Names, type Option } from "./types";

const KIND = "golos/election";
const LABEL = utf8("golos/election/v1\n");

export interface Cohort {
  readonly name: string;
  readonly starts: string;
  readonly key: Bytes;
  readonly reissue: boolean;
}

/** What of keys.toml and the policy a voter's device uses. */
export interface Pack {
  readonly id: Bytes;
  readonly election: Election;
  readonly issuer: string;
  readonly intake: Bytes;
  readonly room: Bytes;
  readonly opening: Bytes;
  readonly innerSize: number;
  readonly cohorts: readonly Cohort[];
  readonly policy: Policy;
  readonly publisher: Verifier;
  /** Who accredits observers: names by public key in hex. */
  readonly organisations: ReadonlyMap<string, string>;
  /** Station files that came with the election's file, by path. */
  readonly stations: ReadonlyMap<string, Bytes>;
}

/** Read an election's file (docs/formats.md, "The app"). @throws election.malformed if any part is not what the id says */
export async function readPack(file: Bytes): Promise<Pack> {
  try {
    return await parsePack(file);
  } catch (error) {
    if (error instanceof CoreProblem) throw error;
    throw new CoreProblem("election.malformed", "election", (error as Error).message);
  }
}

async function parsePack(file: Bytes): Promise<Pack> {
  const [kind, version, listing, contents, shards] = decode(file) as [string, number, Value[][], [string, Bytes][], [string, Bytes][]];
  if (kind !== KIND || version !== 1) throw new RangeError("is no election file");
  const id = await sha256(LABEL, encode(listing));
  const files = new Map(contents);
  for (const [name, digest] of listing as [string, Bytes, number][]) {
    const content = files.get(name);
    if (content && !equal(await sha256(content), digest)) throw new RangeError(`${name} is not the file that was signed`);
  }
  const listed = new Set(listing.map(([name]) => name));
  const read = (name: string): string => {
    if (!listed.has(name) || !files.has(name)) throw new RangeError(`${name} is missing`);
    return text(files.get(name)!).replace(/^\ufeff/, "");
  };
  return assemble(id, read, new Map(shards));
}

type Table = Record<string, any>;

async function assemble(id: Bytes, read: (name: string) => string, stations: Map<string, Bytes>): Promise<Pack> {
  const election = parseToml(read("election.toml")) as Table;
  const keys = parseToml(read("keys.toml")) as Table;
  const cohorts: Cohort[] = keys["cohort"].map((one: Table) => ({
    name: one["name"],
    starts: one["starts"] ?? "",
    key: unbase64(one["key"]),
    reissue: one["reissue"] ?? false,
  }));
  const policy = election["policy"] ?? {};
  const organisations = new Map<string, string>((keys["organisation"] ?? []).map((one: Table) => [one["key"], one["name"]]));
  const described = describe(id, election, policy, cohorts, readOptions(read("options.csv")));
  return {
    id,
    election: { ...described, lines: readLines(read("lines.csv")), organisations: [...organisations.values()] },
    organisations,
    issuer: keys["issuer"],
    intake: key32(keys["intake"]),
    room: key32(keys["room"]),
    opening: key32(keys["opening"]),
    innerSize: policy["inner_size"] ?? 256,
    cohorts,
    policy: await policyOf(keys["log"], keys["witnesses"] ?? [], keys["quorum"] ?? 0),
    publisher: await parseVerifier(keys["publisher"]),
    stations,
  };
}

type Described = Omit<Election, "lines" | "organisations">;

function describe(id: Bytes, election: Table, policy: Table, cohorts: readonly Cohort[], options: Map<string, Option[]>): Described {
  const own = election["election"];
  const begins = cohorts.filter((cohort) => !cohort.reissue).map((cohort) => cohort.starts);
  return {
    id: hex(id),
    shortId: hex(id).slice(0, 8),
    names: own["names"],
    date: String(own["date"]),
    cancelled: own["cancelled"] ?? "",
    languages: own["languages"],
    contests: election["contest"].map((one: Table) => contest(one, options)),
    checks: (election["check"] ?? []).map(({ rule, names }: Table) => ({ rule, names })),
    incidents: own["incidents"] ?? [],
    binding: policy["binding"] ?? false,
    checkpointEvery: policy["checkpoint_every"] ?? 600,
    k: policy["k"] ?? 5,
    registrationFrom: begins.sort()[0] ?? "",
  };
}

const contest = (one: Table, options: Map<string, Option[]>): Contest => ({
  id: one["id"],
  names: one["names"],
  maxChoices: one["max_choices"] ?? 1,
  options: options.get(one["id"]) ?? [],
});

/** Options by contest, in ballot order. */
function readOptions(csv: string): Map<string, Option[]> {
  const found = new Map<string, Option[]>();
  for (const row of parseCsv(csv)) {
    const list = found.get(row["contest"]!) ?? [];
    found.set(row["contest"]!, [...list, { id: row["id"]!, names: namesOf(row) }]);
  }
  return found;
}

const readLines = (csv: string): Line[] =>
  parseCsv(csv).map((row) => ({ id: row["id"]!, role: row["role"] ?? "", names: namesOf(row) }));

/** The columns name_be, name_ru, ... of a row. */
function namesOf(row: Readonly<Record<string, string>>): Names {
  const named = Object.entries(row).filter(([column, cell]) => column.startsWith("name_") && cell);
  return Object.fromEntries(named.map(([column, cell]) => [column.slice(5), cell]));
}

function key32(spelt: string): Bytes {
  const key = unhex(spelt);
  if (key.length !== 32) throw new RangeError("has a key that has not 32 bytes");
  return key;
}

/** The cohort that issues on a day (ISO): the last one begun. */
export function cohortOn(pack: Pack, day: string, reissue: boolean): Cohort | null {
  const begun = pack.cohorts.filter((cohort) => cohort.reissue === reissue && cohort.starts <= day);
  return begun.reduce<Cohort | null>((last, one) => (last && last.starts >= one.starts ? last : one), null);
}

/** The cohort under whose key a token was issued. */
export async function cohortOfToken(pack: Pack, token: Bytes): Promise<Cohort | null> {
  for (const cohort of pack.cohorts) if (equal(await sha256(cohort.key), token.slice(66, 98))) return cohort;
  return null;
}
