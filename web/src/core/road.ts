/** Road: requests to one server of several. Nothing of a request tells who asks: no cookie, no referrer, no cache. */

import type { Bytes } from "./bytes";
import type { Platform } from "./platform";
import { CoreProblem } from "./types";

const TIMEOUT = 60_000;
const OCTETS = "application/octet-stream";
const TUS = { "Tus-Resumable": "1.0.0" };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Bytes;
}

export class Road {
  /** What a server's Date says of this phone's clock: ms ahead, the last time one could be read. */
  ahead: number | null = null;

  constructor(private readonly platform: Platform) {}

  /** Return the answer, whatever its status. @throws offline, timeout */
  async ask(url: string, init: { method?: string; body?: Bytes | string; headers?: Record<string, string> } = {}): Promise<Answer> {
    const stop = new AbortController();
    const cancel = setTimeout(() => stop.abort(), TIMEOUT);
    const sent = this.platform.now();
    try {
      const options: RequestInit = { ...init, signal: stop.signal, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error" };
      const answer = await this.platform.fetch(url, options);
      const body = new Uint8Array(await answer.arrayBuffer());
      this.readClock(answer.headers.get("date"), sent);
      return { status: answer.status, headers: answer.headers, body };
    } catch {
      throw new CoreProblem(stop.signal.aborted ? "timeout" : "offline", "network", new URL(url).origin);
    } finally {
      clearTimeout(cancel);
    }
  }

  /** Return the body of a good answer. @throws the server's problem, offline, timeout */
  async get(url: string): Promise<Bytes> {
    return expect(await this.ask(url)).body;
  }

  async json(url: string, body: unknown): Promise<Bytes> {
    const headers = { "Content-Type": "application/json" };
    return expect(await this.ask(url, { method: "POST", body: JSON.stringify(body), headers })).body;
  }

  /** Hand over an envelope; return the hex name of the record the server made durable. */
  async envelope(base: string, envelope: Bytes): Promise<string> {
    const answer = expect(await this.ask(`${base}envelopes`, { method: "POST", body: envelope, headers: { "Content-Type": OCTETS } }));
    return (JSON.parse(new TextDecoder().decode(answer.body)) as { record: string }).record;
  }

  /** Begin an upload (tus 1.0); return its address and how much is there already. */
  async begin(base: string, length: number, digest: string): Promise<[string, number]> {
    const headers = { ...TUS, "Upload-Length": String(length), "Upload-Metadata": `sha256 ${digest}` };
    const answer = expect(await this.ask(`${base}photos`, { method: "POST", headers }));
    return [new URL(answer.headers.get("location") ?? "", base).href, offset(answer)];
  }

  /** How much of an upload has come; null if it is not known there (any more). */
  async offset(upload: string): Promise<number | null> {
    const answer = await this.ask(upload, { method: "HEAD", headers: TUS });
    return answer.status === 404 ? null : offset(expect(answer));
  }

  /** Send on from `at`; return how much is there now. */
  async piece(upload: string, at: number, data: Bytes): Promise<number> {
    const headers = { ...TUS, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" };
    return offset(expect(await this.ask(upload, { method: "PATCH", body: data, headers })));
  }

  private readClock(date: string | null, sent: number): void {
    const told = date ? Date.parse(date) : NaN;
    const now = this.platform.now();
    if (Number.isFinite(told) && now - sent < TIMEOUT) this.ahead = Math.round((sent + now) / 2 - told - 500);
  }
}

const offset = (answer: Answer): number => Number(answer.headers.get("upload-offset") ?? NaN);

/** @throws the problem that the answer states */
function expect(answer: Answer): Answer {
  if (answer.status < 300) return answer;
  const told = problemOf(answer.body);
  const code = told?.type?.replace("urn:golos:", "") ?? `http.${answer.status}`;
  const wait = Number(answer.headers.get("retry-after")) || 0;
  throw new CoreProblem(code, told?.field ?? "", told?.detail ?? "", told?.remedy ?? "", wait);
}

function problemOf(body: Bytes): { type?: string; field?: string; detail?: string; remedy?: string } | null {
  try {
    const told: unknown = JSON.parse(new TextDecoder().decode(body));
    return told && typeof told === "object" ? told : null;
  } catch {
    return null;
  }
}
