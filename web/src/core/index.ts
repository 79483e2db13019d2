/** Core: the voter's app without a screen. One object, made once; screens draw `state()` and call the rest. */

import type { Area, Choices, Item, NearStation, Names, Photo, Report, Settings, State, Station } from "./types";

export * from "./types";
export { openCore } from "./core";

export interface Core {
  /** The newest state; the same object until something changes. */
  state(): State;
  /** Call `listener` after each change, in any tab; returns the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** The text in the language of the settings, else English, else any. */
  name(names: Names): string;
  set(change: Partial<Settings>): Promise<void>;

  /** Load (or load again) the election from the own origin or a mirror; kept for offline. @throws offline, election.changed */
  loadElection(): Promise<void>;
  /** Take an election file (`election.golos`), for the offline page and for phones without a network. */
  importElection(file: Uint8Array): Promise<void>;

  /** The key, from phone to token. */
  readonly registration: {
    /** Have a code sent. The screen has said before that the operator sees it. @throws enrolment.* of the server */
    sendCode(phone: string): Promise<void>;
    /**
     * Make the key on this device, have it blind-signed, keep it. The blinded request is kept before it is sent, so that
     * a lost answer is asked for again with the same request. `reissue`: the key is lost; once per phone.
     * @throws enrolment.code_wrong, enrolment.code_expired, enrolment.guesses, enrolment.used (somebody registered this number),
     *   enrolment.reissued, enrolment.unknown, enrolment.closed
     */
    finish(phone: string, code: string, reissue?: boolean): Promise<void>;
    /**
     * Say, with the phone and the code just given, that somebody else registered this number; once per phone, counted in
     * public by region (`area`, "" for none). @throws enrolment.code_*, enrolment.unknown
     */
    dispute(phone: string, code: string, area: string): Promise<void>;
    /** The text of the paper QR: seed and token (base45 after `GOLOS:K:`; fits a QR of 85 modules). @throws registration.none */
    paper(): Promise<string>;
    /** The voter says that the paper is kept. */
    paperKept(): Promise<void>;
    /** The nine digits to lay beside the ballot, where the election asks for them. @throws registration.none */
    slip(): Promise<string>;
    /** Take the key from paper. @throws paper.malformed, paper.election */
    importPaper(text: string): Promise<void>;
  };

  /** The optional PIN (4 to 12 digits, or any passphrase up to 64 characters). */
  readonly pin: {
    set(pin: string): Promise<void>;
    unlock(pin: string): Promise<void>;
    lock(): void;
    remove(pin: string): Promise<void>;
  };

  /** Stations come in small files, one per area; what was loaded stays for offline. */
  readonly stations: {
    /** The areas whose parent that is; of "" it is the nation alone. */
    areas(parent?: string): Promise<readonly Area[]>;
    /** The stations directly in an area. */
    of(area: string): Promise<readonly Station[]>;
    /** By code, number, name, address or place, within `area` (default: everywhere a code's prefix leads to). */
    find(text: string, area?: string): Promise<readonly Station[]>;
    /** The nearest, reckoned on the device. A server learns the districts whose lists were fetched for it, as with any other way to a station. */
    near(latitude: number, longitude: number, count?: number): Promise<readonly NearStation[]>;
    get(code: string): Promise<Station | null>;
  };

  /** What this key says. The newest item that is no draft stands; all others are history. */
  readonly outbox: {
    /** Keep an unfinished ballot (`photo` "sent": with the picture of the newest ballot that has one), or with a `report` an observer's; give its id to go on with it. Returns the id. */
    draft(item: { id?: string; station?: string; choices?: Choices; report?: Report; photo?: Photo | "sent" | null }): Promise<string>;
    /** What a draft holds: to go on. The photograph itself stays inside. */
    discard(id: string): Promise<void>;
    /**
     * Make the ballot (a higher sequence number than any before) and put it in the outbox. `photo`: null is none; left out
     * it is the draft's, or without a draft the one of the ballot that this one replaces. @throws registration.none, no.station, storage.full
     */
    ballot(ballot: { draft?: string; station: string; choices: Choices; photo?: Photo | null }): Promise<string>;
    /** Take the ballot back. */
    withdraw(): Promise<string>;
    /** Try everything now that can be tried. Resolves when the attempt is over; never throws. */
    send(): Promise<void>;
    /** Delete one item's choice, photograph and receipt from this phone; what was sent stays sent. */
    wipe(id: string): Promise<void>;
    /** The picture that leaves, as kept on this phone; null where there is none (any more). */
    picture(id: string): Promise<Uint8Array | null>;
  };

  /** What an accredited observer's device says. Its key is another than the voter's, and public with every report. */
  readonly observer: {
    /** Make the key, if there is none. */
    begin(): Promise<void>;
    /** Take an organisation's word for the key. @throws accreditation.malformed, accreditation.organisation, accreditation.signature */
    accredit(spelt: string): Promise<void>;
    /** Sign a draft and put it into the outbox. Returns its new id. @throws accreditation.none, no.station, report.empty */
    send(id: string): Promise<string>;
  };

  /** Ways out without a network. Sealed: whoever carries it can read nothing. */
  readonly file: {
    /** A `.golos` file of these items (default: all not yet received), facts and photographs. Marks them handed by "file". */
    export(ids?: readonly string[]): Promise<{ name: string; bytes: Uint8Array }>;
    /** The item's facts as the text of one QR code (base45 after `GOLOS:E:`). Marks it handed by "qr". */
    qr(id: string): Promise<string>;
  };

  /** Other people's sealed files. */
  readonly carry: {
    /** Keep a file. Returns its id. @throws file.malformed, file.election, storage.full */
    add(file: Uint8Array): Promise<string>;
    /** Keep what was read from a QR code. */
    addQr(text: string): Promise<string>;
    /** The file again, to pass it on. */
    export(id: string): Promise<{ name: string; bytes: Uint8Array }>;
    remove(id: string): Promise<void>;
  };

  readonly receipt: {
    /** Six words made from the record's name; the same on every device and for ever. Latin for en, Cyrillic for be and ru. */
    words(id: string, language?: string): Promise<string[]>;
    /** The tlog-proof, to be saved or shown as a QR code. @throws receipt.none */
    text(id: string): Promise<string>;
    /** Look again: receipt, later checkpoint, opening. Asks by hash prefix, and a mirror where there is one. @throws offline, log.forked */
    check(id: string): Promise<Item>;
  };

  /** QR codes: the modules of a code that holds `text`, and the text of a picture ("" where none is read). */
  readonly qr: {
    encode(text: string): Promise<boolean[][]>;
    /** Loads the reader on first use where the browser has none. */
    decode(picture: ImageData): Promise<string>;
  };

  /** Ask the browser to keep the data (navigator.storage.persist). */
  persist(): Promise<boolean>;
  /** Take the new version: reloads every tab. */
  update(): Promise<void>;
  /** Empty every store, cache and service worker of this origin. Nothing comes back. */
  forget(): Promise<void>;
}
