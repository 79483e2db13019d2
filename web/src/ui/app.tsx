/** App: the frame around every screen, and which screen it is. */

import type { FunctionComponent } from "preact";
import { useEffect, useReducer, useState } from "preact/hooks";
import { Code } from "../screens/code";
import { Gone } from "../screens/gone";
import { Hidden } from "../screens/hidden";
import { Home } from "../screens/home";
import { Paper } from "../screens/paper";
import { Phone } from "../screens/phone";
import { Pin } from "../screens/pin";
import { Start } from "../screens/start";
import { Unlock } from "../screens/unlock";
import { Used } from "../screens/used";
import { core, state } from "./core";
import { fitting, say, speak, spoken } from "./language";
import { Button, Notice, Waiting } from "./parts";
import { back, begin, deep, go, here, settle, type Place } from "./way";

type Screens = Readonly<Record<Place, FunctionComponent>>;

const FIRST: Partial<Screens> = { start: Start, phone: Phone, code: Code, used: Used, pin: Pin, paper: Paper, home: Home, gone: Gone };

/** What nobody needs before being registered comes a moment after the first page; what observers need, when they ask. */
const OBSERVERS: readonly Place[] = ["observe", "report"];
async function later(place: Place): Promise<Partial<Screens>> {
  return OBSERVERS.includes(place) ? (await import("../screens/observing")).OBSERVING : (await import("../screens/later")).LATER;
}

/** Places that the menu below each screen leads to. */
const MENU: readonly Place[] = ["home", "carry", "trace", "start"];

/** The whole page; `hidden` while it pretends to be a sheet of notes. */
export function App() {
  const redraw = useReducer((count: number, _: void) => count + 1, 0)[1];
  const [hidden, hide] = useState(false);
  useEffect(() => {
    begin(state().registration.step === "registered" ? "home" : "start", redraw);
    redraw();
    return core().subscribe(() => follow().then(redraw));
  }, []);
  if (hidden) return <Hidden onOpen={() => hide(false)} />;
  return <Page onHide={() => hideAll(hide)} />;
}

function hideAll(hide: (hidden: boolean) => void): void {
  if (state().pinSet) core().pin.lock();
  hide(true);
}

/** Speaks the language of the settings, wherever it was changed: another tab counts too. */
async function follow(): Promise<void> {
  const chosen = fitting(state().settings.language);
  if (chosen !== spoken()) await speak(chosen).catch(() => undefined);
}

function Page({ onHide }: { onHide: () => void }) {
  const place = here();
  const locked = state().locked && place !== "gone";
  const Screen = locked ? Unlock : (FIRST[place] ?? Later);
  return (
    <>
      <header class="top">
        {deep() && !locked ? (
          <Button kind="plain" icon="back" onClick={back}>
            {say("back")}
          </Button>
        ) : (
          <span class="name">{say("title")}</span>
        )}
        <Button kind="plain" icon="hide" onClick={onHide}>
          {say("hide")}
        </Button>
      </header>
      <main id="main" key={`${place} ${locked} ${spoken().code}`}>
        <Bulletins />
        <Screen />
      </main>
      {!locked && place !== "gone" && <Menu place={place} />}
    </>
  );
}

/** A screen of the later ones, as soon as they are here. */
function Later() {
  const [screens, setScreens] = useState<Partial<Screens> | null>(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    later(here()).then(setScreens, () => setMissing(true));
  }, []);
  const Screen = screens?.[here()];
  if (Screen) return <Screen />;
  return missing ? <p role="alert">{say("unreached")}</p> : <Waiting />;
}

/** What concerns every screen: no network, a new version, a cancelled election. */
function Bulletins() {
  const { online, updateReady, election, clockAhead } = state();
  const clockWrong = clockAhead !== null && Math.abs(clockAhead) > 3_600_000;
  return (
    <div role="status">
      {election?.cancelled && <Notice kind="bad">{election.cancelled}</Notice>}
      {!online && <Notice>{say("offline")}</Notice>}
      {clockWrong && <Notice>{say("clock_wrong")}</Notice>}
      {updateReady && (
        <Notice>
          <p>{say("newer")}</p>
          <Button onClick={() => void core().update()}>{say("newer_take")}</Button>
        </Notice>
      )}
    </div>
  );
}

function Menu({ place }: { place: Place }) {
  return (
    <nav class="foot" aria-label={say("menu")}>
      {MENU.filter((other) => other !== place).map((other) => (
        <Button key={other} kind="plain" onClick={() => (other === "home" ? settle(other) : go(other))}>
          {say(`menu_${other}` as "menu_home")}
        </Button>
      ))}
    </nav>
  );
}
