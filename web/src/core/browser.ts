/** Browser: the platform of a real page. */

import type { News, Platform, Rows } from "./platform";

declare const __OFFLINE__: boolean;

const DATABASE = "notes";
const STORE = "rows";
const CHANNEL = "notes";
const WORKER = "sw.js";
/** Milliseconds to wait for the server's word that all be cleared. */
const CLEARED = 5000;

export function browserPlatform(): Platform {
  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(CHANNEL) : null;
  const worker = new Worker_();
  return {
    rows: new Database(),
    base: __OFFLINE__ ? null : new URL("../", document.baseURI).href,
    fetch: (...given) => fetch(...given),
    language: navigator.language,
    now: () => Date.now(),
    chance: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
    online: () => navigator.onLine,
    alone,
    tell: (news) => channel?.postMessage(news),
    hear: (listener) => channel?.addEventListener("message", (event) => listener(event.data as News)),
    wake,
    persist: async () => (await navigator.storage?.persist?.()) ?? false,
    persisted: async () => (await navigator.storage?.persisted?.()) ?? null,
    storageLeft,
    keepOffline: (ready) => worker.keep(ready),
    update: () => worker.update(),
    refreshPage: () => navigator.serviceWorker?.controller?.postMessage("refresh"),
    wipe,
  };
}

/** The result of a request, once it is there. */
const result = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

class Database implements Rows {
  private opened: Promise<IDBDatabase> | undefined;

  get = async (name: string): Promise<unknown> => result((await this.store("readonly")).get(name));
  names = async (): Promise<string[]> => (await result((await this.store("readonly")).getAllKeys())) as string[];

  async put(rows: ReadonlyMap<string, unknown>): Promise<void> {
    const store = await this.store("readwrite");
    for (const [name, value] of rows) value === undefined ? store.delete(name) : store.put(value, name);
    await new Promise<void>((resolve, reject) => {
      store.transaction.oncomplete = () => resolve();
      store.transaction.onabort = () => reject(store.transaction.error);
    });
  }

  async destroy(): Promise<void> {
    (await this.open()).close();
    this.opened = undefined;
    await result(indexedDB.deleteDatabase(DATABASE));
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    return (await this.open()).transaction(STORE, mode, { durability: "strict" }).objectStore(STORE);
  }

  private open = (): Promise<IDBDatabase> => (this.opened ??= this.reopen());

  /** A tab that forgets, or a browser that has lost the files, closes it for all; the next call opens it again. */
  private async reopen(): Promise<IDBDatabase> {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    const database = await result(request);
    const forget = (): void => void (this.opened = undefined);
    database.onversionchange = () => (database.close(), forget());
    database.onclose = forget;
    return database;
  }
}

/** Without Web Locks (before 2022) the tabs do not know of each other; one tab's own calls still wait for one another. */
const queues = new Map<string, Promise<unknown>>();

async function alone<T>(name: string, work: () => Promise<T>, waiting = true): Promise<T | null> {
  if (navigator.locks) {
    const found = await navigator.locks.request(`notes.${name}`, { ifAvailable: !waiting }, (lock) => (lock ? work() : null));
    return found as T | null;
  }
  if (!waiting && queues.has(name)) return null;
  const turn = (queues.get(name) ?? Promise.resolve()).then(work, work);
  const settled = turn.catch(() => undefined).then(() => void (queues.get(name) === settled && queues.delete(name)));
  queues.set(name, settled);
  return turn;
}

function wake(delay: number, listener: () => void): () => void {
  const timer = setTimeout(listener, Math.min(delay, 2 ** 31 - 1));
  addEventListener("online", listener, { once: true });
  return () => (clearTimeout(timer), removeEventListener("online", listener));
}

async function storageLeft(): Promise<number | null> {
  const told = await navigator.storage?.estimate?.();
  return told?.quota === undefined ? null : told.quota - (told.usage ?? 0);
}

/** The service worker: registered under the one address that the page's policy for script addresses lets through. */
class Worker_ {
  private registration: ServiceWorkerRegistration | undefined;

  keep(ready: () => void): void {
    if (__OFFLINE__ || !navigator.serviceWorker) return;
    void navigator.serviceWorker.register(address() as string, { updateViaCache: "none" }).then((found) => {
      this.registration = found;
      const look = (): void => void (found.waiting && navigator.serviceWorker.controller && ready());
      look();
      found.addEventListener("updatefound", () => found.installing?.addEventListener("statechange", look));
    }, () => undefined);
  }

  async update(): Promise<void> {
    const gone = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    this.registration?.waiting?.postMessage("update");
    await gone;
    location.reload();
  }
}

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

/** Trusted Types: one policy, which knows one address. */
function address(): unknown {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  return policies ? policies.createPolicy("worker", { createScriptURL: () => WORKER }).createScriptURL("") : WORKER;
}

/** Everything that scripts can reach; then the browser is asked to clear the files themselves, where a server can be reached. */
async function wipe(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  for (const one of (await indexedDB.databases?.()) ?? []) if (one.name) await result(indexedDB.deleteDatabase(one.name));
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
  if (!__OFFLINE__) await fetch("forget", { method: "POST", signal: AbortSignal.timeout(CLEARED) }).catch(() => undefined);
}
