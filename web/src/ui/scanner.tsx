/** Scanner: reads a QR code from the camera, or from a picture that is chosen. */

import { useEffect, useRef, useState } from "preact/hooks";
import { closeLens, openLens, type NoCamera } from "../camera/lens";
import { pixels, upright } from "../camera/picture";
import { core } from "./core";
import { say } from "./language";
import { Button, PickFile } from "./parts";

const PAUSE = 250;
const SIDE = 1200;

interface ScannerProps {
  readonly onText: (text: string) => void;
  readonly cameraLabel: string;
  readonly fileLabel: string;
}

export function Scanner({ onText, cameraLabel, fileLabel }: ScannerProps) {
  const [open, setOpen] = useState(false);
  const [none, setNone] = useState(false);
  async function fromFile(file: Blob): Promise<void> {
    const text = await upright(file, SIDE).then((canvas) => core().qr.decode(pixels(canvas)), () => "");
    setNone(!text);
    if (text) onText(text);
  }
  const found = (text: string) => {
    setOpen(false);
    onText(text);
  };
  return (
    <>
      {open && <Live onText={found} />}
      <div class="acts">
        <Button icon="camera" onClick={() => setOpen(!open)}>
          {open ? say("cancel") : cameraLabel}
        </Button>
        <PickFile label={fileLabel} accept="image/*" onFile={(file) => void fromFile(file)} />
      </div>
      <p role="status">{none && say("scan_none")}</p>
    </>
  );
}

/** The camera's picture, looked at a few times a second until a code is seen. */
function Live({ onText }: { onText: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [missing, setMissing] = useState<NoCamera | null>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let ended = false;
    const canvas = document.createElement("canvas");
    async function watch(): Promise<void> {
      stream = await openLens();
      if (ended) return closeLens(stream);
      video.current!.srcObject = stream;
      await video.current!.play();
      while (!ended) {
        const text = await core().qr.decode(pixels(video.current!, canvas));
        if (text && !ended) return onText(text);
        await new Promise((done) => setTimeout(done, PAUSE));
      }
    }
    watch().catch((error: unknown) => ended || setMissing(error as NoCamera));
    return () => {
      ended = true;
      if (stream) closeLens(stream);
    };
  }, []);
  if (missing) return <p role="alert" class="error">{say(`camera_${missing}` as "camera_denied")}</p>;
  return (
    <>
      <p role="status">{say("scan_lead")}</p>
      <div class="finder">
        <video ref={video} playsInline muted aria-label={say("camera_picture")} />
      </div>
    </>
  );
}
