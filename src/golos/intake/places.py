"""Making areas.csv and stations.csv out of somebody's list of stations, by the [stations] of a mapping."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from golos.intake.mapping import FileForm, columns_of, form_of, raise_notes
from golos.intake.rows import Rows, open_rows
from golos.model.mistake import Notes
from golos.model.pack_toml import Section, load
from golos.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Code:
    """A code made of columns, joined, cut to its ``first`` characters (0: whole)."""

    columns: tuple[str, ...]
    join: str
    first: int


@dataclass(frozen=True, slots=True)
class NameFile:
    """Another file, relative to the one that is read, whose ``code`` begins with our code and that knows names.

    An ``optional`` one that is not there names nothing: `golos election check` then warns of areas without names.
    """

    file: str
    code: Code
    names: Mapping[str, str]
    form: FileForm
    optional: bool


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the tree. ``translations``: the text in the column of ``by`` to names by language."""

    level: str
    code: Code
    names: Mapping[str, str]
    by: str
    translations: Mapping[str, Mapping[str, str]]
    file: NameFile | None


@dataclass(frozen=True, slots=True)
class StationsMap:
    """How to read a list of stations."""

    form: FileForm
    code: Code
    names: Mapping[str, str]
    texts: Mapping[str, str]
    """address, place, lat, lon: their columns."""
    nation: tuple[str, str, Mapping[str, str]]
    levels: tuple[Level, ...]


@dataclass(slots=True)
class _Tree:
    """Areas by code in the order they were met: parent, level, names."""

    areas: dict[str, tuple[str, str, Mapping[str, str]]] = field(default_factory=dict)


def parse_stations_map(data: bytes, languages: Sequence[str], what: str = "mapping") -> StationsMap:
    """Return the mapping's [stations]. Raises Problem ``mapping.mistakes`` that lists every mistake."""
    notes = Notes()
    file = load(what, data, notes)
    mapping = _stations_map(file, languages) if file is not None else None
    if mapping is None or notes.fatal:
        raise_notes(notes, what)
        raise AssertionError
    return mapping


def make_places(path: Path, mapping: StationsMap, languages: Sequence[str]) -> dict[str, bytes]:
    """Return areas.csv and stations.csv. What is wrong in them is for `golos election check` to say.

    Raises Problem ``import.*`` where a file as such can't be read.
    """
    known = [_names_by_code(path.parent, level) for level in mapping.levels]
    nation, kind, names = mapping.nation
    tree = _Tree({nation: ("", kind, names)})
    with open_rows(path, mapping.form) as rows:
        stations = _stations_csv(rows, mapping, languages, tree, known)
    return {"areas.csv": _areas_csv(tree, languages), "stations.csv": stations}


def _stations_csv(
    rows: Rows,
    mapping: StationsMap,
    languages: Sequence[str],
    tree: _Tree,
    known: Sequence[Mapping[str, Mapping[str, str]]],
) -> bytes:
    """Write the stations, and add their areas to the tree on the way."""
    named = [language for language in languages if language in mapping.names]
    columns = [*(mapping.names[language] for language in named), *mapping.texts.values()]
    cells_of = [rows.position(column) for column in columns]
    code = _CodeOf(rows, mapping.code)
    levels = [_LevelOf(rows, level, names) for level, names in zip(mapping.levels, known, strict=True)]
    width = len(rows.header)

    def lines() -> Iterable[Sequence[str]]:
        for line, cells in rows.lines:
            if len(cells) != width:
                problem = f"has {len(cells)} cells where the header has {width}."
                raise Problem("import.csv", f"line {line}", problem, "Mend the file.")
            area = mapping.nation[0]
            for level in levels:
                area = level.add(cells, area, tree)
            yield [code(cells), area, *(cells[position].strip() for position in cells_of)]

    return _csv(["code", "area", *(f"name_{language}" for language in named), *mapping.texts], lines())


class _CodeOf:
    """Gives a row's code."""

    def __init__(self, rows: Rows, code: Code) -> None:
        self._positions = [rows.position(column) for column in code.columns]
        self._join = code.join
        self._end = code.first or None

    def __call__(self, cells: Sequence[str]) -> str:
        return self._join.join([cells[position].strip() for position in self._positions])[: self._end]


