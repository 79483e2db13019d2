/** Observe: an observer's key, the organisation's word for it, and what is signed with it (docs/records.cddl). */

import { type Bytes, concat, hex, random, unbase64, unhex, utf8 } from "./bytes";
import { type Value, decode } from "./cbor";
import { blank, named, newId, sealFull } from "./compose";
import type { Ways } from "./credential";
import type { ItemDoc, ObserverDoc } from "./doc";
import { SigningKey, verify } from "./ed25519";
import { added } from "./item";
import { type Accredited, observed } from "./record";
import { CoreProblem, type Report } from "./types";

const LABEL = utf8("golos/accreditation/v1\n");

export async function makeKey(ways: Ways): Promise<void> {
  const seed = random(32);
  const key = hex((await SigningKey.of(seed)).public_);
  const fresh: ObserverDoc = { seed: hex(seed), key, accreditation: "", organisation: "", sequence: 0 };
  await ways.store.change((doc) => [{ ...doc, observer: doc.observer ?? fresh }, null]);
}

/** Take what `golos observer accredit` printed for this device's key. */
export async function accredit(ways: Ways, spelt: string): Promise<void> {
  const pack = await ways.pack();
  const [organisation, signature] = readAccreditation(spelt);
  const name = pack.organisations.get(hex(organisation));
  if (name === undefined) throw new CoreProblem("accreditation.organisation", "accreditation", "is of no organisation of this election");
  const key = unhex(ways.store.doc.observer?.key ?? "");
  if (!(await verify(organisation, concat(LABEL, pack.id, key), signature)))
    throw new CoreProblem("accreditation.signature", "accreditation", "is not for this device's key");
  const accreditation = spelt.replace(/\s/g, "");
  await ways.store.change((doc) => [{ ...doc, observer: doc.observer && { ...doc.observer, accreditation, organisation: name } }, null]);
}

function readAccreditation(spelt: string): readonly [Bytes, Bytes] {
  try {
    const fields = decode(unbase64(spelt.replace(/\s/g, "")));
    const fits = Array.isArray(fields) && fields.length === 2 && [32, 64].every((size, at) => isBytes(fields[at], size));
    if (fits) return fields as [Bytes, Bytes];
  } catch {
    // said below
  }
  throw new CoreProblem("accreditation.malformed", "accreditation", "is no accreditation");
}

const isBytes = (value: Value | undefined, size: number): boolean => value instanceof Uint8Array && value.length === size;

/** Make the record of a draft; once its item is kept it is in the outbox, and the draft is gone. */
export async function makeReport(ways: Ways, draft: string): Promise<string> {
  const pack = await ways.pack();
  const old = ways.store.doc.items.find((item) => item.id === draft && !item.record);
  if (!old?.station || !old.report) throw new CoreProblem("no.station", "station", "has not been chosen");
  const photo = old.photo && (await sealFull(ways, pack, old.photo));
  for (;;) {
    const sequence = 1 + (ways.store.doc.observer?.sequence ?? 0);
    const said = fields(old.report, photo && unhex(photo.digest));
    const record = await observed(old.report.kind, await accredited(ways), sequence, old.station.code, ...said);
    const steps = [{ stage: "saved", time: ways.now() }] as const;
    const { station, report } = old;
    const made = { ...blank(newId(), old.kind, sequence, ways.now()), ...(await named(record)) };
    const item: ItemDoc = { ...made, steps, station, report, photo };
    if (await insert(ways, draft, item)) return item.id;
  }
}

/** What stands behind the station's code in a record of each kind. */
function fields(report: Report, photo: Bytes | null): readonly Value[] {
  if (report.kind === "incident" && report.category) return [report.category];
  if (report.kind === "turnout" && report.line && report.voters !== null)
    return [report.line, report.voters, report.twice, report.throughout];
  if (report.kind === "protocol" && Object.keys(report.figures).length) return [Object.entries(report.figures), photo];
  throw new CoreProblem("report.empty", "report", "lacks what it is about");
}

/** False where another tab has taken the number meanwhile. */
async function insert(ways: Ways, draft: string, item: ItemDoc): Promise<boolean> {
  return ways.store.change((doc) => {
    if (!doc.observer || doc.observer.sequence >= item.sequence) return [doc, false];
    const rest = { ...doc, items: doc.items.filter((one) => one.id !== draft || one.record !== "") };
    return [{ ...added(rest, item, ways.now()), observer: { ...doc.observer, sequence: item.sequence } }, true];
  });
}

async function accredited(ways: Ways): Promise<Accredited> {
  const { observer, election } = ways.store.doc;
  if (!observer?.accreditation) throw new CoreProblem("accreditation.none", "accreditation", "is not here yet");
  const key = await SigningKey.of(unhex(observer.seed));
  return { election: unhex(election), key, accreditation: readAccreditation(observer.accreditation) };
}
