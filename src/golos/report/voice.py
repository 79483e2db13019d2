"""Voice: the plain words of a report in one language: those of the site (`golos.publish.words`), no markup."""

from collections.abc import Mapping

from golos.model.finding import Finding, Grade
from golos.publish.language import Language, untagged
from golos.publish.marks import CLASSES
from golos.publish.words import GRADES, Words
from golos.report.document import Verdict


class Phrases:
    """The phrases of one language that name nothing of any election: grades, numbers, sentences of the catalogue."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.text = language.text
        self.plural = language.plural
        self.number = language.number

    def share(self, part: float, whole: float = 1.0) -> str:
        """Return a share in per cent with one decimal."""
        return self.language.percent(round(part * 1_000_000), round(whole * 1_000_000)) if whole else "–"

    def grade(self, grade: Grade) -> str:
        """Return the word for a grade."""
        return self.text(GRADES[grade])

    def verdict(self, grade: Grade, text: str) -> Verdict:
        """Return a grade in its look, with a text beside it."""
        return Verdict(CLASSES[grade], self.grade(grade), text)


class Voice(Phrases):
    """What findings, options and places of an election are called; every text it returns is plain."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.language)
        self.words = words

    def name(self, names: Mapping[str, str], default: str = "") -> str:
        """Return a name in this language, else in another."""
        return self.language.plain(names, default)

    def option(self, contest: str, option: str) -> str:
        """Return the name of an option or line."""
        return untagged(self.words.option(contest, option))

    def source(self, source: str) -> str:
        """Return the name of a source."""
        return untagged(self.words.source(source))

    def said(self, finding: Finding) -> str:
        """Return what a finding says, in one paragraph."""
        return " ".join(untagged(sentence) for sentence in self.words.tell(finding).said)
