/** Gone: everything was deleted. Nothing leads on from here, as any step would leave something again. */

import { say } from "../ui/language";
import { Heading } from "../ui/parts";

export function Gone() {
  return (
    <>
      <Heading>{say("gone_h")}</Heading>
      <p class="lead">{say("gone_close")}</p>
      <p>{say("trace_history")}</p>
    </>
  );
}
