/** QrCode: a text as a QR code, drawn as one path; the quiet zone is part of it. */

import { useEffect, useState } from "preact/hooks";
import { core } from "./core";
import { say } from "./language";

const QUIET = 4;

export function QrCode({ text, label }: { text: string; label: string }) {
  const [modules, setModules] = useState<readonly boolean[][] | null>(null);
  useEffect(() => {
    void core().qr.encode(text).then(setModules, () => setModules([]));
  }, [text]);
  if (!modules) return <p role="status">{say("wait")}</p>;
  if (!modules.length) return null;
  const side = modules.length + 2 * QUIET;
  return (
    <div class="qr">
      <svg viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label}>
        <path d={path(modules)} />
      </svg>
    </div>
  );
}

/** Every run of dark modules in a row is one rectangle. */
function path(modules: readonly (readonly boolean[])[]): string {
  const runs: string[] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      runs.push(`M${from + QUIET} ${y + QUIET}h${x - from + 1}v1h-${x - from + 1}z`);
    }
  });
  return runs.join("");
}
