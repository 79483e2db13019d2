/** Unlock: the PIN, or everything deleted. Nothing here says what the app is for. */

import { useState } from "preact/hooks";
import { core, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Field, Heading, Trouble } from "../ui/parts";
import { settle } from "../ui/way";

async function forget(): Promise<void> {
  await core().forget();
  settle("gone");
}

export function Unlock() {
  const act = useAct();
  const [pin, setPin] = useState("");
  const [forgot, setForgot] = useState(false);
  const open = () =>
    act.run(async () => {
      setPin("");
      await core().pin.unlock(pin);
    });
  return (
    <>
      <Heading>{say("unlock_h")}</Heading>
      <Field id="pin" type="password" label={say("unlock_label")} value={pin} onInput={setPin} onEnter={open} />
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={open}>
          {say("unlock_go")}
        </Button>
        <Button kind="plain" onClick={() => setForgot(true)}>
          {say("unlock_forgot")}
        </Button>
        {forgot && (
          <Button kind="bad" act={act} onClick={() => act.run(forget)}>
            {say("trace_sure")}
          </Button>
        )}
      </Acts>
    </>
  );
}
