/** Main: one core, one screen, one service worker. */

import { render } from "preact";

import { openCore } from "./core/index";
import { App } from "./screens/App";

const core = await openCore();
render(<App core={core} />, document.getElementById("app")!);
