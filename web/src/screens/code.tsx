/** Code: what the message said; then the phone makes its key and has it signed unseen. */

import { useEffect, useState } from "preact/hooks";
import { CoreProblem } from "../core";
import { core, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Field, Heading, Trouble, Waiting } from "../ui/parts";
import { turnTo } from "../ui/way";
import { enrolling, forgetNumber } from "./enrolling";

export function Code() {
  const act = useAct();
  const [code, setCode] = useState("");
  useEffect(() => {
    if (!enrolling.phone) turnTo("phone");
  }, []);
  const finish = () =>
    act.run(async () => {
      enrolling.code = code.replace(/\D/g, "");
      try {
        await core().registration.finish(enrolling.phone, enrolling.code);
      } catch (error) {
        if (!(error instanceof CoreProblem && error.code === "enrolment.used")) throw error;
        return turnTo("used");
      }
      forgetNumber();
      turnTo("pin");
    });
  const again = () => act.run(() => core().registration.sendCode(enrolling.phone));
  return (
    <>
      <Heading>{say("code_h")}</Heading>
      <p>{say("code_sent", { phone: enrolling.phone })}</p>
      <Field id="code" digits label={say("code_label")} value={code} onInput={setCode} onEnter={finish} />
      <Trouble problem={act.problem} />
      {act.busy && <Waiting>{say("code_making")}</Waiting>}
      <Acts>
        <Button kind="main" act={act} onClick={finish}>
          {say("go_on")}
        </Button>
        <Button act={act} onClick={again}>
          {say("code_again")}
        </Button>
      </Acts>
    </>
  );
}
