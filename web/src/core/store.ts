/**
 * Store: everything private of this phone, encrypted at rest always, under a data key. The data key lies beside it, or,
 * with a PIN, wrapped by it. So what a database leaves behind on the flash after "forget me" is noise once the key's row
 * is gone, and a change of PIN makes a new key.
 */

import { type Bytes, concat, hex, random, utf8, text } from "./bytes";
import { EMPTY, type Doc } from "./doc";
import type { Platform } from "./platform";
import { CoreProblem } from "./types";

const KEY = "key";
const DOC = "doc";
/** The one row in clear besides the key's: language and what the screens keep for themselves. */
export const SETTINGS = "settings";
const ITERATIONS = 600_000;
const IV = 12;

/** How the data key lies there: in clear, or wrapped by a PIN. */
interface KeyRow {
  readonly raw?: Bytes;
  readonly salt?: Bytes;
  readonly iterations?: number;
  readonly wrapped?: Bytes;
}

export class Store {
  private key: CryptoKey | null = null;
  private raw: Bytes | null = null;
  doc: Doc = EMPTY;
  pinSet = false;

  constructor(private readonly platform: Platform) {}

  get locked(): boolean {
    return this.key === null;
  }

  /**
   * Read the data key (making it on the first visit) and what it opens; again when another tab has written. A PIN that
   * another tab has set or changed locks this one.
   */
  async open(): Promise<void> {
    const row = (await this.platform.alone("store", () => this.keyRow()))!;
    this.pinSet = !row.raw;
    try {
      if (row.raw) await this.use(row.raw);
      else if (this.raw) this.doc = await this.readDoc();
    } catch (error) {
      if (row.raw) throw error;
      this.lock();
    }
  }

  /** Change the document: read, change, write, while no other tab does. @throws storage.full */
  async change<T>(work: (doc: Doc) => readonly [Doc, T]): Promise<T> {
    const found = await this.platform.alone("store", async () => {
      const [doc, result] = work(await this.readDoc());
      await this.write(new Map([[DOC, await this.seal(DOC, utf8(JSON.stringify(doc)))]]));
      this.doc = doc;
      return { result };
    });
    this.platform.tell("changed");
    return found!.result;
  }

  /** Keep bytes under a name; `null` deletes. The name on disk says nothing. @throws storage.full */
  async keep(blobs: Readonly<Record<string, Bytes | null>>): Promise<void> {
    const rows = new Map<string, unknown>();
    for (const [name, data] of Object.entries(blobs))
      rows.set(await this.nameOf(name), data ? await this.seal(name, data) : undefined);
    await this.platform.alone("store", () => this.write(rows));
  }

  async blob(name: string): Promise<Bytes | null> {
    const row = (await this.platform.rows.get(await this.nameOf(name))) as Bytes | undefined;
    return row ? this.unseal(row) : null;
  }

  lock(): void {
    if (!this.pinSet) return;
    [this.key, this.raw, this.doc] = [null, null, EMPTY];
  }

  /** Hold nothing any more: what is kept is gone, or about to be. */
  empty(): void {
    [this.key, this.raw, this.doc, this.pinSet] = [null, null, EMPTY, false];
  }

  /** @throws pin.wrong */
  async unlock(pin: string): Promise<void> {
    await this.use(await this.unwrap((await this.platform.rows.get(KEY)) as KeyRow, pin));
  }

  /** Set (or with null remove) the PIN. Everything is encrypted anew under a new data key, in one transaction. @throws storage.full */
  async setPin(pin: string | null): Promise<void> {
    const fresh = random(32);
    await this.platform.alone("store", async () => {
      const rows = new Map<string, unknown>();
      const names = (await this.platform.rows.names()).filter((name) => name !== KEY && name !== SETTINGS);
      const old = this.key!;
      const [key, raw] = [await importKey(fresh), fresh];
      for (const name of names) {
        const plain = await decrypt(old, (await this.platform.rows.get(name)) as Bytes);
        const renamed = name === DOC ? DOC : await mac(raw, plain.slice(1, 1 + plain[0]!));
        rows.set(name, undefined).set(renamed, await encrypt(key, plain));
      }
      rows.set(KEY, pin === null ? { raw } : await wrap(raw, pin));
      await this.write(rows);
      [this.key, this.raw, this.pinSet] = [key, raw, pin !== null];
    });
    this.platform.tell("changed");
  }

  /** @throws pin.wrong */
  async checkPin(pin: string): Promise<void> {
    const row = (await this.platform.rows.get(KEY)) as KeyRow;
    if (!row.raw) await this.unwrap(row, pin);
  }

  private async keyRow(): Promise<KeyRow> {
    const found = (await this.platform.rows.get(KEY)) as KeyRow | undefined;
    if (found) return found;
    const row = { raw: random(32) };
    await this.write(new Map([[KEY, row]]));
    return row;
  }

  private async use(raw: Bytes): Promise<void> {
    [this.key, this.raw] = [await importKey(raw), raw];
    this.doc = await this.readDoc();
  }

  private async readDoc(): Promise<Doc> {
    const row = (await this.platform.rows.get(DOC)) as Bytes | undefined;
    return row ? { ...EMPTY, ...(JSON.parse(text(await this.unseal(row))) as Doc) } : EMPTY;
  }

  private async unwrap(row: KeyRow, pin: string): Promise<Bytes> {
    try {
      return await decrypt(await pinKey(pin, row.salt!, row.iterations!), row.wrapped!);
    } catch {
      throw new CoreProblem("pin.wrong", "pin", "does not open what is kept here");
    }
  }

  private async write(rows: ReadonlyMap<string, unknown>): Promise<void> {
    try {
      await this.platform.rows.put(rows);
    } catch (error) {
      const name = (error as Error | null)?.name ?? "";
      throw new CoreProblem(/Quota/.test(name) ? "storage.full" : "storage.blocked", "storage", name);
    }
  }

  /** A row holds its own name, so that it can be named anew when the key changes. */
  private seal(name: string, data: Bytes): Promise<Bytes> {
    const spelt = utf8(name);
    return encrypt(this.open_(), concat(Uint8Array.of(spelt.length), spelt, data));
  }

  private async unseal(row: Bytes): Promise<Bytes> {
    const plain = await decrypt(this.open_(), row);
    return plain.slice(1 + plain[0]!);
  }

  private nameOf = (name: string): Promise<string> => mac(this.raw!, utf8(name));

  private open_(): CryptoKey {
    if (!this.key) throw new CoreProblem("pin.locked", "pin", "has not been given");
    return this.key;
  }
}

const importKey = (raw: Bytes): Promise<CryptoKey> => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

async function encrypt(key: CryptoKey, plain: Bytes): Promise<Bytes> {
  const iv = random(IV);
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain)));
}

async function decrypt(key: CryptoKey, row: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.slice(0, IV) }, key, row.slice(IV)));
}

async function pinKey(pin: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", utf8(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const derivation = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(derivation, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function wrap(raw: Bytes, pin: string): Promise<KeyRow> {
  const salt = random(16);
  return { salt, iterations: ITERATIONS, wrapped: await encrypt(await pinKey(pin, salt, ITERATIONS), raw) };
}

async function mac(raw: Bytes, name: Bytes): Promise<string> {
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, name)).subarray(0, 16));
}
