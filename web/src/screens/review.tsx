/** Review: exactly what will leave, byte for byte; then it is sealed. */

import { useEffect, useState } from "preact/hooks";
import type { Item } from "../core";
import { core, draft, state, useAct } from "../ui/core";
import { say, type Key } from "../ui/language";
import { Acts, Button, Heading, Notice, Row, Trouble } from "../ui/parts";
import { go, settle, type Place } from "../ui/way";
import { chosen, marked } from "./choice";
import { Shown } from "./covers";
import { stationName, stationPlace } from "./names";

export function Review() {
  const act = useAct();
  const item = draft();
  const lacking = missing(item);
  const seal = () =>
    act.run(async () => {
      await core().outbox.ballot({ draft: item!.id, station: item!.station!.code, choices: item!.choices! });
      void core().outbox.send();
      settle("home", "outbox");
    });
  return (
    <>
      <Heading>{say("review_h")}</Heading>
      <p class="lead">{say("review_lead")}</p>
      {item && <Facts item={item} />}
      {item?.hasPhoto && <Picture id={item.id} />}
      <p class="small">{say("review_facts")}</p>
      {lacking.length > 0 ? (
        <Notice>
          <h2>{say("review_missing")}</h2>
          <ul class="rows">
            {lacking.map(([place, label]) => (
              <Row key={place} label={say(label)} onClick={() => go(place)} />
            ))}
          </ul>
        </Notice>
      ) : (
        <Acts>
          <Button kind="main" act={act} onClick={seal}>
            {say("review_send")}
          </Button>
        </Acts>
      )}
      <Trouble problem={act.problem} />
    </>
  );
}

function missing(item: Item | undefined): readonly (readonly [Place, Key])[] {
  const all: readonly (readonly [Place, Key, boolean])[] = [
    ["phone", "home_register", state().registration.step === "registered"],
    ["station", "home_station", Boolean(item?.station)],
    ["choice", "home_choice", marked(item)],
  ];
  return all.filter(([, , there]) => !there).map(([place, label]) => [place, label] as const);
}

function Facts({ item }: { item: Item }) {
  return (
    <dl class="panel">
      {item.station && (
        <>
          <dt>
            {say("review_station")} ({say("review_choice_seal")})
          </dt>
          <dd>
            {stationName(item.station)}
            <br />
            <small>{stationPlace(item.station)}</small>
          </dd>
        </>
      )}
      {marked(item) && (
        <>
          <dt>
            {say("review_choice")} ({say("review_choice_seal")})
          </dt>
          <dd>{chosen(item.choices!)}</dd>
        </>
      )}
      <dt>
        {say("review_photo")}
        {item.hasPhoto && ` (${say("review_photo_seal")})`}
      </dt>
      <dd>{item.hasPhoto ? say("review_photo_below") : say("review_none")}</dd>
    </dl>
  );
}

/** The very bytes that will be sealed, decoded again. */
export function Picture({ id }: { id: string }) {
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [size, setSize] = useState(0);
  useEffect(() => {
    void core()
      .outbox.picture(id)
      .then(async (bytes) => {
        if (!bytes) return;
        setPicture(await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "image/jpeg" })));
        setSize(bytes.length);
      });
  }, [id]);
  if (!picture) return null;
  const { width, height } = picture;
  return (
    <figure>
      <Shown picture={picture} label={say("review_photo")} />
      <figcaption class="small">{say("review_size", { width, height, kb: Math.ceil(size / 1000) })}</figcaption>
    </figure>
  );
}