class _LevelOf:
    """Gives a row's area at one level, and adds it to the tree when it is met first."""

    def __init__(self, rows: Rows, level: Level, known: Mapping[str, Mapping[str, str]]) -> None:
        self._level = level
        self._known = known
        self._code = _CodeOf(rows, level.code)
        self._names = {language: rows.position(column) for language, column in level.names.items()}
        self._by = rows.position(level.by) if level.by else None

    def add(self, cells: Sequence[str], parent: str, tree: _Tree) -> str:
        """Return the area's code. An area met again under another parent is a Problem ``import.area``."""
        code = self._code(cells)
        there = tree.areas.get(code)
        if there is None:
            tree.areas[code] = (parent, self._level.level, self._names_of(cells, code))
        elif there[0] != parent:
            problem = f"lies in {there[0]} in one row and in {parent} in another."
            raise Problem("import.area", f"{self._level.level} {code}", problem, "Make its code of more columns.")
        return code

    def _names_of(self, cells: Sequence[str], code: str) -> Mapping[str, str]:
        translated = self._level.translations.get(cells[self._by].strip(), {}) if self._by is not None else {}
        own = {language: cells[position].strip() for language, position in self._names.items()}
        return {**own, **self._known.get(code, {}), **translated}


def _names_by_code(folder: Path, level: Level) -> dict[str, dict[str, str]]:
    """Return the names that the level's other file gives, by code; the first row of a code counts."""
    source = level.file
    found: dict[str, dict[str, str]] = {}
    if source is None or (source.optional and not (folder / source.file).is_file()):
        return found
    with open_rows(folder / source.file, source.form) as rows:
        code = _CodeOf(rows, source.code)
        positions = {language: rows.position(column) for language, column in source.names.items()}
        for _, cells in rows.lines:
            if len(cells) == len(rows.header):
                names = {language: cells[position].strip() for language, position in positions.items()}
                found.setdefault(code(cells), names)
    return found


def _areas_csv(tree: _Tree, languages: Sequence[str]) -> bytes:
    """Write the areas; an area without any name is called by its code, in the first language alone."""
    named = [x for x in languages if x == languages[0] or any(names.get(x) for _, _, names in tree.areas.values())]
    rows = []
    for code, (parent, level, names) in tree.areas.items():
        texts = [names.get(language, "") for language in named]
        rows.append([code, parent, level, *(texts if any(texts) else [code, *texts[1:]])])
    return _csv(["code", "parent", "level", *(f"name_{language}" for language in named)], rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _stations_map(file: Section, languages: Sequence[str]) -> StationsMap:
    form = form_of(file)
    file.raw("table")  # belongs to `golos import`
    section = file.section("stations")
    nation = section.section("nation")
    mapping = StationsMap(
        form=form,
        code=_code(section),
        names=_columns(section, "names", languages),
        texts={key: text for key in ("address", "place", "lat", "lon") if (text := section.text(key, ""))},
        nation=(nation.code("code"), nation.text("level", "nation"), nation.names("names", languages)),
        levels=tuple(_level(level, languages, form) for level in section.sections("level")),
    )
    for each in (nation, section, file):
        each.close()
    return mapping


def _level(section: Section, languages: Sequence[str], form: FileForm) -> Level:
    by = section.text("by", "")
    level = Level(
        level=section.text("level"),
        code=_code(section),
        names=_columns(section, "names", languages),
        by=by,
        translations=_translations(section.section("translations"), languages),
        file=_name_file(section.section("names_from"), languages, form) if "names_from" in section else None,
    )
    if level.translations and not by:
        section.mistake("by", "name the column that the translations are by")
    section.close()
    return level


def _name_file(section: Section, languages: Sequence[str], form: FileForm) -> NameFile:
    names = _columns(section, "names", languages)
    source = NameFile(section.text("file"), _code(section), names, form, section.flag("optional"))
    section.close()
    return source


def _code(section: Section) -> Code:
    code = Code(columns_of(section, "code"), section.text("join", "-"), section.number("first", 0, 64, 0))
    if not code.columns:
        section.mistake("code", "name the column, or the columns, of the code")
    return code


def _columns(section: Section, key: str, languages: Sequence[str]) -> dict[str, str]:
    value = section.raw(key)
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(text, str) and text for text in value.values()):
        section.mistake(key, 'has to be a table: language = "column"')
        return {}
    for language in value:
        if language not in languages:
            section.mistake(key, f"{language[:20]!r} is no language of this election")
    return dict(value)


def _translations(section: Section, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    keys = section.keys()
    return {text: section.names(text, languages) for text in keys}
