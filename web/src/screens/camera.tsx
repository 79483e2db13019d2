/** Camera: the app's own, so that no copy stays in the gallery. An outline to fill, and a hint while one looks. */

import { useEffect, useRef, useState } from "preact/hooks";
import { closeLens, hasLamp, lamp, openLens, type NoCamera } from "../camera/lens";
import { look, type Hint } from "../camera/look";
import { grey, upright } from "../camera/picture";
import { useAct } from "../ui/core";
import { say, type Key } from "../ui/language";
import { Acts, Button, Heading, Trouble } from "../ui/parts";
import { turnTo } from "../ui/way";
import { forReport } from "./draft";
import { Sources, WORKED_AT, withReasons } from "./photo";
import { putRaw, sideNumber } from "./sides";
import { Slip } from "./slip";

const PAUSE = 350;
/** A hint is said when it was true this often in a row: one that flickers is no help. */
const STEADY = 2;

export function Camera() {
  const act = useAct();
  const video = useRef<HTMLVideoElement>(null);
  const { stream, missing } = useLens(video);
  const hint = useHint(video, stream);
  const [lit, setLit] = useState(false);
  const take = () =>
    act.run(async () => {
      putRaw(await withReasons(() => upright(video.current!, WORKED_AT)));
      turnTo("mask");
    });
  const light = () =>
    act.run(async () => {
      await lamp(stream!, !lit);
      setLit(!lit);
    });
  const side = forReport() ? say("camera_protocol") : say(`camera_side_${sideNumber()}`);
  return (
    <>
      <Heading>{say("camera_h", { side })}</Heading>
      {missing ? (
        <p role="alert" class="error">
          {say(`camera_${missing}`)}
        </p>
      ) : (
        <>
          <Slip />
          <div class={hint === "good" ? "finder good" : "finder"}>
            <video ref={video} playsInline muted aria-label={say("camera_picture")} />
            <Outline />
          </div>
          <p class="hint" role="status">
            {hint ? say(`hint_${hint}` as Key) : say("camera_starting")}
          </p>
          <Acts>
            {stream && (
              <Button kind="main" icon="camera" act={act} onClick={take}>
                {say("camera_take")}
              </Button>
            )}
            {stream && hasLamp(stream) && <Button onClick={light}>{say("camera_lamp")}</Button>}
          </Acts>
          {hint && hint !== "good" && <p class="small">{say("hint_any")}</p>}
        </>
      )}
      <Trouble problem={act.problem} />
      <Sources act={act} camera={false} />
    </>
  );
}

/** Where the sheet should lie: the middle nine tenths. */
function Outline() {
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <rect class="outline" x="6" y="6" width="88" height="88" rx="2" />
    </svg>
  );
}

/** The camera, open for as long as the screen is there. */
function useLens(video: { readonly current: HTMLVideoElement | null }) {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [missing, setMissing] = useState<NoCamera | null>(null);
  useEffect(() => {
    let open: MediaStream | null = null;
    let ended = false;
    async function start(): Promise<void> {
      open = await openLens();
      if (ended || !video.current) return closeLens(open);
      video.current.srcObject = open;
      await video.current.play();
      if (!ended) setStream(open);
    }
    start().catch((error: unknown) => ended || setMissing(typeof error === "string" ? (error as NoCamera) : "busy"));
    return () => {
      ended = true;
      if (open) closeLens(open);
    };
  }, []);
  return { stream, missing };
}

/** What to say about the picture, looked at a few times a second. */
function useHint(video: { readonly current: HTMLVideoElement | null }, stream: MediaStream | null): Hint | null {
  const [hint, setHint] = useState<Hint | null>(null);
  useEffect(() => {
    if (!stream) return undefined;
    const canvas = document.createElement("canvas");
    let last: Hint | null = null;
    let times = 0;
    const timer = setInterval(() => {
      if (!video.current?.videoWidth) return;
      const seen = look(grey(video.current, canvas));
      times = seen === last ? times + 1 : 1;
      last = seen;
      if (times >= STEADY) setHint(seen);
    }, PAUSE);
    return () => clearInterval(timer);
  }, [stream]);
  return hint;
}
