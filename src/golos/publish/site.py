"""Site: the static pages of one language. Same results, same bytes: no clock, no order that is not given."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from itertools import groupby
from typing import Any, NamedTuple

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from golos.model.finding import Grade, Rule
from golos.model.pack import Station
from golos.publish import language as languages
from golos.publish.addresses import area_page, findings_page, station_page
from golos.publish.area_view import AreaView
from golos.publish.chart import Atlas, draw
from golos.publish.folder import Folder
from golos.publish.language import Language, sole_tongue
from golos.publish.marks import CLASSES, PATTERNS, mark
from golos.publish.nation_view import NationView
from golos.publish.opendata import dictionary
from golos.publish.results import Results
from golos.publish.station_view import StationView
from golos.publish.words import METHODS, RULES, Told, Words

FINDINGS_A_PAGE = 60


class Frame(NamedTuple):
    """What stands above and below the middle of a page."""

    menu: Markup
    foot: Markup


class Place(NamedTuple):
    """The address of an area's or station's page as seen from the page at hand, its name, and where it lies."""

    address: str
    title: Markup
    within: Markup


def write(results: Results, chart: Atlas, folder: Folder) -> None:
    """Write the site in every language; the files of data/ are in the folder already."""
    for name in ("style.css", "filter.js", "icon.svg"):
        folder.write(f"assets/{name}", (resources.files("golos.publish") / "assets" / name).read_bytes())
    sites = [Site(results, chart, languages.load(code), folder) for code in languages.CODES]
    folder.write("index.html", sites[0].landing(sites))
    for site in sites:
        site.write()


class Site:
    """The pages of one language."""

    def __init__(self, results: Results, chart: Atlas, language: Language, folder: Folder) -> None:
        self._results = results
        self._chart = chart
        self._folder = folder
        self.language = language
        self.words = Words(results.pack, language)
        self._pages = _environment(results, language, self.words)
        self._addresses = {address for address, _ in _menu(language)}
        self._frames: dict[tuple[str, str], Frame] = {}
        self._areas = {code: language.label(area.names, code) for code, area in results.pack.areas.items()}
        self._stations = {code: language.label(s.names, code) for code, s in results.pack.stations.items()}
        self._told = {finding.id: self.words.tell(finding) for finding in results.findings}

    def write(self) -> None:
        """Write every page."""
        self._nation()
        for code in self._results.pack.areas:
            if code != self._results.pack.root:
                self._area(code)
        self._each_station()
        self._findings()
        self._find()
        self._page("methods.html", "methods.html", rules=self._rules(), k=self._results.pack.policy.k)
        self._page("downloads.html", "downloads.html", **self._downloads())

    def landing(self, sites: Sequence["Site"]) -> bytes:
        """Return the page at the top, which leads to the languages."""
        greetings = [site.greeting() for site in sites]
        template = self._pages.get_template("landing.html")
        title = self.language.plain(self._results.pack.names)
        return template.render(greetings=greetings, plain_title=title).encode()

    def greeting(self) -> dict[str, object]:
        """Return what the top page says in this language."""
        said = self.language.text(
            "What citizens' own ballots prove about the announced result, and what they cannot prove."
        )
        return {"language": self.language, "election": self.language.label(self._results.pack.names), "said": said}

    def _page(self, template: str, path: str, **values: object) -> None:
        up = "../" * path.count("/")
        place = self._places(up)
        frame = self._frame(up, path)
        page = self._pages.get_template(template).render(up=up, here=path, place=place, frame=frame, **values)
        self._folder.write(f"{self.language.code}/{path}", page.encode())

    def _frame(self, up: str, path: str) -> Frame:
        """Return what all pages of one depth share, made once: most of them differ in the middle alone."""
        key = up, path if path in self._addresses else ""
        if key not in self._frames:
            parts = (self._pages.get_template(name) for name in ("menu.html", "foot.html"))
            self._frames[key] = Frame(*(Markup(part.render(up=up, current=key[1])) for part in parts))  # noqa: S704
        return self._frames[key]

    def _places(self, up: str) -> Callable[[str], Place]:
        root = self._results.pack.root

        def place(code: str) -> Place:
            if code in self._stations:
                area = self._results.pack.stations[code].area
                return Place(up + station_page(code), self._stations[code], self._within(area, escape(code)))
            parent = self._results.pack.areas[code].parent
            page = "index.html" if code == root else area_page(code)
            return Place(up + page, self._areas[code], self._within(parent) if parent else Markup(""))

        return place

    def _within(self, area: str, *before: Markup) -> Markup:
        """Return the names of the areas from this one up to below the nation."""
        path = [self._areas[a.code] for a in reversed(self._results.path[area][1:])]
        return Markup(" · ").join((*before, *path))

    def _trail(self, area: str, up: str, last: Markup | None = None) -> list[tuple[str, Markup]]:
        place = self._places(up)
        path = [place(a.code)[:2] for a in self._results.path[area]]
        if last is None:
            return [*path[:-1], ("", path[-1][1])]
        return [*path, ("", last)]

    def _nation(self) -> None:
        root = self._results.pack.root
        view = NationView(self._results, self.words, self._told)
        below, own = self._below(root, ""), self._stations_of(root, "")
        map_ = self._map(root, "")
        undrawn = len(self._results.pack.stations) - len(self._chart.places)
        crowded = self._chart.crowded(root)
        self._page(
            "nation.html",
            "index.html",
            **view.values(),
            below=below,
            stations=own,
            map=map_,
            undrawn=undrawn,
            inset=self._map(crowded, "", name="inset", size=10) if crowded else "",
            crowded=crowded,
        )

    def _area(self, code: str) -> None:
        view = AreaView(self._results, self.words, code)
        self._page(
            "area.html",
            area_page(code),
            title=self._areas[code],
            plain_title=self.language.plain(self._results.pack.areas[code].names, code),
            trail=self._trail(code, "../"),
            told=[self._told[f.id] for f in self._results.findings_of.get(code, ())],
            map=self._map(code, "../"),
            below=self._below(code, "../"),
            stations=self._stations_of(code, "../"),
            **view.values(),
        )

    def _below(self, code: str, up: str) -> list[dict[str, object]]:
        results = self._results
        place = self._places(up)
        return [
            {
                "address": place(area.code).address,
                "title": self._areas[area.code],
                "coverage": results.coverage[area.code],
                "counts": results.grade_counts[area.code],
            }
            for area in results.children.get(code, ())
        ]

    def _stations_of(self, code: str, up: str) -> list[dict[str, object]]:
        return [
            {
                "address": up + station_page(station.code),
                "title": self._stations[station.code],
                "place": self.language.foreign(station.address or station.place, sole_tongue(station.names)),
                **self._station_row(station.code),
            }
            for station in self._results.stations.get(code, ())
        ]

    def _station_row(self, code: str) -> dict[str, object]:
        number, results = self.language.number, self._results
        photos = results.photos_at.get(code)
        missing = results.missing_at.get(code)
        return {
            "grade": results.grades[code],
            "protocol": self.language.text("yes") if code in results.figures_of else "–",
            "photos": "–" if photos is None else number(photos),
            "missing": number(missing) if missing else "–",
        }

    def _map(self, code: str, up: str, *, name: str = "map", size: int = 5) -> Markup:
        place = self._places(up)
        areas, text = self._results.pack.areas, self.language.text

        def link(target: str) -> tuple[str, str]:
            if target in areas:
                return "" if target == code else place(target).address, self._area_title(target)
            name = self.language.plain(self._results.pack.stations[target].names, target)
            return place(target).address, f"{name}: {self.words.grade(self._results.grades[target])}"

        title = text("Map: %(name)s", name=self.language.plain(areas[code].names, code))
        return draw(self._chart, code, title, self._area_title(code), link, name=name, size=size)

    def _area_title(self, code: str) -> str:
        counts = self._results.grade_counts[code]
        name = self.language.plain(self._results.pack.areas[code].names, code)
        listed = "; ".join(f"{self.words.grade(g)} {self.language.number(n)}" for g, n in counts.items() if n)
        return f"{name}: {listed}" if listed else name

    def _each_station(self) -> None:
        view = StationView(self._results, self.words, self._told)
        for station in self._results.pack.stations.values():
            title = self._stations[station.code]
            self._page(
                "station.html",
                station_page(station.code),
                title=title,
                code=station.code,
                plain_title=f"{self.language.plain(station.names, station.code)} · {station.code}",
                address=self._address(station),
                trail=self._trail(station.area, "../", title),
                **view.values(station.code),
            )

    def _address(self, station: Station) -> Markup:
        address = ", ".join(filter(None, (station.place, station.address)))
        return self.language.foreign(address, sole_tongue(station.names))

    def _findings(self) -> None:
        told = [self._told[finding.id] for finding in self._results.by_strength]
        last = max(1, -(-len(told) // FINDINGS_A_PAGE))
        for number in range(1, last + 1):
            self._page(
                "findings.html",
                findings_page(number),
                number=number,
                total=len(told),
                groups=self._groups(told[(number - 1) * FINDINGS_A_PAGE : number * FINDINGS_A_PAGE]),
                pages=list(_pager(number, last)),
            )

    def _groups(self, told: Sequence[Told]) -> list[tuple[str, list[Told]]]:
        """Return neighbours of one grade together, under the grade's name; those withdrawn under that word."""

        def title(item: Told) -> str:
            return self.language.text("withdrawn") if item.finding.withdrawn else self.words.grade(item.finding.grade)

        return [(name, list(group)) for name, group in groupby(told, title)]

    def _find(self) -> None:
        self._page("find.html", "find.html", letters=self._letters())
        self._folder.write(f"{self.language.code}/places.json", self._search_index())

    def _letters(self) -> list[tuple[str, list[dict[str, object]]]]:
        results, found = self._results, dict[str, list[tuple[str, dict[str, object]]]]()
        for code, stations in results.stations.items():
            area = results.pack.areas[code]
            name = self.language.plain(area.names, code)
            count = self.language.plural("%(n)s station", "%(n)s stations", len(stations))
            row: dict[str, object] = {**self._places("")(code)._asdict(), "stations": count}
            found.setdefault(name[:1].upper(), []).append((name, row))
        return [(letter, [row for _, row in sorted(found[letter], key=_by_name)]) for letter in sorted(found)]

    def _search_index(self) -> bytes:
        """Return places.json: areas as name and language, stations as code, name, address, area's place, language."""
        pack, plain, tongue = self._results.pack, self.language.plain, self.language.tongue
        places = {code: at for at, code in enumerate(pack.areas)}
        stations = [
            [s.code, plain(s.names, s.code), s.address or s.place, places[s.area], tongue(s.names)]
            for s in sorted(pack.stations.values(), key=lambda s: s.code)
        ]
        names = [[plain(area.names, code), tongue(area.names)] for code, area in pack.areas.items()]
        return json.dumps({"areas": names, "stations": stations}, ensure_ascii=False, separators=(",", ":")).encode()

    def _rules(self) -> list[tuple[str, str, str]]:
        text = self.language.text
        return [(rule.value, text(RULES[rule]), text(METHODS[rule])) for rule in Rule]

    def _downloads(self) -> dict[str, object]:
        files = sorted(written for written in self._folder.files if written.path.startswith("data/"))
        return {"files": files, "dictionary": dictionary(self._results.pack.languages)}


