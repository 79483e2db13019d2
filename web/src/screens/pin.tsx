/** Pin: a PIN is offered after registering, and may be changed later. */

import { useState } from "preact/hooks";
import { core, state, useAct } from "../ui/core";
import { say, type Key } from "../ui/language";
import { Acts, Button, Field, Heading, Trouble } from "../ui/parts";
import { back, settle, turnTo, within } from "../ui/way";

const SHORTEST = 6;

export function Pin() {
  const act = useAct();
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [wrong, setWrong] = useState<Key | null>(null);
  const next = () => {
    const { step, paper } = state().registration;
    if (step === "registered" && !paper) turnTo("paper");
    else if (within("trace")) back();
    else settle("home");
  };
  const set = () =>
    act.run(async () => {
      const found = pin.length < SHORTEST ? "pin_short" : pin === again ? null : "pin_differ";
      setWrong(found);
      if (found) return;
      await core().pin.set(pin);
      next();
    });
  return (
    <>
      <Heading>{say("pin_h")}</Heading>
      <p class="lead">{say("pin_lead")}</p>
      <Field
        id="pin"
        type="password"
        label={say("pin_label")}
        value={pin}
        onInput={setPin}
        wrong={wrong === "pin_short" && say(wrong)}
      />
      <Field
        id="again"
        type="password"
        label={say("pin_repeat")}
        value={again}
        onInput={setAgain}
        onEnter={set}
        wrong={wrong === "pin_differ" && say(wrong)}
      />
      <p class="small">{say("pin_forget")}</p>
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={set}>
          {say("pin_set")}
        </Button>
        {!state().pinSet && <Button onClick={next}>{say("pin_none")}</Button>}
      </Acts>
    </>
  );
}
