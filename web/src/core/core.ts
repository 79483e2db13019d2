/** Core: puts the parts together, and keeps sending while the page is open. */

import { text, unbase64, unhex } from "./bytes";
import { browserPlatform } from "./browser";
import * as credential from "./credential";
import { type Doc, type ItemDoc } from "./doc";
import type { Core } from "./index";
import { has, isDelivered, isDue, isFinal, isVoters, shown, standing, stepped, withItem } from "./item";
import type * as Later from "./later";
import type * as Observe from "./observe";
import type { Platform } from "./platform";
import { decodeQr, encodeQr } from "./qr";
import { Session } from "./session";
import { SETTINGS, Store } from "./store";
import { CoreProblem, type Names, type Registration, type Settings, type State } from "./types";

const later = (): Promise<typeof Later> => import("./later");
const observe = (): Promise<typeof Observe> => import("./observe");

/** A next attempt further away than this is a clock that was put right since. */
const FURTHEST = 3 * 3_600_000;
const EXTENSION = ".golos";

/** Open the core of this page; everything kept is there again, unless a PIN is asked for first. */
export async function openCore(platform: Platform = browserPlatform()): Promise<Core> {
  const core = new AppCore(platform);
  await core.open();
  return core;
}

class AppCore implements Core {
  private readonly store: Store;
  private readonly session: Session;
  private readonly listeners = new Set<() => void>();
  private settings: Settings;
  private snapshot: State | null = null;
  private cohort = "";
  private busy = false;
  /** The pass under way with all that are to follow it, and the last of these while it waits. */
  private passing: Promise<void> | null = null;
  private following: Promise<void> | null = null;
  private gone = false;
  private updateReady = false;
  private persisted: boolean | null = null;
  private storageLeft: number | null = null;
  private cancelWake = (): void => undefined;

  constructor(private readonly platform: Platform) {
    this.store = new Store(platform);
    this.session = new Session(platform, this.store);
    this.settings = { language: platform.language.slice(0, 2), wipeAfterReceipt: false, ui: {} };
  }

  async open(): Promise<void> {
    this.settings = { ...this.settings, ...((await this.platform.rows.get(SETTINGS)) as Partial<Settings> | undefined) };
    await this.store.open();
    await this.prepare();
    this.platform.hear((news) => void this.heard(news));
    this.platform.keepOffline(() => ((this.updateReady = true), this.changed()));
  }

  state(): State {
    return (this.snapshot ??= this.draw());
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  name(names: Names): string {
    return names[this.settings.language] ?? names["en"] ?? Object.values(names)[0] ?? "";
  }

  async set(change: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...change };
    if (!this.gone) await this.platform.rows.put(new Map([[SETTINGS, this.settings]]));
    this.platform.tell("changed");
    this.changed();
  }

  loadElection = (): Promise<void> => this.acting(() => this.session.load());
  importElection = (file: Uint8Array): Promise<void> => this.acting(() => this.session.take(Uint8Array.from(file)));

  readonly registration: Core["registration"] = {
    sendCode: (phone) => this.acting(() => credential.sendCode(this.session, phone)),
    finish: (phone, code, reissue = false) => this.acting(() => credential.register(this.session, phone, code, reissue)),
    dispute: (phone, code, area) => this.acting(() => credential.dispute(this.session, phone, code, area)),
    paper: () => credential.paper(this.session),
    paperKept: () => this.acting(() => this.edit((doc) => ({ ...doc, identity: doc.identity && { ...doc.identity, paper: true } }))),
    slip: () => this.slip(),
    importPaper: (spelt) => this.acting(() => credential.importPaper(this.session, spelt)),
  };

  readonly pin: Core["pin"] = {
    set: (pin) => this.acting(() => this.setPin(pin)),
    unlock: (pin) => this.acting(async () => (await this.store.unlock(pin), this.prepare())),
    lock: () => (this.store.lock(), this.forgetLoaded(), this.changed()),
    remove: (pin) => this.acting(async () => (await this.store.checkPin(pin), this.store.setPin(null))),
  };

