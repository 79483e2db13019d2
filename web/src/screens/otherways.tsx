/** OtherWays: out of the phone without internet: a sealed file, or the facts as a QR code. */

import { useState } from "preact/hooks";
import type { Item } from "../core";
import { core, useAct } from "../ui/core";
import { give, canShare } from "../ui/give";
import { say } from "../ui/language";
import { Acts, Button, Trouble } from "../ui/parts";
import { QrCode } from "../ui/qrcode";

export function OtherWays({ item }: { item: Item }) {
  const act = useAct();
  const [code, setCode] = useState("");
  const file = (share: boolean) =>
    act.run(async () => {
      const { name, bytes } = await core().file.export([item.id]);
      await give(name, bytes, share);
    });
  return (
    <section>
      <h2>{say("outbox_other_h")}</h2>
      <p>{say("outbox_other")}</p>
      <Acts>
        {canShare() && (
          <Button act={act} onClick={() => file(true)}>
            {say("outbox_share")}
          </Button>
        )}
        <Button act={act} icon="file" onClick={() => file(false)}>
          {say("outbox_save")}
        </Button>
        <Button act={act} onClick={() => act.run(async () => setCode(await core().file.qr(item.id)))}>
          {say("outbox_qr")}
        </Button>
      </Acts>
      <Trouble problem={act.problem} />
      {code && (
        <>
          <QrCode text={code} label={say("outbox_qr")} />
          <p class="small">{say("outbox_qr_note")}</p>
        </>
      )}
    </section>
  );
}
