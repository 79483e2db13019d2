/** Used: the number was registered before, by its owner or by somebody else. */

import { useEffect, useState } from "preact/hooks";
import type { Area } from "../core";
import { core, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Heading, Trouble } from "../ui/parts";
import { go, turnTo } from "../ui/way";
import { enrolling, forgetNumber } from "./enrolling";

export function Used() {
  const act = useAct();
  useEffect(() => {
    if (!enrolling.phone) turnTo("phone");
  }, []);
  const reissue = () =>
    act.run(async () => {
      await core().registration.finish(enrolling.phone, enrolling.code, true);
      forgetNumber();
      turnTo("pin");
    });
  return (
    <>
      <Heading>{say("used_h")}</Heading>
      <p>{say("used_lead")}</p>
      <div class="panel">
        <h2>{say("used_mine_h")}</h2>
        <p>{say("used_mine")}</p>
        <Acts>
          <Button onClick={() => go("restore")}>{say("used_paper")}</Button>
          <Button act={act} onClick={reissue}>
            {say("used_again")}
          </Button>
        </Acts>
        <p class="small">{say("used_again_note")}</p>
        <Trouble problem={act.problem} />
      </div>
      <Dispute />
    </>
  );
}

/** Somebody else's doing: said, counted per region, published. */
function Dispute() {
  const act = useAct();
  const [areas, setAreas] = useState<readonly Area[]>([]);
  const [area, setArea] = useState("");
  const [said, setSaid] = useState(false);
  useEffect(() => {
    void regions().then(setAreas, () => undefined);
  }, []);
  const dispute = () =>
    act.run(async () => {
      await core().registration.dispute(enrolling.phone, enrolling.code, area);
      setSaid(true);
    });
  return (
    <div class="panel">
      <h2>{say("used_other_h")}</h2>
      <p>{say("used_other")}</p>
      <label for="region">{say("used_region")}</label>
      <select id="region" value={area} onChange={(event) => setArea(event.currentTarget.value)}>
        <option value="">{say("used_region_none")}</option>
        {areas.map(({ code, names }) => (
          <option key={code} value={code}>
            {core().name(names)}
          </option>
        ))}
      </select>
      <Acts>
        <Button act={act} onClick={dispute}>
          {say("used_say")}
        </Button>
      </Acts>
      <Trouble problem={act.problem} />
      <p role="status">{said && say("used_said")}</p>
    </div>
  );
}

async function regions(): Promise<readonly Area[]> {
  const [nation] = await core().stations.areas();
  return core().stations.areas(nation?.code);
}
