/** Choice: what is marked on a ballot, and how it is written out. */

import { INVALID, type Choices, type Contest, type Item } from "../core";
import { core, state } from "../ui/core";
import { say } from "../ui/language";

/** Returns whether every question was answered; "nothing" is an answer, too. */
export function marked(item: Item | undefined): boolean {
  const contests = state().election?.contests ?? [];
  const { choices } = item ?? {};
  return Boolean(choices && contests.length && contests.every(({ id }) => id in choices));
}

/** Returns the choice in words. */
export function chosen(choices: Choices): string {
  const contests = state().election?.contests ?? [];
  return contests.map((contest) => answer(contest, choices[contest.id] ?? [])).join("; ");
}

function answer(contest: Contest, ids: readonly string[]): string {
  if (!ids.length || ids.includes(INVALID)) return say("choice_none");
  const names = ids.map((id) => contest.options.find((option) => option.id === id)?.names ?? {});
  return names.map((each) => core().name(each)).join(", ");
}
