"""Small elections for the tests of the count."""

from collections.abc import Mapping, Sequence

from hypothesis import settings

from golos.count.compare import Comparison, compare
from golos.count.count import Announcement
from golos.count.sheets import Sheet, count_tables
from golos.model.finding import Finding
from golos.model.pack import Area, Check, Contest, Line, Option, Pack, Policy, Station

quick = settings(deadline=None, max_examples=60)
"""For property tests: the machine may be busy."""
NAMES = {"en": "name"}
LINES = tuple(Line(i, i if i != "spare" else "", NAMES) for i in ("voters", "issued", "turnout", "spare"))
CHECKS = (
    Check("sum", ("turnout",), "==", ("options", "invalid"), NAMES),
    Check("issued", ("turnout",), "<=", ("issued",), NAMES),
)
Figures = Mapping[str, Mapping[str, int | None]]


def small_pack(stations: Mapping[str, str], contests: Mapping[str, Sequence[str]] | None = None, **more) -> Pack:
    """Stations by code, each in an area; the areas lie in the nation "N", which is an area too."""
    contests = contests or {"president": ("ann", "bob")}
    areas = {"N": Area("N", "", "nation", NAMES)}
    areas |= {a: Area(a, "N", "region", NAMES) for a in stations.values() if a != "N"}
    fields = {
        "id": bytes(32),
        "names": NAMES,
        "date": "2030-01-01",
        "round": 1,
        "cancelled": "",
        "languages": ("en",),
        "contests": tuple(Contest(c, NAMES, tuple(Option(o, c, NAMES) for o in os)) for c, os in contests.items()),
        "lines": LINES,
        "checks": CHECKS,
        "areas": areas,
        "stations": {s: Station(s, a, NAMES) for s, a in stations.items()},
        "policy": Policy(),
        "keys": None,
        "files": (),
    }
    return Pack(**{**fields, **more})


def rows(figures: Figures) -> bytes:
    columns = list(dict.fromkeys(c for row in figures.values() for c in row))
    lines = [",".join(["area", *columns])]
    for station in sorted(figures):
        cells = (figures[station].get(c) for c in columns)
        lines.append(",".join([station, *("" if v is None else str(v) for v in cells)]))
    return ("\n".join(lines) + "\n").encode()


def photos(figures: Figures, source="golos", tier="confirmed", contest="president") -> Sheet:
    return Sheet(source, "citizens", tier, contest, 1, False, rows(figures))


def protocol(figures: Figures, source="typed", readings=1, authority=False, contest="president") -> Sheet:
    return Sheet(source, "protocol", "", contest, readings, authority, rows(figures))


def announced(
    area: str, values: Mapping[str, int], source="commission", authority=True, unit=1, leaf=1
) -> Announcement:
    return Announcement(leaf, area, "president", source, authority, unit, values)


def run(pack: Pack, *sheets: Sheet, official: Sequence[Announcement] = ()) -> Comparison:
    return compare(count_tables(pack, sheets, official))


def of_rule(comparison: Comparison, rule: str) -> list[Finding]:
    return [f for f in comparison.findings if f.rule == rule]


def one(comparison: Comparison, rule: str) -> Finding:
    (found,) = of_rule(comparison, rule)
    return found
