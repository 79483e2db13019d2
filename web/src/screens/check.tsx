/** Check: six words, the receipt, and whether it was counted. */

import { useEffect, useState } from "preact/hooks";
import type { Item, Stage, Step } from "../core";
import { core, standing, state, useAct } from "../ui/core";
import { give } from "../ui/give";
import { moment, say, spoken } from "../ui/language";
import { Acts, Button, Heading, Notice, Trouble } from "../ui/parts";
import { QrCode } from "../ui/qrcode";
import { stationName } from "./names";

export function Check() {
  const act = useAct();
  const item = standing();
  if (!item?.hasReceipt)
    return (
      <>
        <Heading>{say("check_h")}</Heading>
        <p>{say("check_none")}</p>
      </>
    );
  const check = () => act.run(async () => void (await core().receipt.check(item.id)));
  return (
    <>
      <Heading>{say("check_h")}</Heading>
      <Verdicts item={item} />
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={check}>
          {say("check_go")}
        </Button>
      </Acts>
      <Words item={item} />
      <Wipe item={item} />
    </>
  );
}

/** What is proven so far, the newest last. */
function Verdicts({ item }: { item: Item }) {
  const step = (stage: Stage): Step | undefined => item.steps.find((one) => one.stage === stage);
  const [received, checked, counted, closed] = [step("received"), step("checked"), step("counted"), step("closed")];
  const station = item.station ? stationName(item.station) : "";
  return (
    <div role="status">
      {received && (
        <Notice kind="good">
          <h2>{say("check_ok")}</h2>
          <p>{say("state_received_note")}</p>
          {checked ? (
            <p>
              {checked.independent ? say("check_mirror", { mirror: checked.by ?? "" }) : say("check_alone")}{" "}
              <small>{moment(checked.time)}</small>
            </p>
          ) : (
            <p>{say("check_alone")}</p>
          )}
        </Notice>
      )}
      {counted && (
        <p class="lead done">
          <b>{say("check_counted", { station })}</b>
          <br />
          {counted.tier && say(`check_tier_${counted.tier}`)}
        </p>
      )}
      {closed && <p class="lead">{say(`closed_${closed.reason ?? "below"}`, { k: state().election?.k ?? 0 })}</p>}
      {!counted && !closed && <p>{say("check_not_open")}</p>}
    </div>
  );
}

function Words({ item }: { item: Item }) {
  const act = useAct();
  const [words, setWords] = useState<readonly string[]>([]);
  const [proof, setProof] = useState("");
  useEffect(() => {
    void act.run(async () => {
      setWords(await core().receipt.words(item.id, spoken().code));
      setProof(await core().receipt.text(item.id));
    });
  }, [item.id, item.stage]);
  const save = () => act.run(() => give("note.txt", new TextEncoder().encode(proof), false));
  return (
    <section>
      <h2>{say("check_words")}</h2>
      <ol class="words">
        {words.map((word, n) => (
          <li key={n}>{word}</li>
        ))}
      </ol>
      <p class="small">{say("check_words_note")}</p>
      {proof && (
        <>
          <h2>{say("check_qr")}</h2>
          <QrCode text={proof} label={say("check_qr")} />
          <Acts>
            <Button icon="file" onClick={save}>
              {say("check_save")}
            </Button>
          </Acts>
        </>
      )}
    </section>
  );
}

function Wipe({ item }: { item: Item }) {
  const act = useAct();
  const [sure, setSure] = useState(false);
  return (
    <section>
      <h2>{say("check_wipe")}</h2>
      <p>{say("check_wipe_note")}</p>
      <Acts>
        {sure ? (
          <Button kind="bad" act={act} onClick={() => act.run(() => core().outbox.wipe(item.id))}>
            {say("delete")}
          </Button>
        ) : (
          <Button onClick={() => setSure(true)}>{say("check_wipe")}</Button>
        )}
      </Acts>
      <Trouble problem={act.problem} />
    </section>
  );
}
