/** Restore: the key comes back from paper. */

import { useState } from "preact/hooks";
import { core, state, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Field, Heading, Trouble } from "../ui/parts";
import { Scanner } from "../ui/scanner";
import { turnTo } from "../ui/way";
import { forgetNumber } from "./enrolling";

export function Restore() {
  const act = useAct();
  const [text, setText] = useState("");
  const take = (paper: string) =>
    act.run(async () => {
      if (!state().election) await core().loadElection();
      await core().registration.importPaper(paper.trim());
      await core().registration.paperKept();
      forgetNumber();
      turnTo("pin");
    });
  return (
    <>
      <Heading>{say("restore_h")}</Heading>
      <p class="lead">{say("restore_lead")}</p>
      <Scanner
        cameraLabel={say("restore_scan")}
        fileLabel={say("restore_file")}
        onText={(found) => {
          setText(found);
          void take(found);
        }}
      />
      <Field id="text" label={say("restore_text")} value={text} onInput={setText} onEnter={() => void take(text)} />
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={() => void take(text)}>
          {say("restore_go")}
        </Button>
      </Acts>
    </>
  );
}
