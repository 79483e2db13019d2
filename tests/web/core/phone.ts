// A phone without a screen: the app's whole core on a platform of memory, so that tests can cut its network, set its
// clock and fill its storage.
import { openCore } from "golos-app/core";
import type { News, Platform } from "golos-app/platform";
import { hex } from "golos-app/bytes";

import { type Commands, answerAll } from "./wire";

interface Knobs {
  base: string;
  ahead: number;
  online: boolean;
  room: number;
  /** Requests whose path begins so break off; a body does so after `after` of its bytes. */
  cut: string;
  times: number;
  slow: number;
  /** Milliseconds that each request with a body seems to take, by the clock that counts from the page's start. */
  drag: number;
}

const rows = new Map<string, unknown>();
const log: string[] = [];
const sent: string[] = [];
const knobs: Knobs = { base: process.argv[2]!, ahead: 0, online: true, room: Infinity, cut: "", times: 0, slow: 0, drag: 0 };
let dragged = 0;
const measured = performance.now.bind(performance);
performance.now = () => measured() + dragged;
const queues = new Map<string, Promise<unknown>>();
const listeners: ((news: News) => void)[] = [];

const size = (value: unknown): number =>
  value instanceof Uint8Array ? value.length : value === undefined ? 0 : JSON.stringify(value).length;

async function put(changes: ReadonlyMap<string, unknown>): Promise<void> {
  const after = new Map(rows);
  for (const [name, value] of changes) value === undefined ? after.delete(name) : after.set(name, structuredClone(value));
  if ([...after.values()].reduce<number>((sum, one) => sum + size(one), 0) > knobs.room)
    throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
  rows.clear();
  for (const [name, value] of after) rows.set(name, value);
}

async function broken(url: URL, init: RequestInit): Promise<Response> {
  const at = url.pathname + url.search;
  log.push(`${init.method ?? "GET"} ${at}`);
  if (!knobs.online) throw new TypeError("offline");
  if (knobs.cut && at.startsWith(knobs.cut) && knobs.times > 0) {
    knobs.times--;
    throw new TypeError("cut");
  }
  if (init.body instanceof Uint8Array) sent.push(hex(init.body));
  if (init.body) dragged += knobs.drag;
  if (knobs.slow) await new Promise((resolve) => setTimeout(resolve, knobs.slow));
  return fetch(url, { ...init, referrerPolicy: undefined, cache: undefined } as RequestInit);
}

/** Each tab has its own core; rows, locks and news are the phone's. */
function tab(): Platform & { listener: ((news: News) => void)[] } {
  const own: ((news: News) => void)[] = [];
  return {
    listener: own,
    rows: {
      get: async (name) => structuredClone(rows.get(name)),
      put,
      names: async () => [...rows.keys()],
      destroy: async () => rows.clear(),
    },
    base: knobs.base || null,
    fetch: (url, init = {}) => broken(new URL(String(url)), init),
    language: "be-BY",
    now: () => Date.now() + knobs.ahead,
    chance: Math.random,
    online: () => knobs.online,
    alone: async (name, work, waiting = true) => {
      if (!waiting && queues.has(name)) return null;
      const before = queues.get(name) ?? Promise.resolve();
      const turn = before.then(work, work);
      const settled: Promise<unknown> = turn.catch(() => undefined).then(() => {
        if (queues.get(name) === settled) queues.delete(name);
      });
      queues.set(name, settled);
      return turn;
    },
    tell: (news) => listeners.filter((one) => !own.includes(one)).forEach((one) => one(news)),
    hear: (listener) => void (own.push(listener), listeners.push(listener)),
    wake: (delay, listener) => {
      const timer = setTimeout(listener, Math.min(delay, 2 ** 30));
      return () => clearTimeout(timer);
    },
    persist: async () => true,
    persisted: async () => false,
    storageLeft: async () => knobs.room - [...rows.values()].reduce<number>((sum, one) => sum + size(one), 0),
    keepOffline: () => undefined,
    update: async () => undefined,
    refreshPage: () => undefined,
    wipe: async () => undefined,
  };
}

const tabs = [await openCore(tab())];

const commands: Commands = {
  set: (values) => void Object.assign(knobs, values),
  open: async () => tabs.push(await openCore(tab())),
  /** Reload the page: what is not in the rows is lost. */
  reload: async () => void tabs.splice(0, tabs.length, await openCore(tab())),
  call: async (which, path, ...given) => {
    const [part, name] = path.split(".");
    const core: any = tabs[which];
    return (await (name ? core[part][name](...given) : core[part](...given))) ?? null;
  },
  state: (which) => tabs[which]!.state(),
  log: () => log.splice(0),
  sent: () => sent.splice(0),
  rows: () => [...rows].map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : value]),
};

await answerAll(commands);
process.exit(0);
