/** Problems: what went wrong, in the reader's words. The server and the core name it by a code. */

import type { Problem } from "../core";
import { say, type Key } from "./language";

const WORDS: Readonly<Record<string, Key>> = {
  offline: "unreached",
  timeout: "unreached",
  overload: "unreached",
  "store.full": "unreached",
  "storage.full": "storage_full",
  "storage.blocked": "storage_lost",
  "phone.invalid": "phone_wrong",
  "enrolment.too_often": "phone_often",
  "enrolment.busy": "phone_often",
  "channel.down": "phone_channel",
  "enrolment.code_wrong": "code_wrong",
  "enrolment.code_expired": "code_old",
  "enrolment.guesses": "code_guesses",
  "enrolment.closed": "closed",
  "enrolment.reissued": "used_twice",
  "enrolment.unknown": "used_unknown",
  "pin.wrong": "unlock_wrong",
  "pin.malformed": "pin_short",
  "paper.malformed": "restore_wrong",
  "paper.election": "restore_wrong",
  "file.malformed": "carry_bad",
  "file.election": "carry_other",
  "election.frozen": "refused_frozen",
  quota: "refused_quota",
  "election.changed": "election_changed",
  "receipt.forged": "check_bad",
  "log.forked": "check_bad",
  "accreditation.malformed": "observe_wrong",
  "accreditation.organisation": "observe_wrong",
  "accreditation.signature": "observe_wrong",
  "missing.app": "carry_app_none",
  "report.empty": "report_empty",
  "no.station": "report_no_station",
  "election.malformed": "start_file_bad",
  "picture.file": "photo_bad_file",
  "picture.guarded": "photo_guarded",
};

/** Returns what to tell people; a code without words of its own is named, for whoever is asked for help. */
export function wordsFor({ code }: Problem): string {
  const key = WORDS[code] ?? WORDS[code.split(".")[0] ?? ""];
  return key ? say(key) : say("unexpected", { code });
}
