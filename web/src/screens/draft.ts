/** Draft: the ballot that is being filled in, kept after each step. */

import type { Choices, Photo } from "../core";
import { core, draft } from "../ui/core";

interface Change {
  readonly station?: string;
  readonly choices?: Choices;
  readonly photo?: Photo | null;
}

/** Keeps a step. What was there before stays. */
export async function keepDraft(change: Change): Promise<void> {
  const begun = draft();
  await core().outbox.draft(begun ? { id: begun.id, ...change } : change);
  if ("photo" in change) without = !change.photo;
}

let without = false;

/** Returns whether the voter has said to want no photograph: since this page was opened, it is kept nowhere. */
export function wantsNoPhoto(): boolean {
  return without;
}
