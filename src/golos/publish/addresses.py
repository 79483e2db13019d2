"""Addresses: where the pages of areas and stations lie inside a language's folder; codes are safe as file names.

A nation of up to 50,000 stations has a page for each. In a larger one a station is a section, with a link of its own,
of the page of its *host*: its area, or the area above it that keeps the number of pages within bounds. Where something
lies follows from the pack alone (and from how many columns its tables have), so that a link lasts.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from golos.model.pack import Pack

OWN_PAGES = 50_000
"""In a nation of more stations than that a station is a section of a page."""
HOST_PAGES = 25_000
"""So many pages of sections a language may have; an area deeper than that allows has no page of its own."""
_PARTS = re.compile(r"([^0-9]*)([0-9]*)")
AREA_ROWS, STATION_ROWS, FEW_ROWS = 120, 250, 30
"""Rows of areas, and of stations, on one page; so many areas share the first page with stations."""


@dataclass(frozen=True)
class Slice:
    """What one page of an area lists: areas right below it, and stations, as places in their orders."""

    areas: range
    stations: range


class Addresses:
    """The addresses of one election. ``sections`` says whether stations are sections, ``per_page`` how many."""

    def __init__(self, pack: Pack, section_bytes: int) -> None:
        """``section_bytes`` is about what a station's section takes; more columns, fewer sections a page."""
        self._pack = pack
        self.sections = len(pack.stations) > OWN_PAGES
        self.per_page = _per_page(section_bytes) if self.sections else STATION_ROWS
        self._lineage = _lineages(pack)
        below = Counter(station.area for station in pack.stations.values())
        self.host = self._hosts(below)
        self._children = Counter(area.parent for area in pack.areas.values())
        self._listed: dict[str, list[str]] = {}
        for station in sorted(pack.stations.values(), key=lambda s: (s.area, _natural(s.code), s.code)):
            self._listed.setdefault(self.host[station.area], []).append(station.code)
        self._place = {code: at for listed in self._listed.values() for at, code in enumerate(listed)}
        self._begins: dict[str, int] = {}
        """The first page of a host that lists stations."""
        self._first = {pack.stations[code].area: code for code in reversed(self._place)}

    def stations(self, area: str) -> Sequence[str]:
        """Return the codes of the stations that the pages of an area list: its own, or all that it hosts."""
        return self._listed.get(area, ())

    def begins(self, station: str) -> bool:
        """Say whether a station is the first that is listed of its area."""
        return self._first[self._pack.stations[station].area] == station

    def has_page(self, area: str) -> bool:
        """Say whether an area has a page of its own; without one it is a part of its host's."""
        return self.host[area] == area

    def area(self, code: str) -> str:
        """Return the address of an area."""
        if self.has_page(code):
            return self.page(code, 1)
        first = self._first.get(code)
        return f"{self._page_of(first)}#a-{code}" if first else self.page(self.host[code], 1)

    def station(self, code: str) -> str:
        """Return the address of a station."""
        return f"{self._page_of(code)}#s-{code}" if self.sections else f"stations/{code}.html"

    def slices(self, area: str) -> Sequence[Slice]:
        """Return what each page of an area lists, the first page first; there is one at least.

        The nation's first page, the headline's, lists no stations.
        """
        areas, stations = self._children[area], len(self.stations(area))
        rows = [Slice(range(at, min(at + AREA_ROWS, areas)), range(0)) for at in range(0, areas, AREA_ROWS)]
        own = [
            Slice(range(0), range(at, min(at + self.per_page, stations))) for at in range(0, stations, self.per_page)
        ]
        if own and areas <= FEW_ROWS and area != self._pack.root:
            return [Slice(range(areas), own[0].stations), *own[1:]]
        return [*(rows or [Slice(range(0), range(0))]), *own] if area == self._pack.root or not own else [*rows, *own]

    def page(self, area: str, number: int) -> str:
        """Return the address of a page of an area that has pages of its own, counted from 1."""
        return "index.html" if number == 1 and area == self._pack.root else area_page(area, number)

    def _page_of(self, station: str) -> str:
        host = self.host[self._pack.stations[station].area]
        if host not in self._begins:
            self._begins[host] = next(number for number, page in enumerate(self.slices(host), 1) if page.stations)
        return self.page(host, self._begins[host] + self._place[station] // self.per_page)

    def _hosts(self, below: Mapping[str, int]) -> Mapping[str, str]:
        """Return the host of each area: it itself, or that above it at the deepest level that the bound allows."""
        depth = max((len(line) for line in self._lineage.values()), default=1)
        while depth > 1 and self.sections:
            held: Counter[str] = Counter()
            for area, stations in below.items():
                held[self._at(area, depth)] += stations
            if sum(-(-stations // self.per_page) for stations in held.values()) <= HOST_PAGES:
                break
            depth -= 1
        return {area: self._at(area, depth) for area in self._pack.areas}

    def _at(self, area: str, depth: int) -> str:
        return self._lineage[area][:depth][-1]


def area_page(code: str, number: int = 1) -> str:
    """Return the path of a page of an area, counted from 1."""
    return f"areas/{code}.html" if number == 1 else f"areas/{code}~{number}.html"


def findings_page(number: int) -> str:
    """Return the path of a page of findings, counted from 1."""
    return "findings/index.html" if number == 1 else f"findings/{number}.html"


def _natural(code: str) -> tuple[tuple[str, int], ...]:
    """Return what orders codes as people count: 9 before 10."""
    return tuple((text, int(number or 0)) for text, number in _PARTS.findall(code))


def _per_page(section_bytes: int) -> int:
    """Return how many sections a page has: few enough for the page's limit, and seldom another number."""
    return next((number for number in (64, 32, 16, 8) if number * section_bytes <= 140_000), 4)


def _lineages(pack: Pack) -> Mapping[str, Sequence[str]]:
    """Return for each area its path from the nation down to it."""
    found: dict[str, tuple[str, ...]] = {}

    def line(code: str) -> tuple[str, ...]:
        if code not in found:
            parent = pack.areas[code].parent
            found[code] = (*(line(parent) if parent else ()), code)
        return found[code]

    for code in pack.areas:
        line(code)
    return found
