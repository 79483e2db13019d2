/**
 * Sides: the pictures of the ballot's sides between camera and draft. In memory only; a reload forgets them, and the
 * voter photographs again: an uncovered picture is never written anywhere.
 */

import { BALLOT, PROTOCOL, SMALL, covered, encoded, together, type Cover, type Jpeg, type Limit } from "../camera/picture";
import { forReport, keepDraft } from "./draft";

const BOTH_SIDES = { ...BALLOT, side: 1800 };

interface Sides {
  /** Covered pictures, front first. */
  readonly done: readonly HTMLCanvasElement[];
  /** The one that is being looked at, as it came from the camera or the file. */
  readonly raw: HTMLCanvasElement | null;
}

const NOTHING: Sides = { done: [], raw: null };
let sides = NOTHING;

/** Returns which side comes next: 1 the front, 2 the back. */
export function sideNumber(): 1 | 2 {
  return sides.done.length ? 2 : 1;
}

/** Returns the picture to be covered. */
export function rawSide(): HTMLCanvasElement | null {
  return sides.raw;
}

export function putRaw(raw: HTMLCanvasElement): void {
  sides = { ...sides, raw };
}

/** Takes the picture that is being looked at, with its covers. */
export function keepSide(raw: HTMLCanvasElement, covers: readonly Cover[]): void {
  sides = { done: [...sides.done, covered(raw, covers)], raw: null };
}

/** Returns what would leave with these covers: exactly these bytes, if it stays the only side. */
export function asSent(raw: HTMLCanvasElement, covers: readonly Cover[]): Promise<Jpeg> {
  return encoded(covered(raw, covers), limitOf(1));
}

const limitOf = (count: number): Limit => (forReport() ? PROTOCOL : count > 1 ? BOTH_SIDES : BALLOT);

/** Keeps the sides as the draft's photograph, and forgets them here. */
export async function keepPhoto(): Promise<void> {
  const sheet = together(sides.done);
  const full = await encoded(sheet, limitOf(sides.done.length));
  const small = await encoded(sheet, SMALL);
  await keepDraft({ photo: { full: full.bytes, small: small.bytes } });
  forgetSides();
}

/** Begins anew: nothing is left of what was photographed and not kept. */
export function forgetSides(): void {
  sides = NOTHING;
}
