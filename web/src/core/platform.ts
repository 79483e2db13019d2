/** Platform: what the core needs of a browser, so that its tests can be a browser too. */

/** Rows by name. A write is durable, and all of one call or none, when it resolves. */
export interface Rows {
  get(name: string): Promise<unknown>;
  /** Write and delete (undefined) in one transaction. @throws QuotaExceededError */
  put(rows: ReadonlyMap<string, unknown>): Promise<void>;
  names(): Promise<string[]>;
  /** Delete the database itself. */
  destroy(): Promise<void>;
}

export interface Platform {
  readonly rows: Rows;
  /** Where the doors are; null in a page that came as a file. Ends in a slash. */
  readonly base: string | null;
  readonly fetch: typeof fetch;
  readonly language: string;
  now(): number;
  /** A number from 0 to 1, for jitter alone. */
  chance(): number;
  online(): boolean;
  /** Run `work` while no other tab runs work of that name; `null` (nothing run) if `waiting` is false and another does. */
  alone<T>(name: string, work: () => Promise<T>, waiting?: boolean): Promise<T | null>;
  /** Tell the other tabs that something changed, and be told: `changed`, `forgotten`. */
  tell(news: News): void;
  hear(listener: (news: News) => void): void;
  /** Call after so many ms, or when the network comes back; returns what cancels it. */
  wake(delay: number, listener: () => void): () => void;
  persist(): Promise<boolean>;
  persisted(): Promise<boolean | null>;
  storageLeft(): Promise<number | null>;
  /** Install the service worker; `ready` is called when a new version waits. */
  keepOffline(ready: () => void): void;
  update(): Promise<void>;
  /** The list of mirrors has changed: from the next visit on, the kept page may talk to them. */
  refreshPage(): void;
  /** Empty caches, other databases and service workers of this origin. */
  wipe(): Promise<void>;
}

export type News = "changed" | "forgotten";
