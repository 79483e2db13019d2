"""areas.csv, stations.csv and succession.csv: the tree, read in one pass so that a million stations fit."""

from collections.abc import Iterable, Mapping, Sequence

from golos.model.mistake import Notes
from golos.model.pack import Area, Borrowed, Names, Station
from golos.model.pack_csv import Sheet
from golos.model.pack_lists import NOT_A_CODE
from golos.model.pack_toml import CODE

_LISTED = 100


def parse_areas(data: bytes | None, languages: Sequence[str], notes: Notes) -> dict[str, Area]:
    """Return the areas by code, in the file's order. Every ``names`` has all languages of the election."""
    areas: dict[str, Area] = {}
    if data is None:
        return areas
    sheet = Sheet("areas.csv", data, ("code", "parent", "level"), _name_columns(languages), notes)
    lines: dict[str, int] = {}
    gaps = _Gaps(sheet, languages)
    for line, (code, parent, level, *texts) in sheet.rows():
        if not CODE.fullmatch(code):
            sheet.mistake(line, "code", NOT_A_CODE)
        elif code in areas:
            sheet.mistake(line, "code", f"{code} is there twice, first in line {lines[code]}")
            continue
        if not level:
            sheet.mistake(line, "level", "is empty; say what the area is, like region or district")
        if not any(texts):
            sheet.mistake(line, f"name_{languages[0]}" if languages else "code", "the area has no name in any language")
        gaps.count(line, texts)
        areas[code] = Area(code, parent, level, _names(languages, texts, code))
        lines[code] = line
    gaps.report("areas")
    _check_tree(areas, lines, sheet)
    return areas


def parse_stations(
    data: bytes | None, languages: Sequence[str], areas: Mapping[str, Area], announced: int | None, notes: Notes
) -> dict[str, Station]:
    """Return the stations by code, in the file's order. Equal names are one object."""
    stations: dict[str, Station] = {}
    if data is None:
        return stations
    optional = (*_name_columns(languages), "address", "place", "lat", "lon")
    sheet = Sheet("stations.csv", data, ("code", "area"), optional, notes)
    known = {code: code for code in areas}
    named = _SharedNames(languages)
    gaps = _Gaps(sheet, languages)
    end = 2 + len(languages)
    for line, cells in sheet.rows():
        code, area, texts = cells[0], cells[1], tuple(cells[2:end])
        address, place, lat, lon = cells[end : end + 4]
        if not CODE.fullmatch(code):
            sheet.mistake(line, "code", NOT_A_CODE)
        elif code in stations:
            sheet.mistake(line, "code", f"{code} is there twice")
            continue
        elif code in known:
            sheet.mistake(line, "code", f"{code} is the code of an area too")
        if areas and area not in known:
            sheet.mistake(line, "area", f"{area[:64]!r} is no area of areas.csv")
        gaps.note(line, code, texts, place, lat or lon)
        where = _coordinates(sheet, line, code, lat, lon) if lat or lon else (None, None)
        stations[code] = Station(code, known.get(area, area), named(texts, code), address, place, *where)
    gaps.report("stations")
    _check_columns(sheet, languages)
    _check_number(sheet, len(stations), announced)
    return stations


def parse_succession(data: bytes | None, stations: Mapping[str, Station], notes: Notes) -> dict[str, str]:
    """Return old station code to new."""
    succession: dict[str, str] = {}
    if data is None:
        return succession
    sheet = Sheet("succession.csv", data, ("old", "new"), ("note",), notes)
    for line, (old, new, _) in sheet.rows():
        if not old:
            sheet.mistake(line, "old", "is empty")
        elif old in stations:
            sheet.mistake(line, "old", f"{old[:64]} is still in stations.csv")
        elif old in succession:
            sheet.mistake(line, "old", f"{old[:64]} is there twice")
        if stations and new not in stations:
            sheet.mistake(line, "new", f"{new[:64]!r} is no station of stations.csv")
        succession[old] = new
    return succession


