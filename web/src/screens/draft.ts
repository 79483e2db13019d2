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
}
