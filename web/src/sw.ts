/** Service worker: the app's own files, for every visit after the first. It keeps nothing else and sees no data. */

declare const __VERSION__: string;
declare const __FILES__: readonly string[];

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
const FILES = new Set(__FILES__.map((name) => new URL(name, worker.registration.scope).href));
const PAGE = new URL("index.html", worker.registration.scope).href;

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  const requests = [...FILES].map((url) => new Request(url, { cache: "no-store" }));
  await cache.addAll(requests);
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
  await worker.clients.claim();
}

async function answer(request: Request, url: string): Promise<Response> {
  return (await caches.match(url, { cacheName: NAME })) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => void (event.data === "update" && worker.skipWaiting()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = request.mode === "navigate" && request.url.startsWith(worker.registration.scope) ? PAGE : request.url;
  if (FILES.has(url)) event.respondWith(answer(request, url));
});
