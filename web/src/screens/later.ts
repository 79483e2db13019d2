/** Later: the screens that come a moment after the first page. */

import { Ballot } from "./ballot";
import { Camera } from "./camera";
import { Carry } from "./carry";
import { Change } from "./change";
import { Check } from "./check";
import { Mask } from "./mask";
import { Outbox } from "./outbox";
import { PhotoWay } from "./photo";
import { Restore } from "./restore";
import { Review } from "./review";
import { StationSearch } from "./station";
import { Trace } from "./trace";

export const LATER = {
  station: StationSearch,
  choice: Ballot,
  photo: PhotoWay,
  camera: Camera,
  mask: Mask,
  review: Review,
  outbox: Outbox,
  carry: Carry,
  check: Check,
  change: Change,
  trace: Trace,
  restore: Restore,
} as const;
