/** Ballot: what was voted, as on the paper. */

import { useState } from "preact/hooks";
import { INVALID, type Contest } from "../core";
import { core, draft, state, useAct } from "../ui/core";
import { say } from "../ui/language";
import { Acts, Button, Choice, Heading, Trouble, Waiting } from "../ui/parts";
import { turnTo } from "../ui/way";
import { keepDraft } from "./draft";

type Marks = Readonly<Record<string, readonly string[]>>;

export function Ballot() {
  const act = useAct();
  const { election } = state();
  const [marks, setMarks] = useState<Marks>(draft()?.choices ?? {});
  const [wrong, setWrong] = useState("");
  if (!election) return <Waiting />;
  const keep = () =>
    act.run(async () => {
      const found = mistake(election.contests, marks);
      setWrong(found);
      if (found) return;
      await keepDraft({ choices: marks });
      turnTo("photo");
    });
  return (
    <>
      <Heading>{say("choice_h")}</Heading>
      {election.contests.map((contest) => (
        <Question
          key={contest.id}
          contest={contest}
          ids={marks[contest.id]}
          onMark={(ids) => setMarks({ ...marks, [contest.id]: ids })}
        />
      ))}
      <p class="small">{say("choice_sealed", { k: election.k })}</p>
      <div role="alert">{wrong && <p class="error">{wrong}</p>}</div>
      <Trouble problem={act.problem} />
      <Acts>
        <Button kind="main" act={act} onClick={keep}>
          {say("go_on")}
        </Button>
      </Acts>
    </>
  );
}

interface QuestionProps {
  readonly contest: Contest;
  readonly ids: readonly string[] | undefined;
  readonly onMark: (ids: readonly string[]) => void;
}

function Question({ contest, ids, onMark }: QuestionProps) {
  const several = contest.maxChoices > 1;
  const pick = (id: string) => {
    if (!several || id === INVALID) return onMark([id]);
    const others = (ids ?? []).filter((other) => other !== id && other !== INVALID);
    onMark(ids?.includes(id) ? others : [...others, id]);
  };
  return (
    <fieldset class="choices">
      <legend>
        {core().name(contest.names)}
        <br />
        <small>{several ? say("choice_several", { n: contest.maxChoices }) : say("choice_one")}</small>
      </legend>
      {contest.options.map((option) => (
        <Choice
          key={option.id}
          name={contest.id}
          several={several}
          checked={Boolean(ids?.includes(option.id))}
          onPick={() => pick(option.id)}
          label={core().name(option.names)}
        />
      ))}
      <Choice
        name={contest.id}
        several={several}
        checked={Boolean(ids?.includes(INVALID))}
        onPick={() => pick(INVALID)}
        label={say("choice_none")}
      />
    </fieldset>
  );
}

/** Returns what is still wrong with the marks, or "". */
function mistake(contests: readonly Contest[], marks: Marks): string {
  if (contests.some(({ id }) => !marks[id]?.length)) return say("choice_missing");
  const many = contests.find(({ id, maxChoices }) => marks[id]!.length > maxChoices);
  return many ? say("choice_too_many", { n: many.maxChoices }) : "";
}
