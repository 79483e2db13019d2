/** The one core, for every screen: what it knows, and a way to call it that says what went wrong. */

import { useState } from "preact/hooks";
import { CoreProblem, type Core, type Item, type Problem, type State } from "../core";

let one: Core;

export function setCore(core: Core): void {
  one = core;
}

export function core(): Core {
  return one;
}

export function state(): State {
  return one.state();
}

/** Returns the ballot that is being filled in, if there is one. */
export function draft(): Item | undefined {
  return state().items.find((item) => item.stage === "draft");
}

/** Returns the observer's report that is being filled in, if there is one. */
export function reportDraft(): Item | undefined {
  return state().reports.find((item) => item.stage === "draft");
}

/** Returns the newest thing that was sealed, if anything was. */
export function standing(): Item | undefined {
  const sealed = state().items.filter((item) => item.stage !== "draft");
  return sealed.reduce<Item | undefined>((newest, item) => (newest && newest.sequence > item.sequence ? newest : item), undefined);
}

export interface Act {
  /** Something is going on: buttons say so and do nothing. */
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Does something; what goes wrong becomes `problem`. Does nothing while busy. */
  run(what: () => Promise<void> | void): Promise<void>;
  say(problem: Problem | null): void;
}

/** Actions of a screen. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [problem, say] = useState<Problem | null>(null);
  async function run(what: () => Promise<void> | void): Promise<void> {
    if (busy) return;
    setBusy(true);
    say(null);
    try {
      await what();
    } catch (error) {
      say(problemOf(error));
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, run, say };
}

function problemOf(error: unknown): Problem {
  if (error instanceof CoreProblem) return error;
  const code = error instanceof Error ? error.name : "unknown";
  return { code, field: "", detail: "", remedy: "" };
}
