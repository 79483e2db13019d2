/** Language: the texts of the one language that is shown. A language is a file in texts/; the build lists them. */

import type english from "../texts/en.json";

export type Key = keyof typeof english;
type Texts = Readonly<Record<Key, string>>;

export interface Language {
  readonly code: string;
  /** What its speakers call it. */
  readonly name: string;
  readonly direction: "ltr" | "rtl";
}

declare const LANGUAGES: readonly Language[];

export const languages = LANGUAGES;

let texts: Texts;
let current: Language;

/** Returns the language that fits best: the one chosen earlier, else the first of the browser's that there is. */
export function fitting(chosen: string): Language {
  const wanted = [chosen, ...navigator.languages.map((tag) => tag.split("-")[0] ?? ""), "en"];
  const found = wanted.map((code) => languages.find((language) => language.code === code)).find(Boolean);
  return found ?? languages[0]!;
}

/** Loads a language's texts and makes the page one of that language. @throws TypeError where they can't be loaded */
export async function speak(language: Language): Promise<void> {
  const file = (await import(`../texts/${language.code}.json`, { with: { type: "json" } })) as { default: Texts };
  texts = file.default;
  current = language;
  document.documentElement.lang = language.code;
  document.documentElement.dir = language.direction;
  document.title = say("title");
}

/** Returns the language that is shown. */
export function spoken(): Language {
  return current;
}

/** Returns a text; `{name}` in it becomes `values.name`. */
export function say(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? figure(values[name]!) : whole));
}

/** Returns the text of a key made at run time, or `otherwise` where there is none of that name. */
export function sayOr(key: string, otherwise: string): string {
  return key in texts ? texts[key as Key] : otherwise;
}

/** Returns a moment as people of the language write it. */
export function moment(time: number): string {
  const hour = { hour: "2-digit", minute: "2-digit" } as const;
  return written(time, { day: "numeric", month: "short", year: "numeric", ...hour }, { ...IN_FIGURES, ...hour });
}

/** Returns a day (ISO date) as people of the language write it. */
export function day(date: string): string {
  return written(new Date(date), { dateStyle: "long", timeZone: "UTC" }, { ...IN_FIGURES, timeZone: "UTC" });
}

const IN_FIGURES = { day: "2-digit", month: "2-digit", year: "numeric" } as const;

/** Many browsers don't know Belarusian: then the date is in figures, as `figures` of the language says. */
function written(time: number | Date, format: Intl.DateTimeFormatOptions, inFigures: Intl.DateTimeFormatOptions): string {
  const known = Intl.DateTimeFormat.supportedLocalesOf(current.code).length > 0;
  return new Intl.DateTimeFormat(known ? current.code : say("figures"), known ? format : inFigures).format(time);
}

function figure(value: string | number): string {
  return typeof value === "number" ? new Intl.NumberFormat(texts.figures).format(value) : value;
}