class _SharedNames:
    """Gives one object for equal names: in a nation most stations are called alike."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = languages
        self._known: dict[tuple[str, ...], Names] = {}

    def __call__(self, texts: tuple[str, ...], code: str) -> Names:
        names = self._known.get(texts)
        if names is None:
            names = _names(self._languages, texts, code)
            if any(texts):
                self._known[texts] = names
        return names


class _Gaps:
    """What is missing and may be: one warning per language, and one per station for the first hundred of a kind."""

    def __init__(self, sheet: Sheet, languages: Sequence[str]) -> None:
        self._sheet = sheet
        self._languages = languages
        self._first: dict[str, int] = {}
        self._lacking: dict[str, int] = {}
        self._stations: dict[str, int] = {}

    def count(self, line: int, texts: Sequence[str]) -> None:
        """Count the translations that a row lacks."""
        if all(texts):
            return
        for language, text in zip(self._languages, texts, strict=True):
            if not text:
                self._add(line, f"name_{language}")

    def note(self, line: int, code: str, texts: Sequence[str], place: str, where: str) -> None:
        """Warn of everything that a station lacks."""
        if any(texts):
            self.count(line, texts)
        else:
            column = next(filter(self._sheet.has, _name_columns(self._languages)), "")
            self._lacks(line, column, code, "has no name; it is shown by its code")
        if not place:
            self._lacks(line, "place", code, "has no place")
        if not where:
            self._lacks(line, "lat", code, "has no coordinates")

    def report(self, what: str) -> None:
        """Warn once per language, and once per column that is not there at all."""
        for column, number in self._lacking.items():
            text = f"the translation is missing for {number:,} {what}, here first; another language stands in for it"
            self._sheet.warn(self._first[column], column, text)
        for text, number in self._stations.items():
            if number > _LISTED:
                self._sheet.warn(1, "code", f"{number:,} stations in all: each {text}")

    def _lacks(self, line: int, column: str, code: str, text: str) -> None:
        if self._sheet.has(column):
            number = self._stations[text] = self._stations.get(text, 0) + 1
            if number <= _LISTED:
                self._sheet.warn(line, column, f"the station {code} {text}")

    def _add(self, line: int, column: str) -> None:
        self._first.setdefault(column, line)
        self._lacking[column] = self._lacking.get(column, 0) + 1


def _check_tree(areas: Mapping[str, Area], lines: Mapping[str, int], sheet: Sheet) -> None:
    """Note unknown parents, cycles, and a number of roots other than one."""
    roots = [code for code, area in areas.items() if not area.parent]
    if areas and not roots:
        sheet.mistake(1, "parent", "every area has a parent; exactly one, the nation, has none")
    elif not areas and sheet.header:
        sheet.mistake(1, "code", "there is no area; the nation at least has to be there")
    for code in roots[1:]:
        text = f"{code} has no parent; only the nation, {roots[0]}, may have none"
        sheet.mistake(lines[code], "parent", text)
    for code, area in areas.items():
        if area.parent and area.parent not in areas:
            sheet.mistake(lines[code], "parent", f"{area.parent[:64]!r} is no area of this file")
    for code in _in_cycles(areas):
        sheet.mistake(lines[code], "parent", f"{code} is its own ancestor")


def _in_cycles(areas: Mapping[str, Area]) -> Iterable[str]:
    """Return the first area met of each cycle. Every area is walked over once."""
    done: set[str] = set()
    for start in areas:
        walk: dict[str, None] = {}
        code = start
        while code in areas and code not in done and code not in walk:
            walk[code] = None
            code = areas[code].parent
        if code in walk:
            yield code
        done.update(walk)


def _check_columns(sheet: Sheet, languages: Sequence[str]) -> None:
    """Warn once of what no station has."""
    names = _name_columns(languages)
    for columns, what in ((names, "name"), (("place",), "place"), (("lat",), "position")):
        if sheet.header and columns and not any(map(sheet.has, columns)):
            sheet.warn(1, "code", f"there is no column {columns[0]}: no station has a {what}")


def _check_number(sheet: Sheet, listed: int, announced: int | None) -> None:
    if announced is not None and listed != announced and sheet.header:
        relation = "fewer" if listed < announced else "more"
        sheet.warn(1, "code", f"{listed:,} stations are listed, {relation} than the {announced:,} announced")


def _coordinates(sheet: Sheet, line: int, code: str, lat: str, lon: str) -> tuple[float | None, float | None]:
    latitude, longitude = _degrees(lat, 90.0), _degrees(lon, 180.0)
    if latitude is not None and longitude is not None:
        return latitude, longitude
    for column, text, value in (("lat", lat, latitude), ("lon", lon, longitude)):
        if value is None:
            problem = f"{text[:40]!r} is no place on Earth" if text else "is missing beside the other coordinate"
            sheet.warn(line, column, f"{problem}; the station {code} keeps no coordinates")
    return None, None


def _degrees(text: str, limit: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -limit <= value <= limit else None


def _names(languages: Sequence[str], texts: Iterable[str], code: str) -> Names:
    """Return a name for every language: a missing one is borrowed from the first that is there, or is the code."""
    found = {language: text.strip() for language, text in zip(languages, texts, strict=True)}
    if all(found.values()):
        return found
    other = next((Borrowed(text, language) for language, text in found.items() if text), Borrowed(code))
    return {language: text or other for language, text in found.items()}


def _name_columns(languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"name_{language}" for language in languages)
