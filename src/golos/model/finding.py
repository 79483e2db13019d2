"""Tally and Finding: what the count says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Grade(StrEnum):
    """The only words for how strong the evidence is, strongest first. There is no "honest" and no "winner"."""

    PROVEN = "proven"
    STRONG = "strong"
    SUSPICIOUS = "suspicious"
    CONSISTENT = "consistent"
    CANT_TELL = "can't tell"
    NO_DATA = "no data"


class Rule(StrEnum):
    """The eight contradictions of docs/counting.md."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    C5 = "C5"
    C6 = "C6"
    C7 = "C7"
    C8 = "C8"


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes by source, tier, area, contest and option; ``votes`` is a whole number of votes."""

    source: str
    tier: str
    area: str
    contest: str
    option: str
    votes: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A contradiction between what was cast and what was announced.

    ``numbers`` holds the rule's own figures under every version of the official data (keys in docs/counting.md).
    ``breaking`` is how many citizens' photographs (or units of the rule) must be wrong before the finding falls.
    ``assumptions`` are English sentences, translated where shown; ``evidence`` names tables and leaves.
    ``option`` is "" where the finding is about a station as a whole. ``reason`` is why the grade is not higher.
    ``withdrawn`` is why the finding was taken back, or "". The id is ``rule:contest:option:area:source:tier``:
    the same contradiction keeps it from count to count.
    """

    rule: Rule
    grade: Grade
    contest: str
    option: str
    area: str
    source: str
    tier: str
    breaking: int
    numbers: Mapping[str, object]
    assumptions: tuple[str, ...]
    evidence: tuple[str, ...]
    reason: str = ""
    withdrawn: str = ""
    id: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive the id."""
        name = ":".join((self.rule, self.contest, self.option, self.area, self.source, self.tier))
        object.__setattr__(self, "id", name)
