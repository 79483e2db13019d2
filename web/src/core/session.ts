/** Session: the election of this device, and the servers that lead to it. */

import { type Bytes, hex, sha256, text } from "./bytes";
import type { Ways } from "./credential";
import { order, readMirrors } from "./mirrors";
import { type Pack, readPack } from "./pack";
import type { Platform } from "./platform";
import { Road } from "./road";
import { Stations } from "./stations";
import type { Store } from "./store";
import { CoreProblem } from "./types";

/** Problems of one server, which another may not have. Anything else is an answer. */
const ELSEWHERE = /^(offline|timeout|http\.|missing|overload|store\.full|internal|note\.|checkpoint\.|log\.(stale|malformed)|channel\.down|stations\.forged)/;
const FILE = "election";
const LIST = "mirrors";
/** A clock that is off by less is not worth a word. */
const TOLERANCE = 60_000;

export class Session implements Ways {
  readonly road: Road;
  readonly stations: Stations;
  loaded: Pack | null = null;

  constructor(
    private readonly platform: Platform,
    readonly store: Store,
  ) {
    this.road = new Road(platform);
    this.stations = new Stations((path, expected) => this.stationFile(path, expected), () => store.doc.mirrors?.stations ?? "");
  }

  /** This moment, by the servers' clock where this phone's is wrong. */
  now(): number {
    return this.platform.now() - (this.ahead ?? 0);
  }

  /** How far this phone's clock is ahead, in ms: what the last answer said, or was said before. */
  get ahead(): number | null {
    const told = this.road.ahead ?? this.store.doc.clockAhead;
    return told !== null && Math.abs(told) < TOLERANCE ? 0 : told;
  }

  async pack(): Promise<Pack> {
    if (!this.loaded) {
      const kept = await this.store.blob(FILE);
      if (kept) this.loaded = await readPack(kept);
    }
    if (!this.loaded) await this.load();
    return this.loaded!;
  }

  /** Fetch the election and the list of mirrors anew. What is kept stays where nobody answers. */
  async load(): Promise<void> {
    await this.anywhere<unknown>(async (base) => (await this.isKnown(base)) || this.take(await this.road.get(`${base}app/election.golos`)));
    await this.refreshMirrors().catch(() => undefined);
    const ahead = this.road.ahead;
    if (ahead !== null && Math.abs(ahead - (this.store.doc.clockAhead ?? 0)) > TOLERANCE)
      await this.store.change((doc) => [{ ...doc, clockAhead: ahead }, null]);
  }

  /** Whether a server is of the election that is kept here: then there is nothing to fetch, for a pack never changes. */
  private async isKnown(base: string): Promise<boolean> {
    const known = this.store.doc.election;
    if (!known || !(await this.store.blob(FILE))) return false;
    const told = JSON.parse(text(await this.road.get(`${base}election`))) as { election: string };
    return told.election === known && (await this.pack()) !== null;
  }

  /** Keep an election's file; a device knows one election, until it forgets. @throws election.malformed, election.changed */
  async take(file: Bytes): Promise<void> {
    const pack = await readPack(file);
    const id = hex(pack.id);
    const known = this.store.doc.election;
    if (known && known !== id) throw new CoreProblem("election.changed", "election", "is another than this phone was set up for");
    const stations = this.loaded?.stations.size && !pack.stations.size ? this.loaded.stations : pack.stations;
    this.loaded = { ...pack, stations };
    if (!known || pack.stations.size || !(await this.store.blob(FILE))) await this.store.keep({ [FILE]: file });
    if (!known) await this.store.change((doc) => [{ ...doc, election: id }, null]);
    const list = pack.stations.get(LIST);
    if (list) await this.takeMirrors(list);
  }

  /** The order of servers is drawn anew for each call. @throws the first one's problem where none can help */
  async anywhere<T>(work: (base: string) => Promise<T>, last = ""): Promise<T> {
    const bases = order(this.platform.base, this.store.doc.mirrors, this.platform.chance);
    const asked = [...bases.filter((base) => base !== `${last}/`), ...bases.filter((base) => base === `${last}/`)];
    let first: unknown = null;
    for (const base of asked) {
      try {
        return await work(base);
      } catch (error) {
        if (error instanceof CoreProblem && !ELSEWHERE.test(error.code)) throw error;
        first ??= error;
      }
    }
    throw first ?? new CoreProblem("offline", "network", "there is no server to ask");
  }

  /** Take a newer list, from whoever has one. */
  private async refreshMirrors(): Promise<void> {
    await this.anywhere(async (base) => this.takeMirrors(await this.road.get(base + LIST)));
  }

  private async takeMirrors(note: Bytes): Promise<void> {
    const pack = await this.pack();
    const list = await readMirrors(note, pack.publisher, hex(pack.id));
    if (list.issued <= (this.store.doc.mirrors?.issued ?? 0)) return;
    await this.store.change((doc) => [{ ...doc, mirrors: list }, null]);
    this.platform.refreshPage();
  }

  /** A file of the stations: from the election's file, from this phone, or from a server, and then kept. */
  private async stationFile(path: string, expected: string): Promise<Bytes> {
    const brought = (await this.pack()).stations.get(path);
    if (brought) return brought;
    const kept = await this.store.blob(`station:${path}`);
    if (kept && expected && hex(await sha256(kept)) === expected) return kept;
    try {
      const data = await this.anywhere((base) => this.road.get(base + path));
      await this.store.keep({ [`station:${path}`]: data });
      return data;
    } catch (error) {
      if (kept && !expected) return kept;
      throw error;
    }
  }
}
