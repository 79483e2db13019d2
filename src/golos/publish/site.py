"""Site: the static pages of one language. Same results, same bytes: no clock, no order that is not given."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import resources
from itertools import groupby
from typing import Any, NamedTuple

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from golos.model.finding import Finding, Grade, Rule
from golos.publish import language as languages
from golos.publish.addresses import Addresses, findings_page
from golos.publish.cards import Card
from golos.publish.chart import Atlas, draw
from golos.publish.fakes_view import Fakes, fakes, fakes_page
from golos.publish.finding_card import FindingCards, badge, evidence
from golos.publish.folder import Folder
from golos.publish.language import Language
from golos.publish.marks import CLASSES, PATTERNS, mark
from golos.publish.nation_view import NationView
from golos.publish.opendata import dictionary
from golos.publish.quotes import bound, quotes
from golos.publish.results import Results
from golos.publish.search import Search
from golos.publish.shell import Shell
from golos.publish.words import METHODS, RULES, Words

FINDINGS_A_PAGE = 60
_LISTED = 600
"""So many areas the page to find a station lists at most; it takes coarser ones where there are more."""


class Place(NamedTuple):
    """The address of an area's or station's page as seen from the page at hand, its name, and where it lies."""

    address: str
    title: Markup
    within: Markup


def write_assets(folder: Folder) -> None:
    """Write what all pages share."""
    for name in ("style.css", "filter.js", "slider.js", "icon.svg"):
        folder.write(f"assets/{name}", (resources.files("golos.publish") / "assets" / name).read_bytes())


class Site:
    """The pages of one language; those of areas and stations are written by `golos.publish.area_pages.AreaPages`."""

    def __init__(
        self, results: Results, chart: Atlas, findings: FindingCards, addresses: Addresses, folder: Folder
    ) -> None:
        self.results = results
        self.findings = findings
        self.words = findings.words
        self.language = language = self.words.language
        self.addresses = addresses
        self._chart = chart
        self._folder = folder
        self.pages = _environment(results, language, self.words)
        self._shell = Shell(self.pages, _menu(language))
        self._areas = {code: language.label(area.names, code) for code, area in results.pack.areas.items()}

    def write(self, cards: Sequence[Card]) -> None:
        """Write the pages that there is one of; the files of data/ are in the folder already."""
        text = self.language.text
        self._nation()
        self._findings()
        self._fakes()
        self.page("find.html", "find.html", text("Find a station"), **self._find())
        self.page("methods.html", "methods.html", text("Methods"), rules=self._rules(), policy=self.results.pack.policy)
        self.page("share.html", "share.html", text("To pass on"), cards=cards)
        self._embed()
        self.page("downloads.html", "downloads.html", text("Downloads"), **self._downloads())

    def _embed(self) -> None:
        """Write the element that other sites may show."""
        words, title = self.words, self.language.plain(self.results.pack.names)
        first, *_ = quotes(self.results, words)
        page = self.pages.get_template("embed.html").render(quote=first, bound=bound(words), plain_title=title)
        self._folder.write(f"{self.language.code}/embed.html", page.encode())

    def landing(self, sites: Sequence["Site"]) -> bytes:
        """Return the page at the top, which leads to the languages."""
        greetings = [site.greeting() for site in sites]
        template = self.pages.get_template("landing.html")
        title = self.language.plain(self.results.pack.names)
        return template.render(greetings=greetings, plain_title=title).encode()

    def greeting(self) -> dict[str, object]:
        """Return what the top page says in this language."""
        said = self.language.text(
            "What citizens' own ballots prove about the announced result, and what they cannot prove."
        )
        return {"language": self.language, "election": self.language.label(self.results.pack.names), "said": said}

    def page(self, template: str, path: str, title: str, /, **values: object) -> None:
        """Write a page whose middle is a template."""
        up = "../" * path.count("/")
        main = self.pages.get_template(template).render(up=up, here=path, place=self.places(up), **values)
        self.put(path, title, main)

    def put(self, path: str, title: str, main: str) -> None:
        """Write a page; ``title`` is text, ``main`` the markup of its middle."""
        whole = self._shell.around(path, escape(title), main)
        self._folder.write(f"{self.language.code}/{path}", whole.encode())

    def places(self, up: str) -> Callable[[str], Place]:
        """Return what says where an area or station is, as seen from a page so many levels deep."""

        def place(code: str) -> Place:
            station = self.results.pack.stations.get(code)
            if station is not None:
                title = self.language.label(station.names, code)
                return Place(up + self.addresses.station(code), title, self._within(station.area, escape(code)))
            parent = self.results.pack.areas[code].parent
            within = self._within(parent) if parent else Markup("")
            return Place(up + self.addresses.area(code), self._areas[code], within)

        return place

    def _within(self, area: str, *before: Markup) -> Markup:
        """Return the names of the areas from this one up to below the nation."""
        path = [self._areas[a.code] for a in reversed(self.results.path[area][1:])]
        return Markup(" · ").join((*before, *path))

    def trail(self, area: str, up: str, last: Markup | None = None) -> list[tuple[str, Markup]]:
        """Return addresses and names from the nation down to an area, or to ``last`` in it."""
        path = [(up + self.addresses.area(a.code), self._areas[a.code]) for a in self.results.path[area]]
        if last is None:
            return [*path[:-1], ("", path[-1][1])]
        return [*path, ("", last)]

    def _nation(self) -> None:
        root = self.results.pack.root
        view = NationView(self.results, self.findings, self.places(""))
        crowded = self._chart.crowded(root)
        pages = self.addresses.slices(root)
        self.page(
            "nation.html",
            "index.html",
            self.language.plain(self.results.pack.names),
            **view.values(),
            below=self.below(root, "", pages[0].areas),
            together=len(pages) == 1 or not pages[1].areas,
            more=list(pager(root, 1, len(pages), self.addresses, "")),
            map=self.map(root, ""),
            undrawn=len(self.results.pack.stations) - len(self._chart.places),
            inset=self.map(crowded, "", name="inset", size=10) if crowded else "",
            crowded=crowded,
            slides={contest: fakes_page(number) for number, contest in enumerate(self._slides, 1)},
        )

    def below(self, code: str, up: str, which: range) -> list[dict[str, object]]:
        """Return the rows of some of the areas right below an area."""
        results = self.results
        return [
            {
                "address": up + self.addresses.area(area.code),
                "title": self._areas[area.code],
                "coverage": results.coverage[area.code],
                "counts": results.grade_counts[area.code],
            }
            for area in results.children.get(code, ())[which.start : which.stop]
        ]

    def map(self, code: str, up: str, *, name: str = "map", size: int = 5) -> Markup:
        """Return the map of an area."""
        areas, text = self.results.pack.areas, self.language.text

        def link(target: str) -> tuple[str, str]:
            if target in areas:
                return "" if target == code else up + self.addresses.area(target), self._area_title(target)
            name = self.language.plain(self.results.pack.stations[target].names, target)
            return up + self.addresses.station(target), f"{name}: {self.words.grade(self.results.grade(target))}"

        title = text("Map: %(name)s", name=self.language.plain(areas[code].names, code))
        return draw(self._chart, code, title, self._area_title(code), link, name=name, size=size)

    def _area_title(self, code: str) -> str:
        counts = self.results.grade_counts[code]
        name = self.language.plain(self.results.pack.areas[code].names, code)
        listed = "; ".join(f"{self.words.grade(g)} {self.language.number(n)}" for g, n in counts.items() if n)
        return f"{name}: {listed}" if listed else name

    def _findings(self) -> None:
        found, title = self.results.by_strength, self.language.text("Findings")
        last = max(1, -(-len(found) // FINDINGS_A_PAGE))
        place = self.places("../")
        for number in range(1, last + 1):
            shown = found[(number - 1) * FINDINGS_A_PAGE : number * FINDINGS_A_PAGE]
            self.page(
                "findings.html",
                findings_page(number),
                f"{title} {number}",
                total=len(found),
                groups=[
                    (name, Markup("").join(self.findings.card(f, place=place(f.area)) for f in group))
                    for name, group in groupby(shown, self._group)
                ],
                pages=list(_numbers(number, last, lambda n: "../" + findings_page(n))),
            )

    def _fakes(self) -> None:
        for number, (contest, page) in enumerate(self._slides.items(), 1):
            title = self.language.text("What if some photographs are fakes?")
            name = self.language.label(self.results.pack.contest(contest).names, contest)
            self.page("fakes.html", fakes_page(number), title, **{**page._asdict(), "contest": name})

    @cached_property
    def _slides(self) -> Mapping[str, Fakes]:
        return {page.contest: page for page in fakes(self.results, self.language)}

    def _group(self, finding: Finding) -> str:
        """Return what neighbours of one grade stand under: the grade's name, or that they are withdrawn."""
        return self.language.text("withdrawn") if finding.withdrawn else self.words.grade(finding.grade)

    def _find(self) -> dict[str, object]:
        search = Search(self.results, self.language, self.addresses)
        for path, data in search.files():
            self._folder.write(f"{self.language.code}/{path}", data)
        return {"letters": self._letters(), "parts": search.parts}

    def _letters(self) -> list[tuple[str, list[dict[str, object]]]]:
        results, found = self.results, dict[str, list[tuple[str, dict[str, object]]]]()
        for code in self._listed():
            name = self.language.plain(results.pack.areas[code].names, code)
            number = results.coverage[code].stations
            count = self.language.plural("%(n)s station", "%(n)s stations", number)
            row: dict[str, object] = {**self.places("")(code)._asdict(), "stations": count}
            found.setdefault(name[:1].upper(), []).append((name, row))
        return [(letter, [row for _, row in sorted(found[letter], key=_by_name)]) for letter in sorted(found)]

    def _listed(self) -> Sequence[str]:
        """Return the areas with stations of their own, or, where they are too many for a page, those above."""
        found = list(self.results.stations)
        depth = max((len(self.results.path[code]) for code in found), default=1)
        while len(found) > _LISTED and depth > 1:
            depth -= 1
            found = list(dict.fromkeys(self.results.path[code][:depth][-1].code for code in found))
        return found

    def _rules(self) -> list[tuple[str, str, str]]:
        text = self.language.text
        return [(rule.value, text(RULES[rule]), text(METHODS[rule])) for rule in Rule]

    def _downloads(self) -> dict[str, object]:
        files = sorted(written for written in self._folder.files if written.path.startswith(("data/", "export/")))
        return {"files": files, "dictionary": dictionary(self.results.pack.languages)}


def pager(area: str, current: int, last: int, addresses: Addresses, up: str = "../") -> Iterator[tuple[str, str, bool]]:
    """Yield address, label and whether it is this page, of the pages of an area; nothing if there is but one."""
    return _numbers(current, last, lambda number: up + addresses.page(area, number)) if last > 1 else iter(())


def _numbers(current: int, last: int, address: Callable[[int], str]) -> Iterator[tuple[str, str, bool]]:
    """Yield address, label and whether it is this page: the first, the last, and those around the current one."""
    shown = [n for n in range(1, last + 1) if n in (1, last) or abs(n - current) <= 2]
    before = 0
    for number in shown:
        if number > before + 1:
            yield "", "…", False
        yield address(number), str(number), number == current
        before = number


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
        badge=lambda grade: badge(grade, words.grade(grade)),
        evidence=evidence,
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


def _by_name(row: tuple[str, Any]) -> str:
    return row[0]
