/** Words: six invented words that name a record, to be said on the telephone or compared on paper (docs/formats.md, "The app"). */

import { type Bytes, sha256, utf8 } from "./bytes";

const LABEL = utf8("golos/words/v1\n");
const COUNT = 6;
/** Sixteen consonants and four vowels in two scripts, of the same sound: 16 bits make a word of five letters. */
const SCRIPTS = {
  latin: ["bdfghjklmnprstvz", "aiou"],
  cyrillic: ["бдфгхжклмнпрствз", "аіоу"],
  russian: ["бдфгхжклмнпрствз", "аиоу"],
} as const;

/** Return the words of a record's SHA-256: 96 bits, the same for ever. */
export async function words(record: Bytes, language: string): Promise<string[]> {
  const script = language === "be" || language === "uk" ? "cyrillic" : language === "ru" ? "russian" : "latin";
  const digest = await sha256(LABEL, record);
  return Array.from({ length: COUNT }, (_, at) => word((digest[2 * at]! << 8) | digest[2 * at + 1]!, SCRIPTS[script]));
}

function word(bits: number, [consonants, vowels]: readonly [string, string]): string {
  return (
    consonants[bits >> 12]! +
    vowels[(bits >> 10) & 3]! +
    consonants[(bits >> 6) & 15]! +
    vowels[(bits >> 4) & 3]! +
    consonants[bits & 15]!
  );
}
