/** Core: puts the parts together. */

import type { Core } from "./index";

export async function openCore(): Promise<Core> {
  throw new Error("being written");
}
