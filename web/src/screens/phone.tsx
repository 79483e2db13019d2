/** Phone: a number is asked for, after saying who sees what. */

import { useState } from "preact/hooks";
import { core, state, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Field, Heading, Notice, Trouble } from "../ui/parts";
import { turnTo } from "../ui/way";
import { enrolling } from "./enrolling";

const NUMBER = /^\+[0-9 ()-]{7,24}$/;

export function Phone() {
  const act = useAct();
  const [phone, setPhone] = useState(enrolling.phone || "+");
  const [wrong, setWrong] = useState(false);
  const send = () =>
    act.run(async () => {
      setWrong(!NUMBER.test(phone.trim()));
      if (!NUMBER.test(phone.trim())) return;
      if (!state().election) await core().loadElection();
      await core().registration.sendCode(phone.trim());
      enrolling.phone = phone.trim();
      turnTo("code");
    });
  return (
    <>
      <Heading>{say("phone_h")}</Heading>
      <p class="lead">{say("phone_lead")}</p>
      <Field
        id="phone"
        type="tel"
        label={say("phone_label")}
        help={say("phone_example")}
        value={phone}
        onInput={(value) => setPhone(value.replace(/^\++/, "+"))}
        onEnter={send}
        wrong={wrong && say("phone_wrong")}
      />
      <Notice>
        <p>{say("phone_seen")}</p>
        <p>{say("phone_kept")}</p>
      </Notice>
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={send}>
          {say("phone_go")}
        </Button>
      </Acts>
    </>
  );
}
