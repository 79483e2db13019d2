/** PhotoWay: with a photograph or without, by the app's camera or from a file; then the back of the sheet. */

import { useState } from "preact/hooks";
import { PictureError, upright } from "../camera/picture";
import { CoreProblem } from "../core";
import { draft, state, useAct, type Act } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Heading, PickFile, Trouble } from "../ui/parts";
import { go, turnTo } from "../ui/way";
import { keepDraft } from "./draft";
import { Slip } from "./slip";
import { forgetSides, keepPhoto, putRaw, sideNumber } from "./sides";

/** Pictures are worked on at this size; what leaves is smaller. */
export const WORKED_AT = 2560;

export function PhotoWay() {
  return sideNumber() === 2 ? <Back /> : <Front />;
}

function Front() {
  const act = useAct();
  const [withPhoto, setWith] = useState(false);
  const without = () =>
    act.run(async () => {
      forgetSides();
      await keepDraft({ photo: null });
      turnTo("review");
    });
  const same = () =>
    act.run(async () => {
      forgetSides();
      await keepDraft({ photo: "sent" });
      turnTo("review");
    });
  return (
    <>
      <Heading>{say("photo_h")}</Heading>
      <p class="lead">{say("photo_lead")}</p>
      {draft()?.hasPhoto && <p>{say("photo_have")}</p>}
      {state().items.some(({ stage, hasPhoto }) => hasPhoto && stage !== "draft") && (
        <div class="panel">
          <p>{say("photo_same_note")}</p>
          <Button act={act} onClick={same}>
            {say("photo_same")}
          </Button>
        </div>
      )}
      <div class="pair">
        <div class="panel">
          <h2>{say("photo_with")}</h2>
          <p>{say("photo_with_note")}</p>
          <Slip />
          {withPhoto ? <Sources act={act} /> : <Button onClick={() => setWith(true)}>{say("photo_with")}</Button>}
        </div>
        <div class="panel">
          <h2>{say("photo_without")}</h2>
          <p>{say("photo_without_note")}</p>
          <Button act={act} onClick={without}>
            {say("photo_without")}
          </Button>
        </div>
      </div>
      <Trouble problem={act.problem} />
    </>
  );
}

function Back() {
  const act = useAct();
  const skip = () =>
    act.run(async () => {
      await withReasons(keepPhoto);
      turnTo("review");
    });
  return (
    <>
      <Heading>{say("photo_back_ask")}</Heading>
      <Sources act={act} />
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={skip}>
          {say("photo_back_skip")}
        </Button>
        <Button kind="plain" onClick={() => (forgetSides(), turnTo("photo"))}>
          {say("photo_anew")}
        </Button>
      </Acts>
    </>
  );
}

/** Where a picture can come from. */
export function Sources({ act, camera = true }: { act: Act; camera?: boolean }) {
  const take = (file: File) =>
    act.run(async () => {
      putRaw(await withReasons(() => upright(file, WORKED_AT)));
      go("mask");
    });
  return (
    <>
      {camera && (
        <>
          <Button icon="camera" onClick={() => go("camera")}>
            {say("photo_open")}
          </Button>
          <p class="small">{say("photo_open_note")}</p>
        </>
      )}
      <PickFile label={say("photo_file")} accept="image/*" onFile={(file) => void take(file)} />
      <p class="small">{say("photo_file_note")}</p>
    </>
  );
}

/** Does it; says what is wrong with a picture in the words of the screens. */
export async function withReasons<T>(what: () => Promise<T>): Promise<T> {
  try {
    return await what();
  } catch (error) {
    if (error instanceof PictureError) throw new CoreProblem(`picture.${error.reason}`);
    throw error;
  }
}
