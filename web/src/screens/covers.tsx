/** CoverBoxes: the picture with its boxes; drawing one, dragging one, moving one by the arrow keys. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Cover } from "../camera/picture";
import { say } from "../ui/language";
import { moved } from "./mask";

interface CoverBoxesProps {
  readonly raw: HTMLCanvasElement;
  readonly covers: readonly Cover[];
  readonly picked: number;
  readonly onPick: (at: number) => void;
  readonly onAdd: (cover: Cover) => void;
  readonly onChange: (at: number, cover: Cover) => void;
  readonly onRemove: (at: number) => void;
}

type Point = readonly [number, number];

/** A drag: from where, and which box (-1: a new one). */
interface Drag {
  readonly from: Point;
  readonly at: number;
  readonly box: Cover;
}

/** A new box has to be drawn at least this large, in shares of the picture: a touch is no box. */
const DRAWN = 0.015;

export function CoverBoxes({ raw, covers, picked, onPick, onAdd, onChange, onRemove }: CoverBoxesProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [drawn, setDrawn] = useState<Cover | null>(null);
  const at = (event: PointerEvent): Point => {
    const frame = sheet.current!.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
  };
  const down = (event: PointerEvent, box: number) => {
    event.stopPropagation();
    sheet.current!.setPointerCapture(event.pointerId);
    setDrag({ from: at(event), at: box, box: covers[box] ?? { x: 0, y: 0, width: 0, height: 0 } });
    onPick(box);
  };
  const move = (event: PointerEvent) => {
    if (!drag) return;
    const [x, y] = at(event);
    const [fromX, fromY] = drag.from;
    if (drag.at < 0) setDrawn(between(drag.from, [x, y]));
    else onChange(drag.at, { ...drag.box, x: drag.box.x + x - fromX, y: drag.box.y + y - fromY });
  };
  const up = () => {
    if (drawn && drawn.width > DRAWN && drawn.height > DRAWN) onAdd(drawn);
    setDrag(null);
    setDrawn(null);
  };
  return (
    <div class="masker" ref={sheet} onPointerDown={(event) => down(event, -1)} onPointerMove={move} onPointerUp={up} onPointerCancel={up}>
      <Shown picture={raw} label={say("mask_picture", { n: covers.length })} />
      {covers.map((cover, n) => (
        <button
          key={n}
          type="button"
          class="cover"
          aria-label={say("mask_box", { n: n + 1 })}
          aria-pressed={n === picked}
          style={place(cover)}
          onFocus={() => onPick(n)}
          onPointerDown={(event) => down(event, n)}
          onKeyDown={(event) => byKey(event, cover, (next) => onChange(n, next), () => onRemove(n))}
        />
      ))}
      {drawn && <div class="cover" style={place(drawn)} />}
    </div>
  );
}

/** A picture on a canvas of its own; no address is made for it. */
export function Shown({ picture, label }: { picture: CanvasImageSource & { width: number; height: number }; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current!.getContext("2d")!.drawImage(picture, 0, 0);
  }, [picture]);
  return <canvas class="seen" ref={canvas} width={picture.width} height={picture.height} role="img" aria-label={label} />;
}

const KEYS = {
  ArrowLeft: ["left", "narrower"],
  ArrowRight: ["right", "wider"],
  ArrowUp: ["up", "lower"],
  ArrowDown: ["down", "taller"],
} as const;

function byKey(event: KeyboardEvent, cover: Cover, change: (cover: Cover) => void, remove: () => void): void {
  if (event.key === "Delete" || event.key === "Backspace") remove();
  else if (event.key in KEYS) change(moved(cover, KEYS[event.key as keyof typeof KEYS][event.shiftKey ? 1 : 0]));
  else return;
  event.preventDefault();
}

function between([ax, ay]: Point, [bx, by]: Point): Cover {
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
}

function place({ x, y, width, height }: Cover): Record<string, string> {
  return { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` };
}
