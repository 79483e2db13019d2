/** Stations: the pack's list in small files, a tree in which each file names those below it by SHA-256. */

import { type Bytes, hex, sha256, text } from "./bytes";
import { type Area, CoreProblem, type Names, type NearStation, type Station } from "./types";

/** South, west, north, east; degrees. */
type Box = readonly [number, number, number, number];

interface Below {
  readonly code: string;
  readonly level: string;
  readonly names: Names;
  readonly areas: number;
  readonly stations: number;
  /** First and last station code below. */
  readonly range: readonly [string, string] | null;
  readonly box: Box | null;
  /** SHA-256 of the area's own file in hex; where there are few stations, all of it is inside. */
  readonly file?: string;
  readonly inside?: Shard;
}

/** One file: an area, the areas below it, its own stations, and the files that hold more of them. */
interface Shard {
  readonly code: string;
  readonly level: string;
  readonly names: Names;
  readonly areas: readonly Below[];
  readonly stations: readonly (readonly [string, Names, string, string, number | null, number | null])[];
  readonly parts: readonly { readonly file: string }[];
}

/** Gives the bytes of a file by path; `expected` is its SHA-256 in hex, "" for the root where nobody has signed one. */
export type Files = (path: string, expected: string) => Promise<Bytes>;

const ROOT = "stations/index.json";
const FOUND = 60;
const EARTH = 6_371_000;

export class Stations {
  private readonly shards = new Map<string, Promise<Shard>>();
  private readonly known = new Map<string, Below>();

  constructor(
    private readonly files: Files,
    private readonly signedRoot: () => string,
  ) {}

  async areas(parent = ""): Promise<readonly Area[]> {
    const root = await this.root();
    if (!parent) {
      const stations = root.areas.reduce((sum, one) => sum + one.stations, root.stations.length);
      return [{ code: root.code, parent: "", level: root.level, names: root.names, children: root.areas.length, stations }];
    }
    const shard = await this.area(parent);
    return shard.areas.map((one) => ({ ...one, parent, children: one.areas }));
  }

  async of(area: string): Promise<readonly Station[]> {
    const shard = await this.area(area);
    const parts = await Promise.all(shard.parts.map((part, at) => this.load(`stations/${area}.${at + 1}.json`, part.file)));
    return [shard, ...parts].flatMap((one) => one.stations.map((row) => station(row, area)));
  }

  /** Every word of the text is in the code, name, address or place. Where no area is given, codes lead the way. */
  async find(wanted: string, area = ""): Promise<readonly Station[]> {
    const sought = fold(wanted).split(/\s+/).filter(Boolean);
    if (!sought.length) return [];
    const all = area ? await this.below(area, () => true) : await this.below("", (one) => inRange(sought[0]!, one.range));
    const fits = all.filter((one) => sought.every((word) => haystack(one).includes(word)));
    const first = (one: Station): number => (fold(one.code) === sought.join(" ") ? 0 : 1);
    return fits.sort((one, two) => first(one) - first(two)).slice(0, FOUND);
  }

  async get(code: string): Promise<Station | null> {
    const all = await this.below("", (one) => !!one.range && one.range[0] <= code && code <= one.range[1]);
    return all.find((one) => one.code === code) ?? null;
  }

  /** The nearest files first, until what is left is further than what is found. */
  async near(latitude: number, longitude: number, count = 5): Promise<readonly NearStation[]> {
    const root = await this.root();
    const open = [{ metres: 0, code: root.code }];
    let found: NearStation[] = [];
    while (open.length && (found.length < count || open[0]!.metres <= found[count - 1]!.metres)) {
      const { code } = open.shift()!;
      const near = (await this.of(code)).filter((one) => one.lat !== null && one.lon !== null);
      found.push(...near.map((one) => ({ station: one, metres: distance(latitude, longitude, one.lat!, one.lon!) })));
      found = found.sort(byMetres).slice(0, count);
      for (const one of (await this.area(code)).areas)
        if (one.box) open.push({ code: one.code, metres: toBox(latitude, longitude, one.box) });
      open.sort(byMetres);
    }
    return found;
  }

  /** The stations of an area and of those areas below it that pass. */
  private async below(area: string, passes: (one: Below) => boolean): Promise<Station[]> {
    const root = await this.root();
    const code = area || root.code;
    const shard = await this.area(code);
    const deeper = await Promise.all(shard.areas.filter(passes).map((one) => this.below(one.code, passes)));
    return [...(await this.of(code)), ...deeper.flat()];
  }

  private root = (): Promise<Shard> => this.load(ROOT, this.signedRoot());

  private async area(code: string): Promise<Shard> {
    const root = await this.root();
    if (code === root.code) return root;
    const known = this.known.get(code) ?? (await this.search(root, code));
    return known.inside ?? this.load(`stations/${code}.json`, known.file ?? "");
  }

  /** Look for an area that no file read so far has named: from the top down. */
  private async search(shard: Shard, code: string): Promise<Below> {
    for (const one of shard.areas) {
      if (one.areas) await this.area(one.code).then((below) => this.search(below, code).catch(() => undefined));
      const found = this.known.get(code);
      if (found) return found;
    }
    throw new CoreProblem("no.area", "area", `${code} is no area of the pack`);
  }

  private load(path: string, expected: string): Promise<Shard> {
    const kept = this.shards.get(path);
    if (kept) return kept;
    const loading = this.read(path, expected);
    this.shards.set(path, loading);
    loading.catch(() => this.shards.delete(path));
    return loading;
  }

  private async read(path: string, expected: string): Promise<Shard> {
    const data = await this.files(path, expected);
    if (expected && hex(await sha256(data)) !== expected)
      throw new CoreProblem("stations.forged", path, "is not the file that the list names");
    const shard = JSON.parse(text(data)) as Shard;
    this.learn(shard);
    return shard;
  }

  private learn(shard: Shard): void {
    for (const one of shard.areas) {
      this.known.set(one.code, one);
      if (one.inside) this.learn(one.inside);
    }
  }
}

const station = ([code, names, address, place, lat, lon]: Shard["stations"][number], area: string): Station => ({
  code,
  area,
  names,
  address,
  place,
  lat,
  lon,
});

const fold = (given: string): string => given.normalize("NFKC").toLowerCase().replaceAll("ё", "е").trim();
const haystack = (one: Station): string => fold([one.code, one.address, one.place, ...Object.values(one.names)].join(" "));
const byMetres = (one: { metres: number }, two: { metres: number }): number => one.metres - two.metres;
/** Whether a range of codes can hold one that begins so. */
const inRange = (start: string, range: Below["range"]): boolean =>
  !!range && fold(range[0]).slice(0, start.length) <= start && start <= fold(range[1]).slice(0, start.length);

/** Great-circle distance in metres (haversine). */
function distance(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const rad = Math.PI / 180;
  const across = Math.sin(((lat2 - lat1) * rad) / 2) ** 2;
  const along = Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(across + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * along));
}

/** The distance to the nearest point of a box; boxes don't cross the date line. */
function toBox(latitude: number, longitude: number, [south, west, north, east]: Box): number {
  const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
  return distance(latitude, longitude, clamp(latitude, south, north), clamp(longitude, west, east));
}
