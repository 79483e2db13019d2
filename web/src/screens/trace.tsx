/** Trace: what the phone shows of the app, and how nothing is left of it. */

import { useState } from "preact/hooks";
import { core, state, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Choice, Field, Heading, Notice, Trouble } from "../ui/parts";
import { go, settle } from "../ui/way";

export function Trace() {
  const act = useAct();
  const { settings, registration, observer } = state();
  const wipe = () => act.run(() => core().set({ wipeAfterReceipt: !settings.wipeAfterReceipt }));
  return (
    <>
      <Heading>{say("trace_h")}</Heading>
      <h2>{say("trace_neutral_h")}</h2>
      <p>{say("trace_neutral")}</p>
      {(registration.step === "registered" || observer) && <PinPart />}
      <h2>{say("trace_wipe_h")}</h2>
      <Choice
        name="wipe"
        several
        checked={settings.wipeAfterReceipt}
        onPick={wipe}
        label={say("trace_wipe")}
        note={say("trace_wipe_note")}
      />
      <Trouble problem={act.problem} />
      <p>{say("trace_gallery")}</p>
      <p>{say("trace_history")}</p>
      <Forget />
    </>
  );
}

function PinPart() {
  const act = useAct();
  const [pin, setPin] = useState("");
  const { pinSet } = state();
  return (
    <>
      <h2>{say("trace_pin_h")}</h2>
      <p>{pinSet ? say("trace_pin_on") : say("trace_pin_off")}</p>
      {pinSet && <Field id="pin" type="password" label={say("unlock_label")} value={pin} onInput={setPin} />}
      <Trouble problem={act.problem} />
      <Acts>
        <Button onClick={() => go("pin")}>{pinSet ? say("pin_change") : say("pin_set")}</Button>
        {pinSet && (
          <Button act={act} onClick={() => act.run(() => core().pin.remove(pin))}>
            {say("pin_remove")}
          </Button>
        )}
      </Acts>
    </>
  );
}

function Forget() {
  const act = useAct();
  const [sure, setSure] = useState(false);
  const { items, reports, carried, registration } = state();
  const unsent = [...items, ...reports].filter(({ stage }) => stage === "saved").length;
  const others = carried.filter(({ delivered }) => delivered === null).length;
  const forget = () =>
    act.run(async () => {
      await core().forget();
      settle("gone");
    });
  return (
    <Notice kind="bad">
      <h2>{say("trace_forget_h")}</h2>
      <p>{say("trace_forget")}</p>
      {sure && (
        <div role="alert">
          {unsent > 0 && <p class="error">{say("trace_unsent", { n: unsent })}</p>}
          {others > 0 && <p class="error">{say("trace_carried", { n: others })}</p>}
          {registration.step === "registered" && !registration.paper && <p class="error">{say("trace_no_paper")}</p>}
        </div>
      )}
      <Acts>
        {sure ? (
          <Button kind="bad" act={act} onClick={forget}>
            {say("trace_sure")}
          </Button>
        ) : (
          <Button kind="bad" onClick={() => setSure(true)}>
            {say("trace_go")}
          </Button>
        )}
        {sure && <Button onClick={() => setSure(false)}>{say("cancel")}</Button>}
      </Acts>
      <Trouble problem={act.problem} />
    </Notice>
  );
}