def _environment(results: Results, language: Language, words: Words) -> Environment:
    pages = Environment(
        loader=PackageLoader("golos.publish"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.policies["ext.i18n.trimmed"] = True
    pages.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]
    pages.filters["num"] = language.number
    pages.globals.update(
        lang=language,
        languages=[languages.load(code) for code in languages.CODES],
        menu=_menu(language),
        words=words,
        classes=CLASSES,
        grades=Grade,
        shown_grades=tuple(Grade),
        told_grades=(Grade.PROVEN, Grade.STRONG, Grade.SUSPICIOUS, Grade.CONSISTENT),
        percent=language.percent,
        patterns=PATTERNS,
        mark=mark,
        segments=_segments,
        election=language.label(results.pack.names),
        election_id=results.pack.id.hex(),
        size=results.size,
        root=results.root.hex(),
        date=_long_date(results.pack.date, language),
    )
    return pages


def _menu(language: Language) -> list[tuple[str, str]]:
    text = language.text
    return [
        ("index.html", text("Overview")),
        ("find.html", text("Find a station")),
        ("findings/index.html", text("Findings")),
        ("methods.html", text("Methods")),
        ("downloads.html", text("Downloads")),
    ]


def _long_date(iso: str, language: Language) -> str:
    return format_date(datetime.date.fromisoformat(iso), "long", locale=language.code)


def _segments(counts: Mapping[Grade, int], total: int) -> Iterator[tuple[Grade, str, str]]:
    """Yield grade, start and width in per cent of each part of a bar."""
    before = 0
    for grade, count in counts.items():
        if count:
            yield grade, f"{before * 100 / total:.2f}", f"{count * 100 / total:.2f}"
            before += count


def _pager(current: int, last: int) -> Iterator[tuple[str, str, bool]]:
    """Yield address, label and whether it is this page: the first, the last, and those around the current one."""
    shown = [n for n in range(1, last + 1) if n in (1, last) or abs(n - current) <= 2]
    before = 0
    for number in shown:
        if number > before + 1:
            yield "", "…", False
        yield "../" + findings_page(number), str(number), number == current
        before = number


def _by_name(row: tuple[str, Any]) -> str:
    return row[0]
