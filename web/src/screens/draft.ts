/** Draft: the ballot or the observer's report that is being filled in, kept after each step. */

import type { Choices, Photo } from "../core";
import { core, draft, reportDraft } from "../ui/core";
import { back, turnTo, within, type Place } from "../ui/way";

interface Change {
  readonly station?: string;
  readonly choices?: Choices;
  readonly photo?: Photo | "sent" | null;
}

/** Returns whether a report is what the steps on the way are for. */
export const forReport = (): boolean => within("report");

/** Keeps a step. What was there before stays. */
export async function keepDraft(change: Change): Promise<void> {
  const begun = forReport() ? reportDraft() : draft();
  await core().outbox.draft(begun ? { id: begun.id, ...change } : change);
  if ("photo" in change) without = !change.photo;
}

/** Goes on to the next step of a ballot; from a step of a report back to its form. */
export function goOn(next: Place): void {
  if (forReport()) back();
  else turnTo(next);
}

let without = false;

/** Returns whether the voter has said to want no photograph: since this page was opened, it is kept nowhere. */
export function wantsNoPhoto(): boolean {
  return without;
}
