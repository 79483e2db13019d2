"""Mapping: a small TOML file that says which column of somebody's file is which figure (docs/election-pack.md)."""

import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from golos.model.ballot import INVALID
from golos.model.entry import TIERS, Kind, Tier
from golos.model.mistake import Notes
from golos.model.pack import Pack
from golos.model.pack_toml import Section, load
from golos.model.problem import Problem

KINDS = ("citizens", "protocol", "turnout", "official")
SOURCE = re.compile(r"[^\x00-\x1f\x7f:]{1,100}")
_RESERVED = ("ballots", "reissued", "first")


@dataclass(frozen=True, slots=True)
class FileForm:
    """How to read the file. ``station`` are the columns that together, with ``join`` between, are a station's code."""

    encoding: str = "utf-8"
    delimiter: str = ","
    blank: frozenset[str] = frozenset(("", "-", "—"))
    thousands: str = ""
    keep_negative: bool = False
    """A figure that was typed negative stands as it is, instead of being refused."""
    station: tuple[str, ...] = ()
    join: str = "-"


@dataclass(frozen=True, slots=True)
class TableMap:
    """One table of the file. ``columns``: our id to their column; ``line`` and ``organisation`` for turnout alone."""

    source: str
    kind: Kind
    tier: Tier | str
    contest: str
    readings: int
    authority: bool
    columns: Dict[str, str]
    line: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class OfficialMap:
    """Announced results of the file. A name in ``from_columns`` (announced, unit, source) is read from that column."""

    source: str
    contest: str
    readings: int
    authority: bool
    area: str
    announced: str
    unit: int
    columns: Dict[str, str]
    areas: Dict[str, str] = field(default_factory=dict)
    """Their text of the area to our code, where it is not the code itself."""
    from_columns: Dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Everything a mapping file says about tallies."""

    form: FileForm
    tables: tuple[TableMap, ...]
    officials: tuple[OfficialMap, ...]


def parse_mapping(data: bytes, pack: Pack, what: str = "mapping") -> Mapping:
    """Return the mapping. Raises Problem ``mapping.mistakes`` that lists every mistake with its line."""
    notes = Notes()
    file = load(what, data, notes)
    mapping = _mapping(file, pack) if file is not None else None
    if mapping is None or notes.fatal:
        raise_notes(notes, what)
        raise AssertionError
    return mapping


def raise_notes(notes: Notes, what: str) -> None:
    """Raise Problem ``mapping.mistakes`` with all that was noted, if anything was."""
    if notes.fatal:
        lines = "\n".join(f"  {m.place}: {m.text}" for m in notes.found)
        raise Problem("mapping.mistakes", what, f"can't be used:\n{lines}\n", "See docs/election-pack.md.")


def form_of(file: Section) -> FileForm:
    """Return what [file] says."""
    section = file.section("file")
    form = FileForm(
        encoding=section.text("encoding", "utf-8"),
        delimiter=section.text("delimiter", ",", re.compile(r"[^\r\n\"]"), "one character"),
        blank=frozenset(("", *_blanks(section))),
        thousands=section.text("thousands", "", re.compile(r"\D?"), "one character that is no digit"),
        keep_negative=section.flag("keep_negative"),
        station=columns_of(section, "station"),
        join=section.text("join", "-"),
    )
    section.close()
    try:
        "a".encode(form.encoding)
    except (LookupError, UnicodeError):
        section.mistake("encoding", "is no encoding that Python knows")
    return form


def columns_of(section: Section, key: str) -> tuple[str, ...]:
    """Return the names of one column or several."""
    value = section.raw(key)
    return (value,) if isinstance(value, str) and value else section.texts(key)


def _mapping(file: Section, pack: Pack) -> Mapping:
    form = form_of(file)
    file.raw("stations")  # belongs to `golos election stations`
    tables: list[TableMap] = []
    officials: list[OfficialMap] = []
    for section in file.sections("table"):
        kind = section.text("kind")
        if kind == "official":
            officials.append(_official(section, pack))
        elif kind in KINDS:
            tables.append(_table(section, cast(Kind, kind), pack))
        else:
            section.mistake("kind", f"has to be one of {', '.join(KINDS)}")
            continue
        section.close()
    if not tables and not officials:
        file.mistake("table", "there is no [[table]]")
    if tables and not form.station:
        file.section("file").mistake("station", "name the column that holds the station's code")
    named = [(t.source, t.kind, t.tier, t.contest) for t in tables]
    file.unique("table", [" ".join(name) for name in named])
    file.close()
    return Mapping(form, tuple(tables), tuple(officials))


def _table(section: Section, kind: Kind, pack: Pack) -> TableMap:
    contest = _contest(section, pack)
    tier = section.text("tier", "")
    if kind == "citizens" and tier not in TIERS:
        section.mistake("tier", f"has to be one of {', '.join(TIERS)}")
    if kind != "citizens" and tier:
        section.mistake("tier", "only citizens' tables have a tier")
    return TableMap(
        source=_source(section),
        kind=kind,
        tier=tier,
        contest=contest,
        readings=section.number("readings", 1, 100, 1),
        authority=section.flag("authority"),
        columns=_columns(section, _ids(pack, contest, kind)),
        line=_line(section, pack) if kind == "turnout" else "",
        organisation=section.text("organisation") if kind == "turnout" else "",
    )


def _official(section: Section, pack: Pack) -> OfficialMap:
    contest = _contest(section, pack)
    from_columns = {key: column for key in ("announced", "unit", "source") if (column := _column(section, key))}
    unit = 1 if "unit" in from_columns else section.number("unit", 1, 10**9, 1)
    return OfficialMap(
        source="" if "source" in from_columns else _source(section),
        contest=contest,
        readings=section.number("readings", 1, 100, 1),
        authority=section.flag("authority"),
        area=section.text("area"),
        announced="" if "announced" in from_columns else section.text("announced"),
        unit=unit,
        columns=_columns(section, _ids(pack, contest, "protocol")),
        areas=_areas(section, pack),
        from_columns=from_columns,
    )


def _source(section: Section) -> str:
    source = section.text("source", pattern=SOURCE, form="1 to 100 characters without a colon")
    if source in _RESERVED:
        section.mistake("source", f"{source} is a name that the count gives itself; choose another")
    return source


def _contest(section: Section, pack: Pack) -> str:
    contest = section.text("contest")
    if contest and contest not in pack.contest_ids:
        section.mistake("contest", f"is no contest of the election; there are {', '.join(pack.contest_ids)}")
    return contest


def _line(section: Section, pack: Pack) -> str:
    line = section.text("line")
    if line not in {known.id for known in pack.lines}:
        section.mistake("line", "is no line of lines.csv")
    return line


def _ids(pack: Pack, contest: str, kind: Kind) -> Sequence[str]:
    if kind == "turnout":
        return ("voters", "double_count")
    options = [o.id for c in pack.contests if c.id == contest for o in c.options]
    return list(dict.fromkeys((*options, *(line.id for line in pack.lines), INVALID)))


def _columns(section: Section, ids: Sequence[str]) -> dict[str, str]:
    """Return our id to their column, in the order of ``ids``, so that a mapping's own order says nothing."""
    value = section.raw("columns")
    if not isinstance(value, dict) or not value:
        section.mistake("columns", 'has to be a table: our id = "their column"')
        return {}
    for key, column in value.items():
        if key not in ids:
            section.mistake("columns", f"{key[:64]} is no id here; ids are {', '.join(ids)}")
        if not isinstance(column, str) or not column:
            section.mistake("columns", f"{key[:64]} has to name a column")
    return {key: str(value[key]) for key in ids if key in value}


def _column(section: Section, key: str) -> str:
    """Return the column of ``key = { column = "..." }``, "" if it is anything else."""
    value = section.raw(key)
    column = value.get("column") if isinstance(value, dict) else None
    return column if isinstance(column, str) else ""


def _areas(section: Section, pack: Pack) -> dict[str, str]:
    value = section.raw("areas")
    if value is None:
        return {}
    if not isinstance(value, dict):
        section.mistake("areas", 'has to be a table: "their text" = "our code"')
        return {}
    for code in value.values():
        if code not in pack.areas:
            section.mistake("areas", f"{str(code)[:64]} is no area of areas.csv")
    return {str(text): str(code) for text, code in value.items()}


def _blanks(section: Section) -> tuple[str, ...]:
    value = section.raw("blank")
    if value is None:
        return ("-", "—")
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        section.mistake("blank", "has to be a list of texts")
        return ()
    return tuple(item.strip() for item in value)
