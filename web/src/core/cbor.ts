/** CBOR: the part of RFC 8949 that records are made of, in the one deterministic encoding of section 4.2.1. */

import { type Bytes, concat, equal, number, text, utf8 } from "./bytes";

export type Value = number | string | boolean | null | Uint8Array | readonly Value[];

const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const DEPTH = 16;

export function encode(value: Value): Bytes {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === "number") return head(0, value);
  if (typeof value === "string") {
    const spelt = utf8(value);
    return concat(head(TEXT, spelt.length), spelt);
  }
  if (value instanceof Uint8Array) return concat(head(BYTES, value.length), value);
  return concat(head(ARRAY, value.length), ...value.map(encode));
}

/** @throws RangeError for anything else than one value in that encoding */
export function decode(data: Bytes): Value {
  const reader = new Reader(data);
  const value = reader.value(0);
  if (!equal(encode(value), data)) throw new RangeError("not deterministic CBOR");
  return value;
}

function head(major: number, count: number): Bytes {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError("no whole number below 2^53");
  const length = count < 24 ? 0 : count < 0x100 ? 1 : count < 0x10000 ? 2 : count < 0x100000000 ? 4 : 8;
  if (!length) return Uint8Array.of((major << 5) | count);
  return concat(Uint8Array.of((major << 5) | (24 + Math.log2(length))), number(count, length));
}

class Reader {
  private at = 0;
  constructor(private readonly data: Bytes) {}

  value(depth: number): Value {
    if (depth > DEPTH) throw new RangeError("nested too deeply");
    const first = this.take(1)[0]!;
    if (first === 0xf6) return null;
    if (first === 0xf5 || first === 0xf4) return first === 0xf5;
    const major = first >> 5;
    const count = this.count(first & 31);
    if (major === 0) return count;
    if (major === BYTES) return this.take(count);
    if (major === TEXT) return text(this.take(count));
    if (major === ARRAY) return this.array(count, depth);
    throw new RangeError("not of the kinds that records are made of");
  }

  private array(count: number, depth: number): Value[] {
    if (count > this.data.length - this.at) throw new RangeError("ends too early");
    return Array.from({ length: count }, () => this.value(depth + 1));
  }

  private count(low: number): number {
    if (low < 24) return low;
    if (low > 27) throw new RangeError("of no definite length");
    const count = this.take(1 << (low - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(count)) throw new RangeError("above 2^53");
    return count;
  }

  private take(count: number): Bytes {
    if (count > this.data.length - this.at) throw new RangeError("ends too early");
    this.at += count;
    return this.data.slice(this.at - count, this.at);
  }
}
