/** Paper: the key as a QR code to be kept on paper. A step, not an option: browsers delete what they keep. */

import { useEffect, useState } from "preact/hooks";
import { core, state, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Field, Heading, Notice, Trouble } from "../ui/parts";
import { QrCode } from "../ui/qrcode";
import { settle } from "../ui/way";

export function Paper() {
  const act = useAct();
  const [text, setText] = useState("");
  const [number, setNumber] = useState("");
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    void act.run(async () => {
      await core().persist();
      const paper = await core().registration.paper();
      setText(paper);
      setNumber(await checkNumber(paper));
    });
  }, []);
  const done = () =>
    act.run(async () => {
      const right = typed.replace(/\D/g, "") === number;
      setWrong(!right);
      if (!right) return;
      await core().registration.paperKept();
      settle("home");
    });
  const copy = () =>
    act.run(async () => {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    });
  return (
    <>
      <Heading>{say("paper_h")}</Heading>
      <p class="lead noprint">{say("paper_lead")}</p>
      {text && <QrCode text={text} label={say("paper_qr")} />}
      {number && <p class="number">{say("paper_number", { n: number })}</p>}
      <p class="noprint">{say("paper_how")}</p>
      <Acts>
        <Button onClick={() => window.print()}>{say("paper_print")}</Button>
        <Button act={act} onClick={copy}>
          {copied ? say("paper_copied") : say("paper_copy")}
        </Button>
      </Acts>
      <Notice>{say("paper_who")}</Notice>
      <p class="small noprint">{state().persisted ? say("paper_persist") : say("paper_evict")}</p>
      <div class="noprint">
        <Field
          id="check"
          digits
          label={say("paper_check")}
          value={typed}
          onInput={setTyped}
          onEnter={done}
          wrong={wrong && say("paper_wrong")}
        />
      </div>
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={done}>
          {say("paper_done")}
        </Button>
      </Acts>
    </>
  );
}

/** Four digits that stand under the code: who types them has looked at it. They say nothing about the key. */
async function checkNumber(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`golos/paper-number/v1\n${text}`));
  return String(new DataView(digest).getUint32(0) % 10_000).padStart(4, "0");
}
