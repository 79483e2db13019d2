/** StationSearch: by number or address, by nearness, by the invitation, or step by step from the region down. */

import { useEffect, useState } from "preact/hooks";
import type { Area, NearStation, Station } from "../core";
import { core, state, useAct, type Act } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Field, Heading, Notice, Row, Trouble, Waiting } from "../ui/parts";
import { goOn, keepDraft } from "./draft";
import { levelName, stationName, stationPlace } from "./names";

const SHOWN = 30;
const NEAREST = 8;
/** Typing rests this long before a search begins. */
const PAUSE = 250;

type Way = "search" | "near" | "card" | "unknown";
type Take = (station: Station) => void;

export function StationSearch() {
  const act = useAct();
  const [way, setWay] = useState<Way>("search");
  const [near, setNear] = useState<readonly NearStation[] | null>(null);
  const take: Take = (station) =>
    void act.run(async () => {
      await keepDraft({ station: station.code });
      goOn("choice");
    });
  const nearest = () =>
    act.run(async () => {
      setWay("near");
      const where = await position();
      setNear(where && (await core().stations.near(where.latitude, where.longitude, NEAREST)));
    });
  return (
    <>
      <Heading>{say("station_h")}</Heading>
      {way === "card" && <Notice>{say("station_card_help")}</Notice>}
      <Search take={take} />
      <Trouble problem={act.problem} />
      <Acts>
        <Button icon="place" act={act} onClick={nearest}>
          {say("station_near")}
        </Button>
        <Button icon="note" onClick={() => setWay("card")}>
          {say("station_card")}
        </Button>
        <Button onClick={() => setWay("unknown")}>{say("station_unknown")}</Button>
      </Acts>
      <p class="small">{say("station_near_note")}</p>
      {way === "near" && !act.busy && <Near near={near} take={take} />}
      {way === "unknown" && <Tree take={take} />}
    </>
  );
}

function Search({ take }: { take: Take }) {
  const act = useAct();
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly Station[] | null>(null);
  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) return setFound(null);
    let newest = true;
    const timer = setTimeout(() => {
      void act.run(async () => {
        const stations = await core().stations.find(wanted);
        if (newest) setFound(stations);
      });
    }, PAUSE);
    return () => {
      newest = false;
      clearTimeout(timer);
    };
  }, [text]);
  return (
    <>
      <Field id="search" type="search" label={say("station_search")} value={text} onInput={setText} />
      <Trouble problem={act.problem} />
      <div role="status">
        {act.busy && <Waiting>{say("station_loading")}</Waiting>}
        {found && !found.length && <p>{say("station_nothing")}</p>}
        {found && found.length > SHOWN && <p>{say("station_many", { n: SHOWN })}</p>}
      </div>
      {found && <Stations stations={found.slice(0, SHOWN)} take={take} />}
    </>
  );
}

function Stations({ stations, take }: { stations: readonly Station[]; take: Take }) {
  return (
    <ul class="rows">
      {stations.map((station) => (
        <Row key={station.code} label={stationName(station)} note={stationPlace(station)} onClick={() => take(station)} />
      ))}
    </ul>
  );
}

function Near({ near, take }: { near: readonly NearStation[] | null; take: Take }) {
  if (!near) return <p role="status">{say("station_near_none")}</p>;
  return (
    <ul class="rows">
      {near.map(({ station, metres }) => (
        <Row
          key={station.code}
          label={stationName(station)}
          note={`${say("station_km", { n: Math.round(metres / 100) / 10 })} · ${stationPlace(station)}`}
          onClick={() => take(station)}
        />
      ))}
    </ul>
  );
}

/** From the country down to a list that is short enough to read. */
function Tree({ take }: { take: Take }) {
  const act = useAct();
  const [path, setPath] = useState<readonly Area[]>([]);
  const [areas, setAreas] = useState<readonly Area[]>([]);
  const [stations, setStations] = useState<readonly Station[]>([]);
  const here = path[path.length - 1];
  useEffect(() => {
    void act.run(() => open(here));
  }, [here?.code]);
  async function open(area: Area | undefined): Promise<void> {
    setStations([]);
    const areas = await core().stations.areas(area?.code);
    const [only] = areas;
    setAreas(!area && only && areas.length === 1 ? await core().stations.areas(only.code) : areas);
    if (area) setStations(await core().stations.of(area.code));
  }
  return (
    <section>
      <Notice>{say("station_unknown_help")}</Notice>
      {here && (
        <p>
          <b>{path.map(({ names }) => core().name(names)).join(" › ")}</b>
        </p>
      )}
      {here && <Button onClick={() => setPath(path.slice(0, -1))}>{say("station_up")}</Button>}
      {areas[0] && <p class="label">{say("station_area", { level: levelName(areas[0].level) })}</p>}
      <ul class="rows">
        {areas.map((area) => (
          <Row key={area.code} label={core().name(area.names)} onClick={() => setPath([...path, area])} />
        ))}
      </ul>
      <Stations stations={stations} take={take} />
      <StationTrouble act={act} />
      <Skip />
    </section>
  );
}

function StationTrouble({ act }: { act: Act }) {
  if (act.busy) return <Waiting>{say("station_loading")}</Waiting>;
  if (act.problem && !state().online) return <p role="alert">{say("station_offline")}</p>;
  return <Trouble problem={act.problem} />;
}

/** The report can be filled in without it; it can't be sent. */
function Skip() {
  return (
    <>
      <Button onClick={() => goOn("choice")}>{say("station_skip")}</Button>
      <p class="small">{say("station_skipped")}</p>
    </>
  );
}

/** Returns where the phone is, or null where it doesn't say. */
function position(): Promise<GeolocationCoordinates | null> {
  return new Promise((done) => {
    if (!navigator.geolocation) return done(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done(coords),
      () => done(null),
      { timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
