/** Outbox: how far each thing is, and since when. Nothing is claimed that has not happened. */

import type { Item, Stage, Step } from "../core";
import { core, state, useAct } from "../ui/core";
import { moment, say, sayOr, type Key } from "../ui/language";
import { Acts, Button, Heading, Notice, Trouble } from "../ui/parts";
import { wordsFor } from "../ui/problems";
import { go } from "../ui/way";
import { stationName } from "./names";
import { OtherWays } from "./otherways";

const WAY = ["saved", "handed", "received", "checked", "counted"] as const satisfies readonly Stage[];
/** After these, nothing is left to be sent. */
const OVER: readonly Stage[] = ["received", "checked", "counted", "closed", "replaced"];

export function Outbox() {
  const act = useAct();
  const items = state()
    .items.filter((item) => item.stage !== "draft")
    .sort((a, b) => b.sequence - a.sequence);
  const [newest] = items;
  const busy = act.busy || state().busy;
  return (
    <>
      <Heading>{say("outbox_h")}</Heading>
      {!newest && <p>{say("outbox_none")}</p>}
      {items.map((item) => (
        <Sealed key={item.id} item={item} only={items.length === 1} />
      ))}
      {newest && !OVER.includes(newest.stage) && (
        <>
          <Acts>
            <Button kind="main" act={{ ...act, busy }} onClick={() => act.run(() => core().outbox.send())}>
              {busy ? say("outbox_sending") : say("outbox_now")}
            </Button>
          </Acts>
          <Trouble problem={act.problem} />
          <OtherWays item={newest} />
        </>
      )}
      {newest?.hasReceipt && (
        <Acts>
          <Button onClick={() => go("check")}>{say("menu_check")}</Button>
        </Acts>
      )}
    </>
  );
}

function Sealed({ item, only }: { item: Item; only: boolean }) {
  const title = item.kind === "withdrawal" ? say("outbox_withdrawal") : say("outbox_change", { n: item.sequence + 1 });
  return (
    <section class="panel">
      {(!only || item.kind === "withdrawal") && <h2>{title}</h2>}
      {item.stage === "replaced" ? <p>{say("state_replaced")}</p> : <Way item={item} />}
      {item.photo && item.stage !== "replaced" && <PhotoWay item={item} />}
      {item.problem && item.stage !== "refused" && <p class="waits">{wordsFor(item.problem)}</p>}
      {item.nextTry !== null && <p class="small">{say("outbox_next", { time: moment(item.nextTry) })}</p>}
    </section>
  );
}

/** The five states in their order, with the time of each that was reached; only the newest says what it means. */
function Way({ item }: { item: Item }) {
  const reached = (stage: Stage) => item.steps.find((step) => step.stage === stage);
  return (
    <>
      <ol class="states">
        {WAY.map((stage) => (
          <State key={stage} stage={stage} step={reached(stage)} item={item} />
        ))}
      </ol>
      <End item={item} />
    </>
  );
}

function State({ stage, step, item }: { stage: (typeof WAY)[number]; step: Step | undefined; item: Item }) {
  return (
    <li class={step && "reached"} data-stage={stage}>
      <b>{say(`state_${stage}`)}</b>
      {step ? (
        <>
          <small>{moment(step.time)}</small>
          {stage === item.stage && (
            <>
              <br />
              <small>{noteOf(stage, step, item)}</small>
            </>
          )}
        </>
      ) : (
        <small>{say("state_not_yet")}</small>
      )}
    </li>
  );
}

function noteOf(stage: Stage, step: Step, item: Item): string {
  if (stage === "handed" && step.by && !step.by.includes("://")) return sayOr(`state_handed_${step.by}`, say("state_handed_note"));
  if (stage === "checked" && step.independent) return say("check_mirror", { mirror: step.by ?? "" });
  if (stage === "counted") return say("state_counted_note", { station: item.station ? stationName(item.station) : "" });
  return say(`state_${stage}_note` as Key);
}

/** What stands at the end of a way that doesn't lead to the count. */
function End({ item }: { item: Item }) {
  const closed = item.steps.find((step) => step.stage === "closed");
  if (item.stage === "refused" && item.problem)
    return (
      <Notice kind="bad">
        <p>{say("outbox_refused", { why: wordsFor(item.problem) })}</p>
      </Notice>
    );
  if (closed) return <Notice>{say(`closed_${closed.reason ?? "below"}`, { k: state().election?.k ?? 0 })}</Notice>;
  return null;
}

function PhotoWay({ item }: { item: Item }) {
  const { done, sent, total, small } = item.photo!;
  const percent = total ? Math.floor((100 * sent) / total) : 0;
  const text = done ? say("outbox_photo_all") : say("outbox_photo", { percent });
  return (
    <>
      <p>
        {text} {small && say("outbox_photo_small")}
      </p>
      {!done && <progress max={100} value={percent} aria-label={text} />}
    </>
  );
}
