/** ReportForm: what an observer has seen at one station: the protocol's figures, a count at the door, an incident. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Item, Report } from "../core";
import { core, reportDraft, state, useAct, type Act } from "../ui/core";
import { say, sayOr } from "../ui/language";
import { Acts, Button, Choice, Field, Heading, Notice, Row, Trouble } from "../ui/parts";
import { back, go } from "../ui/way";
import { Figures, entered, typedOf, wrongIn, type Typed } from "./figures";
import { stationName, stationPlace } from "./names";
import { Sources } from "./photo";

type Take<Kind extends Report["kind"]> = { readonly report: Extract<Report, { kind: Kind }>; readonly take: (report: Report) => void };

export function ReportForm() {
  const item = reportDraft();
  useEffect(() => {
    if (!item) back();
  }, []);
  return item?.report ? <Form item={item} report={item.report} /> : null;
}

function Form({ item, report }: { item: Item; report: Report }) {
  const act = useAct();
  const [typed, setTyped] = useState<Typed>(typedOf(report));
  const [now, setNow] = useState(report);
  const latest = useRef(now);
  latest.current = entered(now, typed);
  const save = () => void keep(item.id, latest.current);
  useEffect(() => save, []);
  const wrong = wrongIn(typed);
  const send = () =>
    act.run(async () => {
      if (wrong.length) return document.getElementById(wrong[0]!)?.focus();
      await keep(item.id, latest.current);
      await core().observer.send(item.id);
      back();
    });
  const type = (id: string, text: string) => setTyped((before) => ({ ...before, [id]: text }));
  return (
    <div onFocusOut={save}>
      <Heading>{say(`observe_${report.kind}`)}</Heading>
      <ul class="rows">
        <Row
          label={item.station ? stationName(item.station) : say("report_station")}
          note={item.station ? stationPlace(item.station) : ""}
          onClick={() => go("station")}
        />
      </ul>
      {now.kind === "protocol" && <Figures typed={typed} wrong={wrong} onType={type} />}
      {now.kind === "protocol" && <Photograph item={item} act={act} />}
      {now.kind === "turnout" && <Turnout report={now} take={setNow} typed={typed} wrong={wrong} onType={type} />}
      {now.kind === "incident" && <Incident report={now} take={setNow} />}
      <Notice>{say("report_public")}</Notice>
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={send}>
          {say("report_send")}
        </Button>
      </Acts>
    </div>
  );
}

/** Keep what is entered, unless it has been signed meanwhile. */
async function keep(id: string, report: Report): Promise<void> {
  if (reportDraft()?.id === id) await core().outbox.draft({ id, report });
}

function Photograph({ item, act }: { item: Item; act: Act }) {
  return (
    <section class="panel">
      <h2>{say("report_photo")}</h2>
      {item.hasPhoto && <p class="done">{say("photo_have")}</p>}
      <Sources act={act} />
    </section>
  );
}

interface TurnoutProps extends Take<"turnout"> {
  readonly typed: Typed;
  readonly wrong: readonly string[];
  readonly onType: (id: string, text: string) => void;
}

/** Lines that a count at the door can be held against. */
const countable = () => (state().election?.lines ?? []).filter(({ role }) => role === "turnout" || role === "issued");

function Turnout({ report, take, typed, wrong, onType }: TurnoutProps) {
  const number = (id: string, label: string) => (
    <Field
      id={id}
      digits
      label={label}
      value={typed[id] ?? ""}
      onInput={(text) => onType(id, text)}
      wrong={wrong.includes(id) && say("report_whole")}
    />
  );
  return (
    <>
      <fieldset class="choices">
        <legend>{say("report_line")}</legend>
        {countable().map(({ id, names }) => (
          <Choice
            key={id}
            name="line"
            checked={report.line === id}
            onPick={() => take({ ...report, line: id })}
            label={core().name(names)}
          />
        ))}
      </fieldset>
      {number("voters", say("report_voters"))}
      {number("twice", say("report_twice"))}
      <Choice
        name="throughout"
        several
        checked={report.throughout}
        onPick={() => take({ ...report, throughout: !report.throughout })}
        label={say("report_throughout")}
        note={say("report_throughout_note")}
      />
    </>
  );
}

function Incident({ report, take }: Take<"incident">) {
  return (
    <fieldset class="choices">
      <legend>{say("report_category")}</legend>
      {state().election?.incidents.map((code) => (
        <Choice
          key={code}
          name="category"
          checked={report.category === code}
          onPick={() => take({ ...report, category: code })}
          label={sayOr(`incident_${code.replaceAll("-", "_")}`, code)}
        />
      ))}
    </fieldset>
  );
}
