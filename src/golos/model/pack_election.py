"""election.toml: what an election is, before its lists are known."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from golos.model.ballot import INVALID
from golos.model.mistake import Notes
from golos.model.pack import Check, Contest, Line, Names, Outline, Policy, Station
from golos.model.pack_toml import Section, load

FILE = "election.toml"
ALL_OPTIONS = "options"
"""In a check: all options of the contest at hand."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[0-9a-f]{64}")
_RULE = re.compile(r"([^<=>]+)(==|<=)([^<=>]+)")


@dataclass(frozen=True, slots=True)
class Election:
    """The file's content; its contests have no options yet."""

    names: Names
    date: str
    round: int
    previous: str
    cancelled: str
    languages: tuple[str, ...]
    stations_announced: int | None
    incidents: tuple[str, ...]
    contests: tuple[Contest, ...]
    checks: tuple[Check, ...]
    outlines: tuple[Outline, ...]
    policy: Policy
    check_places: tuple[tuple[int, int], ...]
    policy_place: tuple[int, int]


def parse_election(data: bytes, maps: list[str], notes: Notes) -> Election | None:
    """Return the content of the file, None if it is no TOML; ``maps`` are the map files of the folder."""
    file = load(FILE, data, notes)
    if file is None:
        return None
    head = file.section("election")
    languages = _languages(head)
    policy = file.section("policy")
    checks = list(file.sections("check"))
    election = Election(
        names=head.names("names", languages),
        date=_date(head),
        round=head.number("round", 1, 99, 1),
        previous=head.text("previous", "", _ID, "the id of the election before: 64 digits of hex"),
        cancelled=head.text("cancelled", ""),
        languages=languages,
        stations_announced=head.number("stations_announced", 1, 10**8) if "stations_announced" in head else None,
        incidents=_incidents(head),
        contests=_contests(file, languages),
        checks=tuple(_check(section, languages) for section in checks),
        outlines=_outlines(file, maps, languages),
        policy=_policy(policy),
        check_places=tuple(section.place("rule") for section in checks),
        policy_place=policy.place("inner_size"),
    )
    file.unique("check", [check.id for check in election.checks])
    head.close()
    file.close()
    return election


def check_references(
    election: Election,
    contests: Iterable[Contest],
    lines: Iterable[Line],
    stations: Mapping[str, Station],
    notes: Notes,
) -> None:
    """Note checks that name what is not there, and inner parts too small for the largest ballot."""
    known = {ALL_OPTIONS} | {line.id for line in lines} | {o.id for c in contests for o in c.options}
    for check, (line, column) in zip(election.checks, election.check_places, strict=True):
        for name in (*check.left, *check.right):
            if name not in known:
                text = f"the check {check.id} names {name[:64]}, which is no line and no option"
                notes.mistake(FILE, line, column, text)
    needed = _largest_ballot(contests, max(map(len, stations), default=0))
    if election.policy.inner_size < needed:
        text = f"policy.inner_size: the largest ballot of this election takes {needed} bytes"
        notes.mistake(FILE, *election.policy_place, text)


def _largest_ballot(contests: Iterable[Contest], station: int) -> int:
    """Return an upper bound, in bytes, of an inner part (records.cddl) and its padding mark."""
    size = 64 + station  # array, kind, version, salt and every head of those
    for contest in contests:
        ids = sorted((len(o.id) + 3 for o in contest.options), reverse=True)[: contest.max_choices]
        size += len(contest.id) + 8 + max(sum(ids), len(INVALID) + 3)
    return size


def _languages(head: Section) -> tuple[str, ...]:
    languages = head.texts("languages")
    if not languages or not all(_LANGUAGE.fullmatch(language) for language in languages):
        head.mistake("languages", 'has to be a list of language codes like ["be", "ru", "en"]')
        return tuple(language for language in languages if _LANGUAGE.fullmatch(language))
    head.unique("languages", languages)
    return tuple(dict.fromkeys(languages))


def _date(head: Section) -> str:
    value = head.raw("date")
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    text = head.text("date", pattern=_DATE, form="a date like 2020-08-09") if isinstance(value, str) else ""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        if text or not isinstance(value, str):
            head.mistake("date", "is missing" if value is None else "is no date; write it like 2020-08-09")
        return ""


def _incidents(head: Section) -> tuple[str, ...]:
    codes = head.texts("incidents")
    if any(len(code) > 200 for code in codes):
        head.mistake("incidents", "holds a code of more than 200 characters")
    head.unique("incidents", codes)
    return codes


def _contests(file: Section, languages: tuple[str, ...]) -> tuple[Contest, ...]:
    contests = []
    for section in file.sections("contest"):
        contest = Contest(
            section.code("id"), section.names("names", languages), (), section.number("max_choices", 1, 200, 1)
        )
        contests.append(contest)
        section.close()
    if not contests:
        file.mistake("contest", "an election needs at least one [[contest]]")
    if len(contests) > 32:
        file.mistake("contest", "a ballot holds at most 32 contests")
    file.unique("contest", [contest.id for contest in contests])
    return tuple(contests)


def _check(section: Section, languages: tuple[str, ...]) -> Check:
    identity, rule = section.code("id"), section.text("rule")
    names = section.names("names", languages)
    section.close()
    match = _RULE.fullmatch(rule)
    if match is None:
        if rule:
            section.mistake("rule", 'has to be two sums and == or <= between them, like "turnout == options + invalid"')
        return Check(identity, (), "==", (), names)
    return Check(identity, _sum(match[1]), match[2], _sum(match[3]), names)


def _sum(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("+"))


def _outlines(file: Section, maps: list[str], languages: tuple[str, ...]) -> tuple[Outline, ...]:
    """Return the outlines whose file is there: a pack without its map is a pack."""
    outlines = [_outline(section, maps, languages) for section in file.sections("map")]
    return tuple(outline for outline in outlines if outline.file in maps)


def _outline(section: Section, maps: list[str], languages: tuple[str, ...]) -> Outline:
    outline = Outline(*(section.text(key) for key in ("file", "object", "property", "equals")))
    section.close()
    if outline.file and outline.file not in maps:
        text = "map.file: there is no such file map/NAME.topo.json; these outlines are not drawn"
        section.notes.warn(FILE, *section.place("file"), text)
    allowed = ("code", *(f"name_{language}" for language in languages))
    if outline.equals and outline.equals not in allowed:
        section.mistake("equals", f"has to be one of {', '.join(allowed)}")
    return outline


def _policy(section: Section) -> Policy:
    policy = Policy(
        k=section.number("k", 1, 10**6, Policy().k),
        checkpoint_every=section.number("checkpoint_every", 1, 86_400, Policy().checkpoint_every),
        batch=section.number("batch", 1, 10**6, Policy().batch),
        records_per_key=section.number("records_per_key", 1, 10**6, Policy().records_per_key),
        inner_size=section.number("inner_size", 64, 8_192, Policy().inner_size),
        photo_limit=section.number("photo_limit", 1_000, 10**8, Policy().photo_limit),
        binding=section.flag("binding"),
    )
    section.close()
    return policy
