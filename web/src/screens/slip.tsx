/** Slip: the code that binds a photograph to its ballot, in threes, as people copy numbers. */

import { useEffect, useState } from "preact/hooks";
import { core, state } from "../ui/core";
import { say } from "../ui/language";
import { Notice } from "../ui/parts";
import { forReport } from "./draft";

export function Slip() {
  const [code, setCode] = useState("");
  const asked = state().election?.binding && !forReport();
  const registered = state().registration.step === "registered";
  useEffect(() => {
    if (asked && registered) void core().registration.slip().then(setCode);
  }, [asked, registered]);
  if (asked && !registered) return <Notice>{say("slip_first")}</Notice>;
  if (!code) return null;
  return (
    <p class="slip">
      {say("slip")} <b>{code.replace(/(...)(?=.)/g, "$1 ")}</b>
    </p>
  );
}
