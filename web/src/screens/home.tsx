/** Home: what is done, what comes next. One thing is the next; everything can be gone back to. */

import type { Item } from "../core";
import { core, draft, standing, state } from "../ui/core";
import { day, say, type Key } from "../ui/language";
import { Heading, Row } from "../ui/parts";
import { Icon } from "../ui/icons";
import { go, type Place } from "../ui/way";
import { chosen, marked } from "./choice";
import { stationName } from "./names";
import { wantsNoPhoto } from "./draft";

interface Task {
  readonly to: Place;
  readonly label: Key;
  readonly note: string;
  readonly done: boolean;
}

export function Home() {
  const { election, registration } = state();
  const begun = draft();
  const sent = standing();
  return (
    <>
      <Heading>{say("home_h")}</Heading>
      {election && (
        <p class="small">
          {core().name(election.names)}, {day(election.date)}
        </p>
      )}
      {registration.step !== "registered" || begun || !sent ? <Tasks tasks={tasks(begun)} /> : <Sent item={sent} />}
      {sent && begun && (
        <ul class="rows">
          <Row label={say("menu_outbox")} note={say(`state_${stageKey(sent)}` as Key)} onClick={() => go("outbox")} />
        </ul>
      )}
      {state().observer?.organisation && (
        <ul class="rows">
          <Row label={say("observe_h")} onClick={() => go("observe")} />
        </ul>
      )}
      <p class="small">{say("home_hello")}</p>
    </>
  );
}

/** Registration, paper, and the ballot that is being filled in. */
function tasks(begun: Item | undefined): Task[] {
  const { registration } = state();
  const registered = registration.step === "registered";
  return [
    {
      to: registered ? "pin" : registration.step === "coded" ? "code" : "phone",
      label: "home_register",
      note: say(registered ? (registration.reissued ? "home_reissued" : "home_registered") : "home_register_note"),
      done: registered,
    },
    { to: "paper", label: "home_paper", note: registration.paper ? say("home_done") : say("home_paper_note"), done: registration.paper },
    {
      to: "station",
      label: "home_station",
      note: begun?.station ? stationName(begun.station) : say("home_station_none"),
      done: Boolean(begun?.station),
    },
    { to: "choice", label: "home_choice", note: begun && marked(begun) ? chosen(begun.choices!) : say("home_choice_none"), done: marked(begun) },
    {
      to: "photo",
      label: "home_photo",
      note: say(begun?.hasPhoto ? "home_photo_with" : wantsNoPhoto() ? "home_without" : "home_photo_none"),
      done: begun?.hasPhoto || wantsNoPhoto(),
    },
    { to: "review", label: "home_send", note: say("home_send_note"), done: false },
  ];
}

/** What can't be done before the phone is registered; all else can, in any order. */
const NEEDS_KEY: readonly Place[] = ["paper", "review"];

function Tasks({ tasks: all }: { tasks: readonly Task[] }) {
  const next = all.find(({ done }) => !done);
  const registered = all[0]!.done;
  return (
    <ol class="tasks">
      {all.map((task) => (
        <li key={task.to}>
          <TaskRow task={task} next={task === next} open={registered || !NEEDS_KEY.includes(task.to)} />
        </li>
      ))}
    </ol>
  );
}

function TaskRow({ task, next, open }: { task: Task; next: boolean; open: boolean }) {
  const { to, label, note, done } = task;
  return (
    <button type="button" class={next ? "next" : undefined} disabled={!open} onClick={() => go(to)}>
      <span>
        {say(label)}
        <small>{note}</small>
      </span>
      {done && (
        <span class="done">
          <Icon name="done" />
          <span class="hidden">{say("home_done")}</span>
        </span>
      )}
      {next && <Icon name="on" />}
    </button>
  );
}

/** Something was sealed: where it is, and what can still be done. */
function Sent({ item }: { item: Item }) {
  const places: readonly Place[] = ["outbox", "check", "change"];
  return (
    <>
      <div class="panel">
        <h2>{say(`state_${stageKey(item)}` as Key)}</h2>
        <p>{say(`state_${stageKey(item)}_note` as Key, { station: item.station ? stationName(item.station) : "" })}</p>
      </div>
      <ul class="rows">
        {places.map((place) => (
          <Row key={place} label={say(`menu_${place}` as Key)} onClick={() => go(place)} />
        ))}
        {!state().registration.paper && <Row label={say("home_paper")} note={say("home_paper_note")} onClick={() => go("paper")} />}
      </ul>
    </>
  );
}

function stageKey(item: Item): string {
  return item.stage;
}
