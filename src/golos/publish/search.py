"""Search: what the page to find a station looks into, in files that a browser loads one at a time.

Up to 50,000 stations: all of them, with address and area, in a few files that are loaded together and looked through
for any part of a word. In a larger nation: the areas by the words of their names and the stations by their codes, in
files by how the word begins; the browser loads the one that fits. Areas that are pages lead to the rest.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from golos.publish.addresses import Addresses
from golos.publish.language import Language
from golos.publish.results import Results

FILE_BYTES = 150_000
"""A file ends before it is larger, if it holds more than one row."""
COMMON = 1_000
"""Of things with one and the same word so many are listed; another word or a longer one finds the others."""
_LAST = chr(0x10FFFF)
_WORD = re.compile(r"[\w-]+")


class Row(NamedTuple):
    """A thing that can be found: ``name`` and where it lies, each with its language; where it leads."""

    name: str
    language: str
    note: str
    within: str
    within_language: str
    address: str


class Search:
    """The files of the search in one language. ``parts`` names those that the page loads."""

    def __init__(self, results: Results, language: Language, addresses: Addresses) -> None:
        self._results = results
        self._language = language
        self._addresses = addresses
        self._files = list(self._by_word() if addresses.sections else self._whole())
        self.parts = ["search/index.json"] if addresses.sections else [path for path, _ in self._files]

    def files(self) -> Sequence[tuple[str, bytes]]:
        """Return path and bytes of each file."""
        return self._files

    def _whole(self) -> Iterator[tuple[str, bytes]]:
        rows = [self._station(code) for code in sorted(self._results.pack.stations)]
        for number, part in enumerate(_parts(rows), 1):
            yield f"search/all-{number}.json", _file(part)

    def _by_word(self) -> Iterator[tuple[str, bytes]]:
        """Yield a file for each beginning of words, and the list of the beginnings, in the order of the files."""
        found = sorted(self._words(), key=lambda pair: pair[0])
        begins = list(_beginnings([word for word, _ in found], 0, len(found), 0))
        yield "search/index.json", _json([found[start][0][:length] for start, _, length in begins])
        for number, (start, stop, _) in enumerate(begins):
            rows = [row for _, row in found[start:stop]]
            whole = stop - start <= COMMON or len(_file(rows)) <= FILE_BYTES
            yield f"search/{number}.json", _file(rows if whole else rows[:COMMON])

    def _words(self) -> Iterator[tuple[str, Row]]:
        for code in self._results.pack.areas:
            row = self._area(code)
            for word in {*_WORD.findall(row.name.lower()), code.lower()}:
                yield word, row
        for code in self._results.pack.stations:
            yield code.lower(), self._station(code)

    def _area(self, code: str) -> Row:
        area, plain, tongue = self._results.pack.areas[code], self._language.plain, self._language.tongue
        above = self._results.pack.areas.get(area.parent)
        within = (plain(above.names, above.code), tongue(above.names)) if above else ("", "")
        return Row(plain(area.names, code), tongue(area.names), "", *within, self._addresses.area(code))

    def _station(self, code: str) -> Row:
        station, plain, tongue = self._results.pack.stations[code], self._language.plain, self._language.tongue
        area, name = self._results.pack.areas[station.area], plain(station.names, code)
        title = name if name == code else f"{name} · {code}"
        note = station.address or station.place
        within = plain(area.names, area.code), tongue(area.names)
        return Row(title, tongue(station.names), note, *within, self._addresses.station(code))


def _beginnings(words: Sequence[str], start: int, stop: int, length: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, stop and length of each beginning that so few words share that they fit into a file."""
    if start == stop:
        return
    if (stop - start <= COMMON and length) or words[start] == words[stop - 1]:
        yield start, stop, max(length, 1)
        return
    while start < stop:
        whole = len(words[start]) <= length  # the beginning is itself a word: it has a file of its own
        end = bisect_right(words, words[start][: length + 1] + ("" if whole else _LAST), start, stop)
        yield from _beginnings(words, start, end, length + 1)
        start = end


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    part: list[Row] = []
    size = 0
    for row in rows:
        length = sum(len(text.encode()) + 3 for text in row)
        if part and size + length > FILE_BYTES:
            yield part
            part, size = [], 0
        part.append(row)
        size += length
    yield part


def _file(rows: Sequence[Row]) -> bytes:
    """Return a file: the areas around, each once as name and language, and rows that name theirs by its place."""
    areas = list(dict.fromkeys((row.within, row.within_language) for row in rows))
    place = {area: at for at, area in enumerate(areas)}
    listed = [[row.name, row.language, row.note, place[row.within, row.within_language], row.address] for row in rows]
    return _json({"areas": areas, "rows": listed})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
