/** App: chooses the screen. */

import type { Core } from "../core/index";

export function App({ core }: { core: Core }) {
  return <main>{core.state().settings.language}</main>;
}
