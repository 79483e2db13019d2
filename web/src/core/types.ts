/** Types: what the core tells the screens. Bytes never leave the core; names are hex, times are ms since 1970. */

/** Text by language code: be, ru, en, ... A missing language is left to the screen (see `Core.name`). */
export type Names = Readonly<Record<string, string>>;

export interface Option {
  readonly id: string;
  readonly names: Names;
}

/** One question of the ballot paper; `maxChoices` options may be marked, none is a blank ballot. */
export interface Contest {
  readonly id: string;
  readonly names: Names;
  readonly maxChoices: number;
  readonly options: readonly Option[];
}

/** A line of the station protocol besides the options; `role` is voters, issued, turnout, invalid, blank or "". */
export interface Line {
  readonly id: string;
  readonly role: string;
  readonly names: Names;
}

/** A sum that a protocol should fulfil, as `turnout == options + invalid`. */
export interface Check {
  readonly rule: string;
  readonly names: Names;
}

/** The election as the stewards signed it; every file was checked against `id`. */
export interface Election {
  readonly id: string;
  /** The first eight hex digits of the id, for people. */
  readonly shortId: string;
  readonly names: Names;
  /** ISO date of the vote. */
  readonly date: string;
  readonly cancelled: string;
  readonly languages: readonly string[];
  readonly contests: readonly Contest[];
  readonly lines: readonly Line[];
  readonly checks: readonly Check[];
  /** Codes of what observers can report. */
  readonly incidents: readonly string[];
  /** Names of the organisations that accredit observers; none: there are no observers' reports in this election. */
  readonly organisations: readonly string[];
  /** Whether voters lay their code beside the ballot. */
  readonly binding: boolean;
  /** Seconds between checkpoints: a receipt can't come sooner. */
  readonly checkpointEvery: number;
  /** Stations with fewer ballots are not opened. */
  readonly k: number;
  /** Days on which cohorts begin; registration is open from the first. */
  readonly registrationFrom: string;
}

/** The choice: contest id to the option ids marked; `["invalid"]` says that the ballot is invalid. */
export type Choices = Readonly<Record<string, readonly string[]>>;

/** The option id by which a voter says that the ballot is invalid. It is no option of any contest. */
export const INVALID = "invalid";

/** A node above the stations. `children` and `stations` are how many there are below it. */
export interface Area {
  readonly code: string;
  readonly parent: string;
  readonly level: string;
  readonly names: Names;
  readonly children: number;
  readonly stations: number;
}

export interface Station {
  readonly code: string;
  readonly area: string;
  readonly names: Names;
  readonly address: string;
  readonly place: string;
  readonly lat: number | null;
  readonly lon: number | null;
}

export interface NearStation {
  readonly station: Station;
  /** Great-circle distance. */
  readonly metres: number;
}

/**
 * A picture as the camera screen hands it over: JPEG without any metadata, already upright, scaled and masked.
 * `full` has at most 150 kB, `small` at most 25 kB. Refused (`photo.metadata`, `photo.size`) if either is not so.
 */
export interface Photo {
  readonly full: Uint8Array;
  readonly small: Uint8Array;
}

/**
 * How far an item is. Each is said only when it is proven, and keeps its time:
 * - draft: on this phone, lacks a station or choice; nothing can be sent.
 * - saved: complete, on this phone alone.
 * - handed: a server said that it is durable there (202), or (by: "file", "qr") it left this phone in another's hands.
 * - received: a receipt that verifies, under a final checkpoint.
 * - checked: found again under a later, consistent checkpoint, or by another mirror.
 * - counted: opened; the inner part published is the one made here.
 * - closed: the opening is out, and it is not among the opened; `reason` says why.
 * - refused: a server said no for good; `problem` says why.
 * - replaced: a later item of the same key stands for it.
 */
export type Stage = "draft" | "saved" | "handed" | "received" | "checked" | "counted" | "closed" | "refused" | "replaced";

/** The group in which a ballot is counted: each is a part of the one before it. */
export type Tier = "declared" | "photographed" | "read" | "confirmed" | "bound";

export interface Step {
  readonly stage: Stage;
  /** Milliseconds since 1970, put right by the server's clock where this phone's is wrong. */
  readonly time: number;
  /** handed: the origin, or "file", "qr", "carried". received, checked: the mirror. */
  readonly by?: string;
  /** closed: below (fewer than k ballots at the station), replaced, withdrawn, spoilt, late (after the cut-off). */
  readonly reason?: "below" | "replaced" | "withdrawn" | "spoilt" | "late";
  /** counted: as what, by the publisher's word. */
  readonly tier?: Tier;
  /** checked: whether it was another mirror than the one that gave the receipt. */
  readonly independent?: boolean;
}

