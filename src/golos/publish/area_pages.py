"""Area pages: the pages of areas and of stations in one language, each written on its own, in any order."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from golos.model.pack import Station
from golos.publish.addresses import Slice
from golos.publish.area_view import AreaView
from golos.publish.language import sole_tongue
from golos.publish.site import Site, pager
from golos.publish.station_card import Detail, StationCards

SECTIONS_BYTES = 155_000
"""More than that the sections of a page do not take, so that the page keeps below 200,000 bytes."""
_UP = "../"


class AreaPages:
    """The pages below areas/ and stations/ of one language."""

    def __init__(self, site: Site, cards: StationCards) -> None:
        self._site = site
        self._cards = cards
        self._results = site.results
        self._where = escape(site.language.text("Where you are"))
        self._behind = [(name, escape(item)) for name, item in cards.tables_behind()]

    def area(self, code: str) -> None:
        """Write every page of an area; of the nation those after its first, which is another."""
        pages = self._site.addresses.slices(code)
        view: dict[str, object] = {}
        for number, page in enumerate(pages, 1):
            if number == 1 and code == self._results.pack.root:
                continue
            path = self._site.addresses.page(code, number)
            if number == 1:
                view = self._view(code)
            values = {**self._frame(code, number, pages), **(view if number == 1 else {})}
            self._site.page("area.html", path, self._title(code, number), **values, **self._listed(code, page))

    def station(self, station: Station) -> None:
        """Write the page of a station."""
        language, code = self._site.language, station.code
        title = language.label(station.names, code)
        crumbs = self._crumbs(self._site.trail(station.area, _UP, title))
        name = f'<h1>{title} <small class="mono">{code}</small></h1>\n'
        address = self._address(station)
        where = f'<p class="place">{address}</p>\n' if address else ""
        plain = f"{language.plain(station.names, code)} · {code}"
        path = self._site.addresses.station(code)
        self._site.put(path, plain, f"{crumbs}\n{name}{where}{self._cards.page(code)}")

    def _crumbs(self, trail: Sequence[tuple[str, Markup]]) -> str:
        """Return the trail as the macro ``crumbs`` does; once for every station, so without a template."""
        path = "".join(f'<li><a href="{escape(address)}">{title}</a></li>\n' for address, title in trail[:-1])
        last = f'<li><span aria-current="page">{trail[-1][1]}</span></li>\n'
        return f'<nav class="crumbs" aria-label="{self._where}"><ol>\n{path}{last}</ol></nav>\n'

    def _title(self, code: str, number: int) -> str:
        name = self._site.language.plain(self._results.pack.areas[code].names, code)
        return name if number == 1 else f"{name} · {number}"

    def _frame(self, code: str, number: int, pages: Sequence[Slice]) -> dict[str, object]:
        """Return what every page of an area has."""
        pages_ = list(pager(code, number, len(pages), self._site.addresses))
        together = number == len(pages) or not pages[number].areas
        area = self._results.pack.areas[code]
        return {
            "title": self._site.language.label(area.names, code),
            "trail": self._site.trail(code, _UP),
            "number": number,
            "pages": pages_,
            "together": together,
            "below": self._site.below(code, _UP, pages[number - 1].areas),
            "coverage": self._results.coverage[code],
            "grade_counts": self._results.grade_counts[code],
            "map": "",
            "told": [],
            "contests": [],
        }

    def _view(self, code: str) -> dict[str, object]:
        """Return what the first page of an area has besides."""
        told = [self._site.findings.card(f) for f in self._results.findings_of.get(code, ())]
        view = AreaView(self._results, self._site.words, code)
        return {"map": self._site.map(code, _UP), "told": told, "contests": view.contests()}

    def _listed(self, code: str, page: Slice) -> Mapping[str, Any]:
        """Return the stations of a page: rows of a table that lead to their pages, or sections."""
        codes = self._site.addresses.stations(code)[page.stations.start : page.stations.stop]
        stations = [self._results.pack.stations[station] for station in codes]
        if not self._site.addresses.sections:
            return {"stations": [self._row(station) for station in stations], "sections": Markup(""), "behind": []}
        return {
            "stations": [],
            "sections": self._sections(code, stations),
            "behind": self._behind if stations else [],
        }

    def _sections(self, host: str, stations: Sequence[Station]) -> Markup:
        """Return the sections of stations, their findings as full as the limit of a page allows."""
        groups = [(area, list(group)) for area, group in groupby(stations, lambda station: station.area)]
        for detail in (Detail.WHOLE, Detail.SAID, Detail.NAMED):
            found = "".join(self._group(host, area, group, detail) for area, group in groups)
            if len(found.encode()) <= SECTIONS_BYTES:
                break
        return Markup(found)  # noqa: S704 (joined of markup)

    def _group(self, host: str, area: str, stations: Sequence[Station], detail: Detail) -> str:
        """Return the sections of the stations of one area, under its name where it is not the page's own."""
        label, language = self._site.language.label, self._site.language
        sections = "".join(
            self._cards.section(s.code, label(s.names, s.code), self._address(s), detail=detail) for s in stations
        )
        first = self._site.addresses.begins(stations[0].code)
        name = language.text("Stations") if area == host else label(self._results.pack.areas[area].names, area)
        anchor = f' id="a-{area}"' if first else ""
        about = self._about(area) if first and area != host else ""
        return f"<section><h2{anchor}>{escape(name)}</h2>\n{about}{sections}</section>\n"

    def _about(self, area: str) -> str:
        """Return what an area without a page of its own would say there: its announcements and contradictions."""
        told = "".join(self._site.findings.card(f) for f in self._results.findings_of.get(area, ()))
        if area not in self._results.announced_in:
            return told
        contests = AreaView(self._results, self._site.words, area).contests()
        table = self._site.pages.get_template("contests.html")
        return table.render(contests=contests, coverage=self._results.coverage[area], anchor=area) + told

    def _row(self, station: Station) -> dict[str, object]:
        number, results, code = self._site.language.number, self._results, station.code
        at = results.comparison.count.tree.index[code]
        photos, missing = results.photos[at], results.missing_at.get(code)
        return {
            "address": _UP + self._site.addresses.station(code),
            "title": self._site.language.label(station.names, code),
            "place": self._site.language.foreign(station.address or station.place, sole_tongue(station.names)),
            "grade": results.grade(code),
            "protocol": self._site.language.text("yes") if results.has_protocol[at] else "–",
            "photos": "–" if photos is None else number(photos),
            "missing": number(missing) if missing else "–",
        }

    def _address(self, station: Station) -> Markup:
        address = ", ".join(filter(None, (station.place, station.address)))
        return self._site.language.foreign(address, sole_tongue(station.names))
