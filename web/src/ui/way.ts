/**
 * Way: which screen is shown and which ones lie behind it. Addresses never change, and the browser's history holds
 * nothing but how deep one is: names of screens would stay in it after everything else is forgotten.
 */

export type Place =
  | "start"
  | "phone"
  | "code"
  | "used"
  | "pin"
  | "paper"
  | "restore"
  | "home"
  | "station"
  | "choice"
  | "photo"
  | "camera"
  | "mask"
  | "review"
  | "outbox"
  | "carry"
  | "check"
  | "change"
  | "trace"
  | "observe"
  | "report"
  | "gone";

let stack: Place[] = ["start"];
let listener: () => void = () => undefined;
/** Entries of the browser's history still to be made, once it has gone back to the first. */
let rest = 0;

/** Begins at a place; `changed` is called whenever another one is to be shown. */
export function begin(at: Place, changed: () => void): void {
  stack = [at];
  listener = changed;
  history.replaceState({ depth: 0 }, "");
  window.addEventListener("popstate", (event: PopStateEvent) => {
    const depth = (event.state as { depth?: number } | null)?.depth ?? 0;
    if (rest) return deepen();
    stack = stack.slice(0, Math.max(1, Math.min(stack.length, depth + 1)));
    listener();
  });
}

/** Returns the place that is shown. */
export function here(): Place {
  return stack[stack.length - 1]!;
}

/** Returns whether a place is shown or lies behind the one that is. */
export function within(place: Place): boolean {
  return stack.includes(place);
}

/** Returns whether there is a way back. */
export function deep(): boolean {
  return stack.length > 1;
}

export function go(place: Place): void {
  stack = [...stack, place];
  history.pushState({ depth: stack.length - 1 }, "");
  listener();
}

/** Goes on to a place; back leads past the present one. */
export function turnTo(place: Place): void {
  stack = [...stack.slice(0, -1), place];
  listener();
}

/** Begins anew at a place from which nothing leads back; `after` lie beyond it. */
export function settle(place: Place, ...after: Place[]): void {
  const depth = stack.length - 1;
  stack = [place, ...after];
  rest = after.length;
  listener();
  if (depth) history.go(-depth);
  else deepen();
}

function deepen(): void {
  for (let depth = stack.length - rest; rest > 0; depth++, rest--) history.pushState({ depth }, "");
}

export function back(): void {
  history.back();
}