/** The photograph's own way. `small`: the network could not carry the full picture, so the small one is the photograph. */
export interface PhotoProgress {
  readonly total: number;
  readonly sent: number;
  readonly done: boolean;
  readonly small: boolean;
}

/** What an observer says of a station. */
export type Report =
  | { readonly kind: "protocol"; readonly figures: Readonly<Record<string, number>> }
  | { readonly kind: "turnout"; readonly line: string; readonly voters: number | null; readonly twice: number; readonly throughout: boolean }
  | { readonly kind: "incident"; readonly category: string };

/** One thing said by this phone: by the voter's key, or, with a `report`, by the observer's. */
export interface Item {
  /** Random name on this phone. */
  readonly id: string;
  readonly kind: "ballot" | "withdrawal" | Report["kind"];
  readonly report: Report | null;
  readonly sequence: number;
  readonly station: Station | null;
  readonly choices: Choices | null;
  readonly hasPhoto: boolean;
  readonly photo: PhotoProgress | null;
  /** The newest of `steps`. */
  readonly stage: Stage;
  readonly steps: readonly Step[];
  /** What stands in the way now; null while all is well or nothing was tried. */
  readonly problem: Problem | null;
  /** When the next attempt is due; null where none is. */
  readonly nextTry: number | null;
  /** Hex SHA-256 of the record; "" for a draft. */
  readonly record: string;
  readonly hasReceipt: boolean;
}

/** Somebody else's sealed file on this phone. Nothing in it can be read here. */
export interface Carried {
  readonly id: string;
  readonly bytes: number;
  readonly envelopes: number;
  readonly photos: number;
  readonly added: number;
  /** When all of it was taken by a server; null before. */
  readonly delivered: number | null;
  readonly problem: Problem | null;
}

/**
 * What is wrong, with what, and what to do: the server's problem document (docs/formats.md) or one of the core's own:
 * offline, timeout, storage.full, storage.blocked, pin.wrong, pin.malformed, paper.malformed, paper.election, file.malformed, file.election,
 * accreditation.malformed, accreditation.organisation, accreditation.signature, photo.metadata, photo.size, registration.none, election.unknown, election.changed, receipt.forged, log.forked, no.station.
 * Screens translate by `code`; `detail` and `remedy` are English and for the curious.
 */
export interface Problem {
  readonly code: string;
  readonly field: string;
  readonly detail: string;
  readonly remedy: string;
}

/** Thrown by every function of the core that can fail. */
export class CoreProblem extends Error implements Problem {
  constructor(
    readonly code: string,
    readonly field = "",
    readonly detail = "",
    readonly remedy = "",
    /** Seconds to wait, where a server said so. */
    readonly retryAfter = 0,
  ) {
    super(`${code}: ${field} ${detail}`);
  }
}

/** Registration: none -> coded (a code is on its way) -> registered. `paper`: the paper QR was confirmed as kept. */
export interface Registration {
  readonly step: "none" | "coded" | "registered";
  readonly cohort: string;
  readonly reissued: boolean;
  readonly paper: boolean;
}

/** The observer's key of this device, in hex, and who has vouched for it ("": nobody yet). */
export interface Observer {
  readonly key: string;
  readonly organisation: string;
}

/** Everything a screen draws from. A new object on each change. */
export interface State {
  /** A PIN is set and has not been given: nothing below `locked` is known. */
  readonly locked: boolean;
  readonly pinSet: boolean;
  readonly election: Election | null;
  readonly registration: Registration;
  /** What the voter's key says. */
  readonly items: readonly Item[];
  readonly observer: Observer | null;
  /** What the observer's key says, drafts too. */
  readonly reports: readonly Item[];
  readonly carried: readonly Carried[];
  readonly online: boolean;
  /** An exchange with a server is going on (in this tab or another). */
  readonly busy: boolean;
  /** navigator.storage.persist() was granted; null: not asked. */
  readonly persisted: boolean | null;
  /** Bytes left for this origin, null where the browser does not say. */
  readonly storageLeft: number | null;
  /** This phone's clock is off by so many ms (positive: it is ahead), null where no server was asked. */
  readonly clockAhead: number | null;
  /** A new version of the app waits; `Core.update` takes it. Nothing in the outbox is touched. */
  readonly updateReady: boolean;
  readonly settings: Settings;
}

export interface Settings {
  readonly language: string;
  /** Delete an item, its choice and photograph from the phone once its receipt is verified. */
  readonly wipeAfterReceipt: boolean;
  /** Set by the screens for themselves; small strings only, kept in clear: nothing about the vote. */
  readonly ui: Readonly<Record<string, string>>;
}
