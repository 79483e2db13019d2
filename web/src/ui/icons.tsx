/** Icons: a few strokes each; never alone, always beside their word. */

const STROKES = {
  back: "M15 5l-7 7 7 7",
  on: "M9 5l7 7-7 7",
  hide: "M3 3l18 18M10.6 5.1A10 10 0 0 1 22 12a13 13 0 0 1-3 4M6.5 6.6A13 13 0 0 0 2 12a11 11 0 0 0 15.5 5.4M9.9 9.9a3 3 0 0 0 4.2 4.2",
  done: "M4 12.5l5 5L20 6.5",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  place: "M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  turn: "M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  open: "M4 12h.01M12 12h.01M20 12h.01",
  note: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
} as const;

export type IconName = keyof typeof STROKES;

export function Icon({ name }: { name: IconName }) {
  const turns = name === "back" || name === "on" ? "icon turns" : "icon";
  return (
    <svg class={turns} viewBox="0 0 24 24" aria-hidden="true">
      <path d={STROKES[name]} />
    </svg>
  );
}
