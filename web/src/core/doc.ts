/** Doc: the one document in which everything private of this phone stands, as it is kept (bytes in hex or base64). */

import type { Choices, Item, Problem, Report, Station, Step } from "./types";

export interface Doc {
  readonly version: 1;
  /** Hex id of the election; "" before the first one is loaded. Never changes after. */
  readonly election: string;
  readonly identity: Identity | null;
  readonly pending: PendingDoc | null;
  readonly observer: ObserverDoc | null;
  /** The highest sequence number used. */
  readonly sequence: number;
  readonly items: readonly ItemDoc[];
  readonly carried: readonly CarriedDoc[];
  /** The newest tree this phone has seen, against which every later one is held. */
  readonly head: { readonly size: number; readonly root: string } | null;
  readonly mirrors: MirrorsDoc | null;
  readonly clockAhead: number | null;
  readonly askedToPersist: boolean;
}

export const EMPTY: Doc = {
  version: 1,
  election: "",
  identity: null,
  pending: null,
  observer: null,
  sequence: 0,
  items: [],
  carried: [],
  head: null,
  mirrors: null,
  clockAhead: null,
  askedToPersist: false,
};

/** A finished credential. */
export interface Identity {
  readonly seed: string;
  readonly token: string;
  readonly reissued: boolean;
  readonly paper: boolean;
}

/** An observer's key, who has vouched for it, and the highest sequence number it has used. */
export interface ObserverDoc {
  readonly seed: string;
  readonly key: string;
  /** Base64 of the accreditation's CBOR, and its organisation's name; "" before. */
  readonly accreditation: string;
  readonly organisation: string;
  readonly sequence: number;
}

/** A token request on its way: kept before it is sent, so that the same one can be sent again. */
export interface PendingDoc {
  readonly seed: string;
  readonly request: string;
  readonly cohort: string;
  readonly unsigned: string;
  readonly inverse: string;
  readonly reissue: boolean;
}

export interface MirrorsDoc {
  readonly issued: number;
  /** Hex SHA-256 of stations/index.json. */
  readonly stations: string;
  readonly origins: readonly string[];
}

export interface ItemDoc {
  readonly id: string;
  readonly kind: Item["kind"];
  readonly sequence: number;
  readonly station: Station | null;
  readonly choices: Choices | null;
  readonly report: Report | null;
  readonly steps: readonly Step[];
  readonly problem: Problem | null;
  readonly tries: number;
  readonly nextTry: number | null;
  /** Base64 of the record, and of a ballot's sealed inner part; "" for a draft. */
  readonly record: string;
  readonly sealed: string;
  /** Hex SHA-256 of the record and of the inner part. */
  readonly name: string;
  readonly inner: string;
  readonly photo: PhotoDoc | null;
  readonly receipt: string;
  readonly index: number;
}

/** A photograph; its bytes are the blobs `full`, `small` (JPEG) and `photo` (sealed) of `blobs`. */
export interface PhotoDoc {
  /** The id of the item under which the bytes are kept: a later ballot with the same picture shares them. */
  readonly blobs: string;
  /** Hex SHA-256 of the sealed bytes; "" in a draft. */
  readonly digest: string;
  readonly total: number;
  readonly sent: number;
  readonly done: boolean;
  readonly small: boolean;
  /** How often an upload broke off without getting further. */
  readonly stuck: number;
  /** The upload's address, for the mirror it was begun at. */
  readonly upload: string;
}

export interface CarriedDoc {
  readonly id: string;
  readonly bytes: number;
  readonly envelopes: number;
  readonly photos: number;
  readonly added: number;
  readonly delivered: number | null;
  readonly problem: Problem | null;
  readonly tries: number;
  readonly nextTry: number | null;
}
