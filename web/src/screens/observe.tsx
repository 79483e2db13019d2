/** Observe: the observer's key and who vouches for it; what was reported, and how far each report is. */

import { useState } from "preact/hooks";
import type { Item, Report } from "../core";
import { core, reportDraft, state, useAct } from "../ui/core";
import { moment, say, type Key } from "../ui/language";
import { Acts, Button, Field, Heading, Row, Trouble } from "../ui/parts";
import { wordsFor } from "../ui/problems";
import { QrCode } from "../ui/qrcode";
import { go } from "../ui/way";
import { stationName } from "./names";
import { OtherWays } from "./otherways";

export function Observe() {
  const { observer, election } = state();
  return (
    <>
      <Heading>{say("observe_h")}</Heading>
      <p class="lead">{say("observe_lead")}</p>
      {observer?.organisation ? (
        <>
          <p class="done">{say("observe_by", { organisation: observer.organisation })}</p>
          <Kinds />
          <Reports />
        </>
      ) : (
        <>
          <p>{say("observe_who", { organisations: election?.organisations.join(", ") ?? "" })}</p>
          <Accreditation />
        </>
      )}
    </>
  );
}

/** First the key, which the organisation signs elsewhere; then what it has signed. */
function Accreditation() {
  const act = useAct();
  const [text, setText] = useState("");
  const key = state().observer?.key;
  const take = () => act.run(() => core().observer.accredit(text));
  if (!key)
    return (
      <>
        <Acts>
          <Button kind="main" act={act} onClick={() => act.run(() => core().observer.begin())}>
            {say("observe_make")}
          </Button>
        </Acts>
        <Trouble problem={act.problem} />
      </>
    );
  return (
    <>
      <h2>{say("observe_key")}</h2>
      <p>{say("observe_key_note")}</p>
      <QrCode text={key} label={say("observe_key")} />
      <p class="mono" id="key">
        {key}
      </p>
      <Field id="accreditation" label={say("observe_text")} value={text} onInput={setText} onEnter={take} />
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={take}>
          {say("observe_take")}
        </Button>
      </Acts>
    </>
  );
}

const BLANK: Readonly<Record<Report["kind"], Report>> = {
  protocol: { kind: "protocol", figures: {} },
  turnout: { kind: "turnout", line: "", voters: null, twice: 0, throughout: false },
  incident: { kind: "incident", category: "" },
};

/** What can be reported; what was begun is gone on with. */
function Kinds() {
  const act = useAct();
  const begun = reportDraft();
  const begin = (kind: Report["kind"]) =>
    act.run(async () => {
      if (begun) await core().outbox.discard(begun.id);
      await core().outbox.draft({ report: BLANK[kind] });
      go("report");
    });
  const kinds = (["protocol", "turnout", "incident"] as const).filter((kind) => kind !== "incident" || state().election?.incidents.length);
  return (
    <>
      <ul class="rows">
        {begun && <Row label={say("observe_begun")} note={nameOf(begun)} onClick={() => go("report")} />}
        {kinds.map((kind) => (
          <Row key={kind} label={say(`observe_${kind}`)} onClick={() => void begin(kind)} />
        ))}
      </ul>
      <Trouble problem={act.problem} />
    </>
  );
}

const nameOf = ({ kind, station }: Item): string =>
  [say(`observe_${kind}` as Key), station && stationName(station)].filter(Boolean).join(" · ");

function Reports() {
  const act = useAct();
  const sent = state()
    .reports.filter(({ stage }) => stage !== "draft")
    .sort((one, two) => two.sequence - one.sequence);
  const waiting = sent.find(({ stage }) => stage === "saved" || stage === "handed");
  const busy = act.busy || state().busy;
  if (!sent.length) return null;
  return (
    <>
      <h2>{say("observe_sent")}</h2>
      {sent.map((item) => (
        <Sent key={item.id} item={item} />
      ))}
      {waiting && (
        <>
          <Acts>
            <Button kind="main" act={{ ...act, busy }} onClick={() => act.run(() => core().outbox.send())}>
              {busy ? say("outbox_sending") : say("outbox_now")}
            </Button>
          </Acts>
          <OtherWays item={waiting} />
        </>
      )}
    </>
  );
}

function Sent({ item }: { item: Item }) {
  const { stage, steps, photo, problem } = item;
  const percent = photo?.total ? Math.floor((100 * photo.sent) / photo.total) : 0;
  return (
    <section class="panel" data-report={stage}>
      <p>
        <b>{nameOf(item)}</b>
        <br />
        {stage === "refused" ? say("outbox_refused", { why: problem ? wordsFor(problem) : "" }) : say(`state_${stage}` as Key)}{" "}
        <small>{moment(steps[steps.length - 1]!.time)}</small>
      </p>
      {photo && <p>{photo.done ? say("outbox_photo_all") : say("outbox_photo", { percent })}</p>}
      {problem && stage !== "refused" && <p class="waits">{wordsFor(problem)}</p>}
    </section>
  );
}
