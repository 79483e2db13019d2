/** Carry: other people's sealed reports, taken where there is no internet and handed over where there is. */

import { useState } from "preact/hooks";
import { CoreProblem, type Carried } from "../core";
import { core, state, useAct } from "../ui/core";
import { give } from "../ui/give";
import { moment, say } from "../ui/language";
import { Acts, Button, Heading, PickFile, Trouble } from "../ui/parts";
import { wordsFor } from "../ui/problems";
import { Scanner } from "../ui/scanner";

declare const __OFFLINE__: boolean;

export function Carry() {
  const act = useAct();
  const [taken, setTaken] = useState(0);
  const waiting = state().carried.filter(({ delivered }) => delivered === null);
  const delivered = state().carried.length - waiting.length;
  const keep = (take: () => Promise<string>) =>
    act.run(async () => {
      await take();
      setTaken((count) => count + 1);
    });
  return (
    <>
      <Heading>{say("carry_h")}</Heading>
      <p class="lead">{say("carry_lead")}</p>
      <div class="acts">
        <PickFile
          label={say("carry_take")}
          accept=".golos,application/octet-stream"
          onFile={(file) => void keep(async () => core().carry.add(new Uint8Array(await file.arrayBuffer())))}
        />
      </div>
      <Scanner cameraLabel={say("carry_scan")} fileLabel={say("restore_file")} onText={(text) => void keep(() => core().carry.addQr(text))} />
      <Trouble problem={act.problem} />
      <div role="status">
        {taken > 0 && !act.problem && <p class="done">{say("carry_taken", { n: taken })}</p>}
        <p>{waiting.length ? say("carry_held", { n: waiting.length }) : say("carry_none")}</p>
        {delivered > 0 && <p class="done">{say("carry_delivered", { n: delivered })}</p>}
      </div>
      {waiting.length > 0 && (
        <Acts>
          <Button kind="main" act={{ ...act, busy: act.busy || state().busy }} onClick={() => act.run(() => core().outbox.send())}>
            {say("carry_deliver")}
          </Button>
        </Acts>
      )}
      {state().carried.map((carried) => (
        <Parcel key={carried.id} carried={carried} />
      ))}
      {!__OFFLINE__ && <TheApp />}
    </>
  );
}

/** The app itself, for phones that never had internet: the page, and the election with its stations. */
function TheApp() {
  const act = useAct();
  const pass = (path: string, name: string) => act.run(async () => give(name, await fetched(path), false));
  return (
    <section>
      <h2>{say("carry_app_h")}</h2>
      <p>{say("carry_app")}</p>
      <Acts>
        <Button act={act} icon="file" onClick={() => void pass("offline.html", "notes.html")}>
          {say("carry_app_page")}
        </Button>
        <Button act={act} icon="file" onClick={() => void pass("offline.golos", "election.golos")}>
          {say("carry_app_election")}
        </Button>
      </Acts>
      <Trouble problem={act.problem} />
    </section>
  );
}

/** A server gives no other page than the log vouches for. @throws offline, missing.app */
async function fetched(path: string): Promise<Uint8Array> {
  const answer = await fetch(path).catch(() => null);
  if (!answer?.ok) throw new CoreProblem(answer ? "missing.app" : "offline");
  return new Uint8Array(await answer.arrayBuffer());
}

function Parcel({ carried }: { carried: Carried }) {
  const act = useAct();
  const { id, bytes, added, delivered, problem } = carried;
  const forward = () =>
    act.run(async () => {
      const { name, bytes: file } = await core().carry.export(id);
      await give(name, file, false);
    });
  return (
    <section class="panel">
      <p>
        {say("carry_row", { kb: Math.ceil(bytes / 1000), time: moment(added) })}
        <br />
        <small>{delivered === null ? say("state_not_yet") : `${say("state_handed")}: ${moment(delivered)}`}</small>
      </p>
      {problem && <p class="waits">{wordsFor(problem)}</p>}
      <div class="pad">
        {delivered === null && <Button onClick={forward}>{say("carry_forward")}</Button>}
        <Button kind="bad" act={act} onClick={() => act.run(() => core().carry.remove(id))}>
          {say("delete")}
        </Button>
      </div>
      <Trouble problem={act.problem} />
    </section>
  );
}
