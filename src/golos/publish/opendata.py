"""Open data: the files of data/ (docs/formats.md), each a pure function of the results, sorted, with the same bytes."""

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from itertools import groupby
from typing import Any, NamedTuple

from golos.count.count import Version
from golos.count.figures import NONE
from golos.model.finding import Finding
from golos.publish.folder import Folder
from golos.publish.results import Results

Rows = Iterable[Sequence[object]]
_BLOCK = 10_000


class Meaning(NamedTuple):
    """A line of the data dictionary."""

    file: str
    column: str
    type: str
    unit: str
    meaning: str


def write(results: Results, folder: Folder) -> None:
    """Write data/."""
    for name, header, rows in _tables(results):
        folder.write_lines(f"data/{name}", table(header, rows))
    folder.write_lines("data/protocols.csv", _protocols(results.versions, results.comparison.count.tree.stations))
    found = [_as_json(f) for f in results.findings]
    folder.write("data/findings.json", document({"findings": found}))
    folder.write("data/summary.json", document(results.summary))


def table(header: Sequence[object], rows: Rows) -> Iterator[str]:
    """Yield the lines of a CSV file; None is a blank, truth is ``true`` or ``false``."""
    line = csv.writer(_Lines(), lineterminator="\n").writerow
    yield str(line([_cell(value) for value in header]))
    for row in rows:
        yield str(line([_cell(value) for value in row]))


class _Lines:
    """What a csv.writer writes to: its line becomes what ``writerow`` returns."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def document(value: object) -> bytes:
    """Return a JSON file with sorted keys."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def dictionary(languages: Sequence[str]) -> list[Meaning]:
    """Return the data dictionary; a row for ``name_*`` becomes one for each language."""
    text = (resources.files("golos.publish") / "dictionary.csv").read_text("utf-8")
    rows = [Meaning(*row) for row in csv.reader(io.StringIO(text))][1:]
    return [
        row._replace(column=row.column.replace("*", code), meaning=row.meaning.replace("*", code))
        for row in rows
        for code in (languages if "*" in row.column else ("",))
    ]


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _tables(results: Results) -> Iterator[tuple[str, Sequence[str], Rows]]:
    languages = results.pack.languages
    names = tuple(f"name_{code}" for code in languages)
    yield "stations.csv", ("code", "area", *names, "lat", "lon", "opened", "grade"), _stations(results)
    yield "areas.csv", ("code", "parent", "level", *names), _areas(results)
    yield "tallies.csv", ("source", "tier", "area", "contest", "option", "votes"), _tallies(results)
    yield (
        "official.csv",
        ("leaf", "area", "contest", "source", "authority", "announced", "readings", "unit", "id", "value"),
        _official(results),
    )
    yield (
        "coverage.csv",
        ("area", "stations", "with_protocol", "with_photos", "with_both"),
        (dataclasses.astuple(covered) for covered in results.comparison.coverage),
    )
    yield (
        "findings.csv",
        ("id", "rule", "grade", "contest", "option", "area", "source", "tier", "breaking", "reason", "withdrawn"),
        (_row(finding) for finding in results.findings),
    )
    yield (
        "bounds.csv",
        ("contest", "source", "set", "parameter", "value", "stations", "votes"),
        (dataclasses.astuple(bound) for bound in results.comparison.bounds),
    )
    yield "dictionary.csv", Meaning._fields, dictionary(languages)


def _stations(results: Results) -> Rows:
    for station in sorted(results.pack.stations.values(), key=lambda s: s.code):
        names = (station.names.get(code) for code in results.pack.languages)
        grade = results.grade(station.code)
        opened = results.opened.get(station.code)
        yield station.code, station.area, *names, station.lat, station.lon, opened, grade.value


def _areas(results: Results) -> Rows:
    for area in sorted(results.pack.areas.values(), key=lambda a: a.code):
        yield area.code, area.parent, area.level, *(area.names.get(code) for code in results.pack.languages)


def _tallies(results: Results) -> Rows:
    tallies = results.comparison.count.tallies()
    return ((t.source, t.tier, t.area, t.contest, t.option, t.votes) for t in tallies)


def _protocols(versions: Sequence[Version], stations: Sequence[str]) -> Iterator[str]:
    """Yield protocols.csv: every number of every version of every station's protocol, sorted by all its columns.

    There may be ten million, so the rows are joined from columns.
    """
    yield from table(("source", "readings", "authority", "contest", "station", "line", "value"), ())
    for front, alike in groupby(versions, lambda v: (v.source, v.readings, v.authority, v.contest)):
        (start,) = table(front, ())
        yield from _figures(start.rstrip("\n"), [*alike], stations)


def _figures(front: str, versions: Sequence[Version], stations: Sequence[str]) -> Iterator[str]:
    columns = sorted({column for version in versions for column in version.figures.columns})
    parts = [[version.figures.column(column) for version in versions] for column in columns]
    for start in range(0, len(stations), _BLOCK):
        blocks = [[column[start : start + _BLOCK].tolist() for column in part] for part in parts]
        for at, station in enumerate(stations[start : start + _BLOCK]):
            for line, block in zip(columns, blocks, strict=True):
                for value in sorted(values[at] for values in block if values[at] != NONE):
                    yield f"{front},{station},{line},{value}\n"


def _official(results: Results) -> Rows:
    for leaf, said in sorted(results.announcements, key=lambda a: a.leaf):
        fixed = (leaf, said.area, said.contest, said.source, said.authority, said.announced, said.readings, said.unit)
        first = dict(reversed(said.values))  # of an id that is there twice the first value counts
        for name, value in reversed(first.items()):
            yield *fixed, name, value


def _row(finding: Finding) -> Sequence[object]:
    return (
        finding.id,
        finding.rule.value,
        finding.grade.value,
        finding.contest,
        finding.option,
        finding.area,
        finding.source,
        finding.tier,
        finding.breaking,
        finding.reason,
        finding.withdrawn,
    )


def _as_json(finding: Finding) -> dict[str, Any]:
    fields = ("id", "rule", "grade", "contest", "option", "area", "source", "tier", "breaking", "reason", "withdrawn")
    return {
        **dict(zip(fields, _row(finding), strict=True)),
        "numbers": finding.numbers,
        "assumptions": finding.assumptions,
        "evidence": finding.evidence,
    }
