/** Start: language, what this is and is not, the risk. Nothing is asked here. */

import { core, state, useAct } from "../ui/core";
import { day, languages, say, spoken } from "../ui/language";
import { Acts, Button, Heading, Notice, PickFile, Trouble } from "../ui/parts";
import { go, settle } from "../ui/way";

declare const __OFFLINE__: boolean;

export function Start() {
  const { election, registration } = state();
  const known = registration.step === "registered";
  return (
    <>
      <Languages />
      <Heading>{say("start_h")}</Heading>
      {election && (
        <p class="small">
          {core().name(election.names)}, {day(election.date)}
        </p>
      )}
      {__OFFLINE__ && !election && <ElectionFile />}
      <p class="lead">{say("start_lead")}</p>
      <h2>{say("start_can")}</h2>
      <ul>
        <li>{say("start_can_1")}</li>
        <li>{say("start_can_2")}</li>
      </ul>
      <h2>{say("start_cannot")}</h2>
      <ul>
        <li>{say("start_cannot_1")}</li>
        <li>{say("start_cannot_2")}</li>
        <li>{say("start_cannot_3")}</li>
      </ul>
      <Notice>
        <h2>{say("start_risk")}</h2>
        <p>{say("start_risk_1")}</p>
        <p>{say("start_risk_2")}</p>
        <p>{say("start_risk_3")}</p>
      </Notice>
      <p>{say("start_never")}</p>
      {known ? (
        <Acts>
          <Button kind="main" onClick={() => settle("home")}>
            {say("go_on")}
          </Button>
        </Acts>
      ) : (
        <Acts>
          <Button kind="main" onClick={() => settle("home")}>
            {say("start_go")}
          </Button>
          <Button onClick={() => go("restore")}>{say("start_back")}</Button>
          <Button onClick={() => go("carry")}>{say("start_carry")}</Button>
        </Acts>
      )}
      {election && election.organisations.length > 0 && (
        <Button kind="plain" onClick={() => go("observe")}>
          {say("start_observe")}
        </Button>
      )}
    </>
  );
}

/** A page that came on a stick knows no election before it is given its file. */
function ElectionFile() {
  const act = useAct();
  const take = (file: File) => act.run(async () => core().importElection(new Uint8Array(await file.arrayBuffer())));
  return (
    <Notice>
      <p>{say("start_file")}</p>
      <PickFile label={say("start_file_go")} accept=".golos,application/cbor" onFile={(file) => void take(file)} />
      <Trouble problem={act.problem} />
    </Notice>
  );
}

function Languages() {
  return (
    <div class="pad" role="group" aria-label={say("languages")}>
      {languages.map(({ code, name }) => (
        <button
          key={code}
          type="button"
          lang={code}
          class={code === spoken().code ? undefined : "plain"}
          aria-pressed={code === spoken().code}
          onClick={() => void core().set({ language: code })}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
