/** Main: opens the core, loads the one language that is shown, draws. */

import { render } from "preact";
import { openCore } from "./core";
import { App } from "./ui/app";
import { setCore } from "./ui/core";
import { fitting, speak } from "./ui/language";

async function main(): Promise<void> {
  const first = !navigator.serviceWorker?.controller;
  const core = await openCore();
  setCore(core);
  await speak(fitting(core.state().settings.language));
  render(<App />, document.getElementById("app")!);
  await core.loadElection().catch(() => undefined); // kept from an earlier visit, or asked for again by each screen
  if (first) await keepLoaded();
}

/** On the first visit the language is here before the service worker is: asked for again, it is kept for days offline. */
async function keepLoaded(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!workers) return;
  if (!workers.controller) await new Promise((done) => workers.addEventListener("controllerchange", done, { once: true }));
  const scripts = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js"));
  await Promise.all(scripts.map(({ name }) => fetch(name))).catch(() => undefined);
}

void main();
