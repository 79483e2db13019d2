/** Log: what a mirror shows of the log, asked so that it does not learn which record is meant. */

import { type Bytes, equal, hex, sha256, text, toBig, unhex } from "./bytes";
import { type Node, consistencyProof, inclusionProof, leafHash, nodeHash, verifyConsistency } from "./merkle";
import { type Checkpoint, type Policy, type Receipt, acceptCheckpoint, verifyReceipt } from "./receipt";
import type { Road } from "./road";
import { CoreProblem } from "./types";

const WIDTH = 256;
const HEIGHT = 8;
const HASH = 32;
const NONE = 0xffffffff;

/** What the look-up says of a record: its place, and what became of it (docs/formats.md, "The app"). */
export interface Found {
  readonly index: number;
  readonly fate: string;
  /** Of one that is counted: in which group; "" where nothing is said. */
  readonly tier: string;
}

/** One view of the log: a mirror's files under one checkpoint. */
export class LogView {
  private readonly tiles = new Map<string, Promise<Bytes>>();

  private constructor(
    private readonly road: Road,
    readonly base: string,
    readonly checkpoint: Checkpoint,
  ) {}

  /** Open the newest checkpoint at `base`. @throws offline, note.*, checkpoint.* */
  static async open(road: Road, base: string, policy: Policy): Promise<LogView> {
    return new LogView(road, base, await acceptCheckpoint(await road.get(`${base}checkpoint`), policy));
  }

  /** Find a record by the first digits of its leaf's hash; null where it is not under this checkpoint. */
  async find(record: Bytes): Promise<Found | null> {
    const leaf = hex(await leafHash(record));
    const prefix = leaf.slice(0, digits(this.checkpoint.size));
    const rows = text(await this.road.get(`${this.base}lookup/${prefix || "all"}`)).split("\n");
    for (const row of rows) {
      const [start = "", index = "", fate = "", tier = ""] = row.split(" ");
      if (start && leaf.startsWith(start)) return { index: Number(index), fate, tier };
    }
    return null;
  }

  /** Prove a record's place with this mirror's tiles. @throws receipt.forged, offline */
  async receipt(record: Bytes, index: number, policy: Policy): Promise<Receipt> {
    if (!(index < this.checkpoint.size)) throw new CoreProblem("receipt.forged", "lookup", "names a leaf outside the tree");
    const hashes = await inclusionProof(index, this.checkpoint.size, this.node);
    const receipt = { index, hashes, checkpoint: this.checkpoint.note };
    await verifyReceipt(receipt, record, policy);
    return receipt;
  }

  /** Check that this tree grew out of an earlier one. @throws log.forked */
  async follows(size: number, root: Bytes): Promise<void> {
    if (size > this.checkpoint.size) return;
    const proof = await consistencyProof(size, this.checkpoint.size, this.node);
    if (!(await verifyConsistency(size, root, this.checkpoint.size, this.checkpoint.root, proof)))
      throw new CoreProblem("log.forked", "log", "shows another past than it did before", "Keep both receipts and tell the observers.");
  }

  /** The opened inner part of a leaf, null where there is none; the mirror learns 256 leaves among which it is. */
  async opening(index: number): Promise<Bytes | null> {
    const bundle = Math.floor(index / WIDTH);
    const name = tileName(bundle, this.checkpoint.size - bundle * WIDTH);
    const records = splitRecords(await this.road.get(`${this.base}openings/${name}`));
    return records[index % WIDTH] ?? null;
  }

  private node: Node = async (level, index) => {
    const inTile = level % HEIGHT;
    const tileLevel = (level - inTile) / HEIGHT;
    const span = WIDTH / 2 ** inTile;
    const tile = Math.floor(index / span);
    const at = (index % span) * 2 ** inTile;
    const data = await this.tile(tileLevel, tile);
    return subtree(data.slice(at * HASH, (at + 2 ** inTile) * HASH));
  };

  private tile(level: number, index: number): Promise<Bytes> {
    const width = Math.floor(this.checkpoint.size / WIDTH ** level) - index * WIDTH;
    const path = `tile/${level}/${tileName(index, width)}`;
    const found = this.tiles.get(path) ?? this.road.get(this.base + path);
    this.tiles.set(path, found);
    return found;
  }
}

/** How many hex digits of a leaf's hash name its look-up file: so many that a file holds 256 leaves or fewer on average. */
export function digits(size: number): number {
  let count = 0;
  while (size > WIDTH * 16 ** count) count++;
  return count;
}

async function subtree(hashes: Bytes): Promise<Bytes> {
  if (hashes.length < HASH || hashes.length % HASH) throw new CoreProblem("log.malformed", "tile", "is too short");
  if (hashes.length === HASH) return hashes;
  const half = hashes.length / 2;
  return nodeHash(await subtree(hashes.slice(0, half)), await subtree(hashes.slice(half)));
}

/** A tile's or bundle's name (C2SP tlog-tiles), of `width` leaves where it is the last. */
export function tileName(index: number, width: number): string {
  let name = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest; rest = Math.floor(rest / 1000)) name = `x${String(rest % 1000).padStart(3, "0")}/${name}`;
  return width < WIDTH ? `${name}.p/${width}` : name;
}

function splitRecords(data: Bytes): (Bytes | null)[] {
  const found: (Bytes | null)[] = [];
  for (let at = 0; at + 4 <= data.length; ) {
    const length = Number(toBig(data.subarray(at, at + 4)));
    found.push(length === NONE ? null : data.slice(at + 4, at + 4 + length));
    at += 4 + (length === NONE ? 0 : length);
  }
  return found;
}

/** Whether an opened inner part is the one of that digest. */
export const isInner = async (inner: Bytes, digest: string): Promise<boolean> => equal(await sha256(inner), unhex(digest));
