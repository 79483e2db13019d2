/**
 * Service worker: the app's own files, for every visit after the first. It keeps nothing else and sees no data. A new
 * version waits until the voter takes it or all tabs are closed; of what has not changed it fetches nothing again.
 */

declare const __VERSION__: string;
/** Files to fetch at once, and files to keep when they are first asked for. */
declare const __NOW__: readonly string[];
declare const __LATER__: readonly string[];

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(kind: "install" | "activate", take: (event: Lasting) => void): void;
  addEventListener(kind: "fetch", take: (event: Fetching) => void): void;
  addEventListener(kind: "message", take: (event: MessageEvent) => void): void;
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

const worker = self as unknown as Worker;
const NAME = `app-${__VERSION__}`;
const address = (name: string): string => new URL(name, worker.registration.scope).href;
const FILES = new Set([...__NOW__, ...__LATER__].map(address));
const PAGE = address("index.html");
/** The name of a file that is never changed holds a hash of it. */
const CONSTANT = /-[A-Z0-9]{8}\.\w+$/;

async function install(): Promise<void> {
  await Promise.all(__NOW__.map((name) => take(address(name))));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
  await worker.clients.claim();
}

/** Fetch a file, or take it over from the version before, and keep it. */
async function take(url: string): Promise<Response> {
  const old = CONSTANT.test(url) ? await caches.match(url) : undefined;
  const found = old ?? (await fetch(url, { cache: "no-store" }));
  if (!found.ok) throw new TypeError(`${url}: ${found.status}`);
  await (await caches.open(NAME)).put(url, found.clone());
  return found;
}

async function answer(url: string): Promise<Response> {
  return (await caches.match(url, { cacheName: NAME })) ?? take(url);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
/** The page's policy names the mirrors: of the same page, take the headers of today. */
async function refresh(): Promise<void> {
  const found = await fetch(PAGE, { cache: "no-store" });
  const kept = await caches.match(PAGE, { cacheName: NAME });
  if (found.ok && kept && (await found.clone().text()) === (await kept.text())) await (await caches.open(NAME)).put(PAGE, found);
}

worker.addEventListener("message", (event) => {
  if (event.data === "update") void worker.skipWaiting();
  if (event.data === "refresh") void refresh().catch(() => undefined);
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const inScope = request.mode === "navigate" && request.url.startsWith(worker.registration.scope);
  const url = inScope && !request.url.includes("offline.html") ? PAGE : request.url;
  if (FILES.has(url)) event.respondWith(answer(url));
});