  get stations(): Core["stations"] {
    const { stations } = this.session;
    return {
      areas: (parent) => stations.areas(parent),
      of: (area) => stations.of(area),
      find: (wanted, area) => stations.find(wanted, area),
      near: (latitude, longitude, count) => stations.near(latitude, longitude, count),
      get: (code) => stations.get(code),
    };
  }

  readonly outbox: Core["outbox"] = {
    draft: (draft) => this.acting(async () => (await later()).keepDraft(this.session, this.findStation, draft)),
    discard: (id) => this.acting(() => this.discard(id)),
    ballot: (ballot) => this.acting(async () => (await later()).makeBallot(this.session, this.findStation, ballot)),
    withdraw: () => this.acting(async () => (await later()).makeWithdrawal(this.session)),
    send: () => this.pass(true),
    wipe: (id) => this.acting(async () => (await later()).wipeItem(this.session, id)),
    picture: (id) => this.picture(id),
  };

  readonly observer: Core["observer"] = {
    begin: () => this.acting(async () => (await observe()).makeKey(this.session)),
    accredit: (spelt) => this.acting(async () => (await observe()).accredit(this.session, spelt)),
    send: (id) => this.acting(async () => (await observe()).makeReport(this.session, id)),
  };

  readonly file: Core["file"] = {
    export: (ids) => this.acting(() => this.exportFile(ids)),
    qr: (id) => this.acting(() => this.exportQr(id)),
  };

  readonly carry: Core["carry"] = {
    add: (file) => this.acting(async () => (await this.session.pack(), (await later()).addFile(this.session, Uint8Array.from(file)))),
    addQr: (spelt) => this.acting(async () => (await this.session.pack(), (await later()).addQr(this.session, spelt))),
    export: async (id) => ({ name: `${id}${EXTENSION}`, bytes: await (await later()).fileOf(this.session, id) }),
    remove: (id) => this.acting(async () => (await later()).removeFile(this.session, id)),
  };

  readonly receipt: Core["receipt"] = {
    words: async (id, language = this.settings.language) => (await later()).words(unhex(this.item(id).name), language),
    text: async (id) => {
      const { receipt } = this.item(id);
      if (!receipt) throw new CoreProblem("receipt.none", "receipt", "is not here yet");
      return text(unbase64(receipt));
    },
    check: (id) => this.acting(() => this.check(id)),
  };

  readonly qr: Core["qr"] = { encode: encodeQr, decode: decodeQr };

  async persist(): Promise<boolean> {
    this.persisted = await this.platform.persist();
    this.changed();
    return this.persisted;
  }

  update = (): Promise<void> => this.platform.update();

  /** The key's row first: from then on whatever the flash still holds is noise. Then everything else. */
  async forget(): Promise<void> {
    this.gone = true;
    this.cancelWake();
    this.platform.tell("forgotten");
    const names = await this.platform.rows.names();
    await this.platform.rows.put(new Map(names.map((name) => [name, undefined])));
    await this.platform.rows.destroy();
    await this.platform.wipe();
    this.settings = { language: this.settings.language, wipeAfterReceipt: false, ui: {} };
    this.forgetLoaded();
    this.store.empty();
    this.changed();
  }

  /** After start and after the PIN: what is kept is read, and sending goes on. */
  private async prepare(): Promise<void> {
    this.persisted = await this.platform.persisted();
    if (!this.store.locked) {
      if (this.store.doc.election) await this.session.pack().catch(() => undefined);
      await this.nameCohort();
      void this.pass(false);
    }
    this.changed();
  }

