/** Mirrors: the signed list of other ways to the same doors and the same log (docs/formats.md, "Mirrors"). */

import { type Bytes, text } from "./bytes";
import type { MirrorsDoc } from "./doc";
import { type Verifier, openNote } from "./note";
import { CoreProblem } from "./types";

const KIND = "golos/mirrors/v1";
const ORIGIN = /^(https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?|http:\/\/([a-z2-7]{56}\.onion|localhost:[0-9]{1,5}|127\.0\.0\.1:[0-9]{1,5}))$/;

/** Read a list signed by the publisher for this election. @throws note.*, mirrors.malformed */
export async function readMirrors(note: Bytes, publisher: Verifier, election: string): Promise<MirrorsDoc> {
  const [signed] = await openNote(note, [publisher]);
  const [kind, id, issued = "", stations = "", ...origins] = text(signed).slice(0, -1).split("\n");
  const fits = kind === KIND && id === election && /^[1-9][0-9]{0,14}$/.test(issued) && /^[0-9a-f]{64}$/.test(stations);
  if (!fits || !origins.every((origin) => ORIGIN.test(origin)))
    throw new CoreProblem("mirrors.malformed", "mirrors", "is no list of mirrors of this election");
  return { issued: Number(issued), stations, origins };
}

/** The order in which to try: the own doors first, the others shuffled, so that no mirror gets all the load. */
export function order(base: string | null, mirrors: MirrorsDoc | null, chance: () => number): string[] {
  const others = (mirrors?.origins ?? []).map((origin) => `${origin}/`).filter((origin) => origin !== base);
  const shuffled = others.map((origin) => [chance(), origin] as const).sort(([one], [two]) => one - two);
  return [...(base ? [base] : []), ...shuffled.map(([, origin]) => origin)];
}
