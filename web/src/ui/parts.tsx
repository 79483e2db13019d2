/** Parts: what every screen is put together from. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../core";
import type { Act } from "./core";
import { Icon, type IconName } from "./icons";
import { say } from "./language";
import { wordsFor } from "./problems";

/** The heading; it takes the focus when its screen comes, so that a screen reader begins there. */
export function Heading({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h1 tabIndex={-1} ref={heading}>
      {children}
    </h1>
  );
}

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly kind?: "main" | "plain" | "bad";
  readonly icon?: IconName;
  readonly act?: Act;
  readonly id?: string;
}

/** A button. With `act` it says that it is busy and can't be pressed twice, but keeps the focus. */
export function Button({ children, onClick, kind, icon, act, id }: ButtonProps) {
  const busy = act?.busy ?? false;
  return (
    <button type="button" class={kind} id={id} aria-disabled={busy || undefined} onClick={() => busy || onClick()}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

export function Acts({ children }: { children: ComponentChildren }) {
  return <div class="acts">{children}</div>;
}

export function Notice({ children, kind = "" }: { children: ComponentChildren; kind?: "" | "bad" | "good" }) {
  return <div class={`notice ${kind}`}>{children}</div>;
}

/** What went wrong and what to do, read out as it comes. */
export function Trouble({ problem, id }: { problem: Problem | null; id?: string }) {
  return (
    <div role="alert" id={id}>
      {problem && <p class="error">{wordsFor(problem)}</p>}
    </div>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onEnter?: () => void;
  readonly type?: "text" | "tel" | "search" | "password";
  readonly digits?: boolean;
  readonly help?: string;
  readonly wrong?: string | false | undefined;
}

/**
 * A line to type in. Nothing typed is kept by the browser, nor corrected or read by a spelling service. A PIN is shown as
 * dots but is no password field: browsers offer to save those, in an account on another machine.
 */
export function Field({ id, label, value, onInput, onEnter, type = "text", digits, help, wrong }: FieldProps) {
  const secret = type === "password";
  const described = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(" ") || undefined;
  return (
    <div>
      <label for={id}>{label}</label>
      <input
        id={id}
        name={`${id}-${NONCE}`}
        {...({ type: secret ? "text" : type } as { type: "text" })}
        class={secret ? "secret" : digits ? "digits" : undefined}
        inputMode={digits ? "numeric" : undefined}
        dir={type === "tel" || digits ? "ltr" : undefined}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellcheck={false}
        value={value}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={described}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && onEnter?.()}
      />
      {help && (
        <p class="small" id={`${id}-help`}>
          {help}
        </p>
      )}
      <div role="alert" id={`${id}-wrong`}>
        {wrong && <p class="error">{wrong}</p>}
      </div>
    </div>
  );
}

/** Fields have another name on each visit: a browser that fills in forms has nothing to remember them by. */
const NONCE = Math.random().toString(36).slice(2);

interface ChoiceProps {
  readonly name: string;
  readonly checked: boolean;
  readonly onPick: () => void;
  readonly several?: boolean;
  readonly label: string;
  readonly note?: string | undefined;
  readonly lang?: string;
}

/** One row of a list from which something is picked. */
export function Choice({ name, checked, onPick, several, label, note, lang }: ChoiceProps) {
  return (
    <label class="choice">
      <input type={several ? "checkbox" : "radio"} name={name} checked={checked} onChange={onPick} autoComplete="off" />
      <span lang={lang}>
        {label}
        {note && <small>{note}</small>}
      </span>
    </label>
  );
}

interface PickFileProps {
  readonly label: string;
  readonly accept: string;
  readonly onFile: (file: File) => void;
  readonly several?: boolean;
}

/** A button that lets a file be chosen. The same file can be chosen again. */
export function PickFile({ label, accept, onFile, several }: PickFileProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon="file" onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={several}
        aria-label={label}
        onChange={(event) => {
          for (const file of event.currentTarget.files ?? []) onFile(file);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

/** A row that leads somewhere: its name, what is known of it, and an arrow. */
export function Row({ label, note, onClick, lang }: { label: string; note?: string; onClick: () => void; lang?: string }) {
  return (
    <li>
      <button type="button" onClick={onClick}>
        <span lang={lang}>
          {label}
          {note && <small>{note}</small>}
        </span>
        <Icon name="on" />
      </button>
    </li>
  );
}

export function Waiting({ children = say("wait") }: { children?: ComponentChildren }) {
  return <p role="status">{children}</p>;
}
