/** Observing: the screens of observers, which come when somebody asks for them. */

import { Observe } from "./observe";
import { ReportForm } from "./report";

export const OBSERVING = { observe: Observe, report: ReportForm } as const;
