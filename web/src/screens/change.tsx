/** Change: another version, or none at all, until the cut-off. */

import { useState } from "preact/hooks";
import { core, standing, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Heading, Trouble } from "../ui/parts";
import { settle } from "../ui/way";
import { keepDraft } from "./draft";

export function Change() {
  const item = standing();
  return (
    <>
      <Heading>{say("change_h")}</Heading>
      {item ? (
        <>
          <Anew />
          {item.kind === "ballot" && <Withdraw />}
        </>
      ) : (
        <p>{say("change_none")}</p>
      )}
    </>
  );
}

/** The station of the last version is taken over; choice and photograph are entered anew. */
function Anew() {
  const act = useAct();
  const station = standing()?.station?.code;
  const anew = () =>
    act.run(async () => {
      await keepDraft(station ? { station } : {});
      settle("home");
    });
  return (
    <>
      <p class="lead">{say("change_lead")}</p>
      <Acts>
        <Button kind="main" act={act} onClick={anew}>
          {say("change_go")}
        </Button>
      </Acts>
      <Trouble problem={act.problem} />
    </>
  );
}

function Withdraw() {
  const act = useAct();
  const [sure, setSure] = useState(false);
  const withdraw = () =>
    act.run(async () => {
      await core().outbox.withdraw();
      void core().outbox.send();
      settle("home", "outbox");
    });
  return (
    <div class="panel">
      <h2>{say("withdraw_h")}</h2>
      <p>{say("withdraw_lead")}</p>
      {sure ? (
        <Button kind="bad" act={act} onClick={withdraw}>
          {say("withdraw_sure")}
        </Button>
      ) : (
        <Button kind="bad" onClick={() => setSure(true)}>
          {say("withdraw_go")}
        </Button>
      )}
      <Trouble problem={act.problem} />
    </div>
  );
}
