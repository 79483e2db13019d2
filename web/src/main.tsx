/** Main: opens the core, loads the one language that is shown, draws. */

import { render } from "preact";
import { openCore } from "./core";
import { App } from "./ui/app";
import { setCore } from "./ui/core";
import { fitting, speak } from "./ui/language";

async function main(): Promise<void> {
  const core = await openCore();
  setCore(core);
  await speak(fitting(core.state().settings.language));
  render(<App />, document.getElementById("app")!);
  await core.loadElection().catch(() => undefined); // kept from an earlier visit, or asked for again by each screen
}

void main();
