/** Hidden: a sheet of notes, for whoever looks over the shoulder. What is typed on it is kept nowhere. */

import { say } from "../ui/language";
import { Button } from "../ui/parts";

export function Hidden({ onOpen }: { onOpen: () => void }) {
  return (
    <>
      <header class="top">
        <span class="name">{say("title")}</span>
        <Button kind="plain" icon="open" onClick={onOpen}>
          <span class="hidden">{say("blank_open")}</span>
        </Button>
      </header>
      <main class="blank">
        <h1 class="hidden">{say("title")}</h1>
        <label class="hidden" for="note">
          {say("blank_label")}
        </label>
        <textarea id="note" autoComplete="off" spellcheck={false} />
      </main>
    </>
  );
}
