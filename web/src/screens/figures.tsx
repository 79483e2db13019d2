/** Figures: the numbers of a protocol as they stand on the paper, and the sums that they should fulfil. */

import type { Check, Report } from "../core";
import { core, state } from "../ui/core";
import { say } from "../ui/language";
import { Field, Notice } from "../ui/parts";

/** What stands in each field, by the id of its line; blank is "can't be read". */
export type Typed = Readonly<Record<string, string>>;

const NUMBER = /^[0-9]{1,9}$/;

/** Returns what a report says, as it was typed. */
export function typedOf(report: Report): Typed {
  const spelt = (numbers: Readonly<Record<string, number>>): Typed =>
    Object.fromEntries(Object.entries(numbers).map(([id, value]) => [id, String(value)]));
  if (report.kind === "protocol") return spelt(report.figures);
  if (report.kind === "turnout" && report.voters !== null) return spelt({ voters: report.voters, twice: report.twice });
  return {};
}

/** Returns the report with the numbers that were typed. */
export function entered(report: Report, typed: Typed): Report {
  const figures = numbersOf(typed);
  if (report.kind === "turnout") return { ...report, voters: figures["voters"] ?? null, twice: figures["twice"] ?? 0 };
  return report.kind === "protocol" ? { ...report, figures } : report;
}

/** Returns the ids of the fields that hold something else than a whole number. */
export const wrongIn = (typed: Typed): string[] => Object.keys(typed).filter((id) => typed[id]!.trim() && !NUMBER.test(typed[id]!.trim()));

const numbersOf = (typed: Typed): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(typed).filter(([, text]) => NUMBER.test(text.trim())).map(([id, text]) => [id, Number(text)]));

interface FiguresProps {
  readonly typed: Typed;
  readonly wrong: readonly string[];
  readonly onType: (id: string, text: string) => void;
}

/** The lines that come before the candidates, the candidates, and what comes after them. */
export function Figures({ typed, wrong, onType }: FiguresProps) {
  const { lines = [], contests = [], checks = [] } = state().election ?? {};
  const last = (role: string): boolean => role === "invalid" || role === "blank";
  const options = contests.flatMap((contest) => contest.options);
  const rows = [...lines.filter(({ role }) => !last(role)), ...options, ...lines.filter(({ role }) => last(role))];
  return (
    <section>
      <p>{say("report_numbers")}</p>
      {rows.map(({ id, names }) => (
        <Field
          key={id}
          id={id}
          digits
          label={core().name(names)}
          value={typed[id] ?? ""}
          onInput={(text) => onType(id, text)}
          wrong={wrong.includes(id) && say("report_whole")}
        />
      ))}
      <div role="status">
        {checks.map((check) => (
          <Sum key={check.rule} check={check} figures={numbersOf(typed)} options={contests.length === 1 ? options.map(({ id }) => id) : []} />
        ))}
      </div>
    </section>
  );
}

interface SumProps {
  readonly check: Check;
  readonly figures: Readonly<Record<string, number>>;
  readonly options: readonly string[];
}

/** Says where a sum does not hold; real protocols break them, so it forbids nothing. */
function Sum({ check, figures, options }: SumProps) {
  const [left, right] = check.rule.split(/==|<=/).map((side) => sum(side, figures, options));
  if (left === undefined || right === undefined || left === null || right === null) return null;
  if (left === right || (check.rule.includes("<=") && left < right)) return null;
  return (
    <Notice>
      <p>{say("report_sum", { check: core().name(check.names), left, right })}</p>
    </Notice>
  );
}

/** Returns the sum of one side, null where a number is missing. `options` stands for all of the contest. */
function sum(side: string, figures: Readonly<Record<string, number>>, options: readonly string[]): number | null {
  const ids = side.split("+").flatMap((one) => (one.trim() === "options" ? options : [one.trim()]));
  const numbers = ids.map((id) => figures[id]);
  return ids.length && numbers.every((one) => one !== undefined) ? numbers.reduce((total, one) => total + one, 0) : null;
}