  private async heard(news: "changed" | "forgotten"): Promise<void> {
    if (this.gone) return;
    if (news === "forgotten") {
      this.gone = true;
      this.cancelWake();
      this.store.empty();
      this.forgetLoaded();
    } else {
      this.settings = { ...this.settings, ...((await this.platform.rows.get(SETTINGS)) as Partial<Settings> | undefined) };
      await this.store.open();
      await this.nameCohort();
    }
    this.changed();
  }

  /** Do something the user asked for, then draw, then send what there is to send. */
  private async acting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await this.nameCohort();
      this.changed();
      void this.pass(false);
    }
  }

  /** Go over everything that is due. Asked for while a pass is under way, one more follows it. Never throws. */
  private pass(all: boolean): Promise<void> {
    if (this.following && !all) return this.following;
    const follow = (this.passing ?? Promise.resolve()).then(() => {
      if (this.following === follow) this.following = null;
      return this.onePass(all);
    });
    const settled: Promise<void> = follow.then(() => void (this.passing === settled && (this.passing = null)));
    if (this.passing) this.following = follow;
    this.passing = settled;
    return settled;
  }

  private async onePass(all: boolean): Promise<void> {
    if (this.gone || this.store.locked) return;
    this.busy = true;
    this.changed();
    try {
      await this.platform.alone("send", () => this.sendAll(all), all);
    } catch {
      // Storage that can't be written now: the next pass finds everything as it was.
    } finally {
      this.busy = false;
      this.storageLeft = await this.platform.storageLeft().catch(() => null);
      this.schedule();
      this.changed();
    }
  }

  private async sendAll(all: boolean): Promise<void> {
    const { sendItem, checkItem, deliver } = await later();
    const now = this.session.now();
    const due = (next: number | null): boolean => all || next === null || next <= now || next > now + FURTHEST;
    for (const { id } of this.store.doc.items.filter((item) => isDue({ ...item, nextTry: 0 }, now) && due(item.nextTry))) {
      const item = this.store.doc.items.find((one) => one.id === id);
      if (!item || isFinal(item)) continue;
      const sent = has(item, "received") || isDelivered(item);
      if (!has(item, "received") || (item.photo && !item.photo.done)) await sendItem(this.session, id);
      this.changed();
      const offline = item.steps.some((step) => step.stage === "handed");
      if (sent || offline) await checkItem(this.session, id, this.settings.wipeAfterReceipt);
      this.changed();
    }
    for (const { id, delivered, nextTry } of this.store.doc.carried)
      if (delivered === null && due(nextTry)) await deliver(this.session, id);
  }

  /** Wake for the next thing that is due, and when the network comes back. */
  private schedule(): void {
    this.cancelWake();
    const now = this.session.now();
    const open = this.store.doc.items.filter((item) => isDue({ ...item, nextTry: 0 }, now)).map((item) => item.nextTry ?? now);
    const files = this.store.doc.carried.filter((one) => one.delivered === null).map((one) => one.nextTry ?? now);
    const next = Math.min(...open, ...files);
    if (next === Infinity || this.gone) return;
    const pause = next > now + FURTHEST ? 0 : Math.max(0, next - now);
    this.cancelWake = this.platform.wake(pause + 500, () => void this.pass(false));
  }

  private draw(): State {
    const { doc, locked, pinSet } = this.store;
    return {
      locked,
      pinSet,
      election: this.session.loaded?.election ?? null,
      registration: this.registrationOf(doc),
      items: doc.items.filter(isVoters).map(shown),
      observer: doc.observer && { key: doc.observer.key, organisation: doc.observer.organisation },
      reports: doc.items.filter((item) => !isVoters(item)).map(shown),
      carried: doc.carried,
      online: this.platform.online(),
      busy: this.busy,
      persisted: this.persisted,
      storageLeft: this.storageLeft,
      clockAhead: this.session.ahead,
      updateReady: this.updateReady,
      settings: this.settings,
    };
  }

  private registrationOf({ identity, pending }: Doc): Registration {
    const step = identity ? "registered" : pending ? "coded" : "none";
    return { step, cohort: this.cohort, reissued: identity?.reissued ?? false, paper: identity?.paper ?? false };
  }

  private changed(): void {
    this.snapshot = null;
    for (const listener of this.listeners) listener();
  }

  private async nameCohort(): Promise<void> {
    const { identity } = this.store.doc;
    this.cohort = identity && this.session.loaded ? await credential.cohortName(this.session.loaded, identity) : "";
  }

  private forgetLoaded(): void {
    this.session.loaded = null;
    this.cohort = "";
  }

  private async setPin(pin: string): Promise<void> {
    if (pin.length < 4 || pin.length > 64) throw new CoreProblem("pin.malformed", "pin", "has 4 to 64 characters");
    await this.store.setPin(pin);
  }

  private findStation = (code: string) => this.session.stations.get(code);

  private item(id: string): ItemDoc {
    const item = this.store.doc.items.find((one) => one.id === id);
    if (!item) throw new CoreProblem("item.gone", "item", "is not on this phone any more");
    return item;
  }

  private async edit(work: (doc: Doc) => Doc): Promise<void> {
    await this.store.change((doc) => [work(doc), null]);
  }

  private async discard(id: string): Promise<void> {
    const item = this.item(id);
    if (item.record) return;
    await this.edit((doc) => ({ ...doc, items: doc.items.filter((one) => one.id !== id) }));
    await (await later()).dropPhoto(this.session, this.store.doc, item.photo);
  }

  private async slip(): Promise<string> {
    const { token, election } = await credential.credentialOf(this.store.doc);
    return (await later()).slipCode(token, election);
  }

  private async picture(id: string): Promise<Uint8Array | null> {
    const { photo } = this.item(id);
    return photo && this.store.blob(`${photo.small ? "small" : "full"}:${photo.blobs}`);
  }

  private async check(id: string): Promise<ReturnType<typeof shown>> {
    const { checkItem } = await later();
    await this.platform.alone("send", () => checkItem(this.session, id, this.settings.wipeAfterReceipt));
    const item = this.item(id);
    if (item.problem) throw new CoreProblem(item.problem.code, item.problem.field, item.problem.detail, item.problem.remedy);
    return shown(item);
  }

  /** What stands and no receipt has come of, sealed now to the newest key. */
  private async exportFile(ids?: readonly string[]): Promise<{ name: string; bytes: Uint8Array }> {
    const pack = await this.session.pack();
    const top = standing(this.store.doc);
    const wanted = ids ? ids.map((id) => this.item(id)) : top && !has(top, "received") ? [top] : [];
    const sendable = wanted.filter((item) => item.record && item.record !== "wiped");
    if (!sendable.length) throw new CoreProblem("file.empty", "outbox", "holds nothing that is to be sent");
    const envelopes = await Promise.all(sendable.map((item) => this.envelope(item)));
    const photos = await Promise.all(sendable.map((item) => (item.photo ? this.store.blob(`photo:${item.photo.blobs}`) : null)));
    const bytes = (await later()).writeBundle({ election: pack.id, envelopes, photos: photos.filter((one) => one !== null) });
    for (const item of sendable) await this.handed(item.id, "file");
    return { name: `notes-${envelopes.length + photos.length}${EXTENSION}`, bytes };
  }

  private async exportQr(id: string): Promise<string> {
    const pack = await this.session.pack();
    const envelope = await this.envelope(this.item(id));
    await this.handed(id, "qr");
    return (await later()).writeQr(pack.id, envelope);
  }

  private async envelope(item: ItemDoc): Promise<Uint8Array<ArrayBuffer>> {
    const pack = await this.session.pack();
    return (await later()).sealEnvelope(unbase64(item.record), unbase64(item.sealed), pack.intake, pack.id);
  }

  private handed = (id: string, by: "file" | "qr"): Promise<void> =>
    this.edit((doc) => withItem(doc, id, (item) => stepped(item, { stage: "handed", time: this.session.now(), by })));
}

