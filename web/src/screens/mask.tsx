/** Mask: boxes over what nobody needs to see, by finger, mouse or keyboard; then exactly what would leave. */

import { useEffect, useRef, useState } from "preact/hooks";
import { turned, type Cover } from "../camera/picture";
import { useAct } from "../ui/core";
import { say, type Key } from "../ui/language";
import { Acts, Button, Heading, Trouble } from "../ui/parts";
import { CoverBoxes } from "./covers";
import { forReport, goOn } from "./draft";
import { withReasons } from "./photo";
import { asSent, keepPhoto, keepSide, putRaw, rawSide, sideNumber } from "./sides";

const FIRST: Cover = { x: 0.4, y: 0.4, width: 0.2, height: 0.12 };
const STEP = 0.02;
const LEAST = 0.02;

type Move = "wider" | "narrower" | "taller" | "lower" | "left" | "right" | "up" | "down";
const MOVES: Readonly<Record<Move, readonly [keyof Cover, number]>> = {
  left: ["x", -STEP],
  right: ["x", STEP],
  up: ["y", -STEP],
  down: ["y", STEP],
  wider: ["width", STEP],
  narrower: ["width", -STEP],
  taller: ["height", STEP],
  lower: ["height", -STEP],
};

export function Mask() {
  const act = useAct();
  const [raw, setRaw] = useState(rawSide());
  const [covers, setCovers] = useState<readonly Cover[]>([]);
  const [picked, pick] = useState(-1);
  useEffect(() => {
    if (!raw) goOn("photo");
  }, []);
  if (!raw) return null;
  const change = (at: number, cover: Cover) => setCovers(covers.map((each, n) => (n === at ? within(cover) : each)));
  const remove = (at: number) => {
    setCovers(covers.filter((_, n) => n !== at));
    pick(-1);
  };
  const add = (cover: Cover) => {
    setCovers([...covers, within(cover)]);
    pick(covers.length);
  };
  const turn = () => {
    putRaw(turned(raw));
    setRaw(rawSide());
    setCovers([]);
    pick(-1);
  };
  const use = () =>
    act.run(async () => {
      const last = forReport() || sideNumber() === 2;
      keepSide(raw, covers);
      if (last) await withReasons(keepPhoto);
      goOn(last ? "review" : "photo");
    });
  return (
    <>
      <Heading>{say("mask_h")}</Heading>
      <p>{say("mask_lead")}</p>
      <CoverBoxes raw={raw} covers={covers} picked={picked} onPick={pick} onAdd={add} onChange={change} onRemove={remove} />
      <div class="pad">
        <Button icon="plus" onClick={() => add(FIRST)}>
          {say("mask_add")}
        </Button>
        <Button icon="turn" onClick={turn}>
          {say("mask_turn")}
        </Button>
      </div>
      {covers[picked] && <Pad n={picked + 1} onMove={(move) => change(picked, moved(covers[picked]!, move))} onRemove={() => remove(picked)} />}
      <Result raw={raw} covers={covers} />
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={use}>
          {say("mask_use")}
        </Button>
        <Button onClick={() => goOn("photo")}>{say("mask_again")}</Button>
      </Acts>
    </>
  );
}

/** The same that fingers and arrow keys do, as buttons: no drag is ever needed. */
function Pad({ n, onMove, onRemove }: { n: number; onMove: (move: Move) => void; onRemove: () => void }) {
  return (
    <div role="group" aria-label={say("mask_box", { n })}>
      <p class="label">{say("mask_box", { n })}</p>
      <div class="pad">
        {(Object.keys(MOVES) as Move[]).map((move) => (
          <Button key={move} onClick={() => onMove(move)}>
            {say(`mask_${move}` as Key)}
          </Button>
        ))}
        <Button kind="bad" onClick={onRemove}>
          {say("mask_remove")}
        </Button>
      </div>
      <p class="small">{say("mask_hint")}</p>
    </div>
  );
}

/** How large what leaves is; made anew a moment after the last change. */
function Result({ raw, covers }: { raw: HTMLCanvasElement; covers: readonly Cover[] }) {
  const [text, setText] = useState("");
  const newest = useRef(0);
  useEffect(() => {
    const mine = ++newest.current;
    const timer = setTimeout(() => {
      void asSent(raw, covers).then(
        ({ bytes, width, height }) => {
          if (mine === newest.current) setText(say("review_size", { width, height, kb: Math.ceil(bytes.length / 1000) }));
        },
        () => setText(""),
      );
    }, 300);
    return () => clearTimeout(timer);
  }, [raw, covers]);
  return (
    <p class="small" role="status">
      {text}
    </p>
  );
}

/** Returns the box after one step. */
export function moved(cover: Cover, move: Move): Cover {
  const [side, by] = MOVES[move];
  return within({ ...cover, [side]: cover[side] + by });
}

/** Returns the box inside the picture and not too small to be touched. */
export function within({ x, y, width, height }: Cover): Cover {
  const wide = Math.min(1, Math.max(LEAST, width));
  const high = Math.min(1, Math.max(LEAST, height));
  return { x: Math.min(1 - wide, Math.max(0, x)), y: Math.min(1 - high, Math.max(0, y)), width: wide, height: high };
}
