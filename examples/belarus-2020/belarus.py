"""Belarus 2020 from the published tables: import, count, compare. `run` starts it; the figures are in the README there.

    run FOLDER [--json] [--dir BUILD]

FOLDER holds stations.csv and official.json. The pack and what was not taken are left in BUILD (build/belarus-2020).
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from officials import official_csv

from golos.count.compare import Comparison, compare
from golos.count.count import Announcement, Count
from golos.count.figures import NONE, known
from golos.count.remainder import remainder
from golos.count.sheets import Sheet, count_tables
from golos.count.summary import excess_of
from golos.count.whole import highest
from golos.intake.mapping import parse_mapping
from golos.intake.official import read_officials
from golos.intake.places import make_places, parse_stations_map
from golos.intake.rows import Reject
from golos.intake.table import read_tables
from golos.model.finding import Finding
from golos.model.pack import Pack
from golos.model.packfiles import parse
from golos.model.problem import Problem

HERE = Path(__file__).parent
CONTEST, LEADER, CITIZENS, TYPED = "president", "tsikhanouskaya", "golos", "zubr"
LANGUAGES = ("be", "ru", "en")
CAPS = (10, 50, 100)
WORDS = {
    ("proven", ""): "proven",
    ("strong", "one typing"): "strong_one_typing",
    ("strong", "typings differ"): "strong_typings_differ",
    ("suspicious", "only under the lower version"): "suspicious_lower",
    ("suspicious", "more photos than voters"): "suspicious_voters",
}


def main() -> int:
    """Print the figures; 1 if the folder can't be used."""
    parser = argparse.ArgumentParser(description="Count Belarus 2020 from the published tables.")
    parser.add_argument("folder", type=Path, help="holds stations.csv and official.json")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--dir", type=Path, default=Path("build/belarus-2020"), help="where to build the pack")
    arguments = parser.parse_args()
    try:
        count = counted(arguments.folder, arguments.dir)
    except (Problem, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    found = figures(count)
    print(json.dumps(found, ensure_ascii=False, indent=1) if arguments.json else "\n".join(told(found)))
    return 0


def counted(folder: Path, build: Path) -> Count:
    """Import the published tables and announcements and count them. Raises Problem, OSError."""
    for name in ("stations.csv", "official.json"):
        if not (folder / name).is_file():
            raise Problem("import.file", str(folder / name), "is no file.", "Name the folder of the published tables.")
    build.mkdir(parents=True, exist_ok=True)
    pack = make_pack(folder, build / "pack")
    mapping = parse_mapping((HERE / "map.toml").read_bytes(), pack, "map.toml")
    tables = read_tables(folder / "stations.csv", mapping, pack)
    (build / "official.csv").write_bytes(official_csv((folder / "official.json").read_bytes()))
    official_map = parse_mapping((HERE / "official-map.toml").read_bytes(), pack, "official-map.toml")
    officials, refused = read_officials(build / "official.csv", official_map, pack)
    list_rejects(build / "rejects.csv", {*refused, *(r for table in tables for r in table.rejects)})
    sheets = [
        Sheet(t.map.source, t.map.kind, t.map.tier, t.map.contest, t.map.readings, t.map.authority, t.rows)
        for t in tables
    ]
    return count_tables(pack, sheets, [Announcement.of(at, entry) for at, entry in enumerate(officials)])


def make_pack(folder: Path, target: Path) -> Pack:
    """Write the pack of the election, its stations taken from the published table, and read it."""
    stations_map = parse_stations_map((HERE / "map.toml").read_bytes(), LANGUAGES, "map.toml")
    files = {path.name: path.read_bytes() for path in (HERE / "pack").iterdir() if path.is_file()}
    files |= make_places(folder / "stations.csv", stations_map, LANGUAGES)
    target.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (target / name).write_bytes(data)
    pack, mistakes = parse(files)
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if pack is None:
        raise Problem("pack.mistakes", str(target), "can't be used; the mistakes are listed above.")
    return pack


def list_rejects(file: Path, rejects: Iterable[Reject]) -> None:
    """Write what was not taken, and say so."""
    listed = sorted(rejects, key=lambda r: (r.line, r.column))
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["line", "column", "value", "reason"])
        writer.writerows((r.line, r.column, r.value, r.reason) for r in listed)
    if listed:
        print(f"{len(listed)} rows or cells were not taken: {file}", file=sys.stderr)


def figures(count: Count) -> dict[str, Any]:
    """Return the figures: under the first typing alone unless a key says otherwise."""
    one, both = compare(count, [TYPED]), compare(count)
    c1 = one.summary["contests"][CONTEST]["sources"][CITIZENS]["c1"]
    c1_both = both.summary["contests"][CONTEST]["sources"][CITIZENS]["c1"]
    v = one.standings[CONTEST].high
    regions = sorted(c1["by_region"].items(), key=lambda item: -item[1])
    return {
        "stations": len(count.tree.stations),
        "stations_announced": count.pack.stations_announced,
        "stations_with_protocol": int((v.column(LEADER) != NONE).sum()),
        "stations_with_all_options": int((v.take(one.standings[CONTEST].options) != NONE).all(axis=1).sum()),
        "c1_stations": c1["stations"],
        "c1_votes": c1["votes"],
        "c1_by_region": {count.pack.areas[code].names["en"]: stations for code, stations in regions},
        "c1_votes_by_option": c1["by_option"],
        "c2_stations": [f.area for f in one.findings if f.rule == "C2"],
        "c8_stations": sum(contradicts(f, LEADER) for f in one.findings if f.rule == "C8"),
        "adversary": bounds_of(one, "F", None),
        "cap": bounds_of(one, "k", CAPS),
        "c1_both": {"stations": c1_both["stations"], "votes": c1_both["votes"]},
        "graded": graded(both),
        "c4": parts(both),
        "c5": {check: list(one.checks[CONTEST, check, TYPED]) for check in (c.id for c in count.pack.checks)},
        "c7": [f.id for f in both.findings if f.rule == "C7"],
        "ratio_13": ratio(one),
        "typings": typings(both),
        "photos_total": total(count, "confirmed"),
        "declared_total": total(count, "declared"),
        "grades": both.summary["stations"],
    }


def contradicts(finding: Finding, option: str) -> bool:
    """Say whether the finding has excess votes of the option."""
    options = finding.numbers["options"]
    return isinstance(options, Mapping) and option in options and options[option]["e"] > 0


def bounds_of(comparison: Comparison, parameter: str, values: Sequence[int] | None) -> dict[str, list[int]]:
    """Return stations and votes that stay under so many fakes, by parameter (None: all above 0)."""
    rows = [b for b in comparison.bounds if (b.source, b.set, b.parameter) == (CITIZENS, "all", parameter)]
    return {str(b.value): [b.stations, b.votes] for b in rows if b.value > 0 and (values is None or b.value in values)}


def graded(comparison: Comparison) -> dict[str, list[int]]:
    """Return stations and votes by grade and reason of the contradictions of confirmed photographs."""
    found = {word: [0, 0] for word in WORDS.values()}
    for finding in comparison.findings:
        if finding.rule == "C1" and finding.tier == "confirmed":
            cell = found[WORDS[finding.grade.value, finding.reason]]
            cell[0] += 1
            cell[1] += excess_of(finding)
    return found


def parts(comparison: Comparison) -> dict[str, Any]:
    """Return for each area whose parts exceed the whole the headline version's figures, for the leader's votes."""
    pack, found = comparison.count.pack, {}
    for finding in comparison.findings:
        if finding.rule == "C4" and finding.option == LEADER:
            name = "nation" if finding.area == pack.root else pack.areas[finding.area].names["en"]
            numbers: Mapping[str, Any] = finding.numbers
            headline = numbers["versions"][numbers["headline"]]
            found[name] = {
                **headline,
                "announced": numbers["announced"],
                "version": numbers["headline"],
                "grade": finding.grade.value,
            }
    return found


def ratio(comparison: Comparison) -> float | None:
    """Return how many times as many of the leader's votes a known station has as the announcement leaves for others."""
    count = comparison.count
    whole = highest([a for a in count.announcements if a.area == count.pack.root], LEADER)
    stations = count.pack.stations_announced or len(count.tree.stations)
    v = comparison.standings[CONTEST].high.column(LEADER)
    found = remainder(v, whole.value, stations) if whole else None
    return round(float(found.ratio), 3) if found and found.ratio else None


def typings(comparison: Comparison) -> dict[str, int]:
    """Compare the two typings of the protocols."""
    first, again = (v.figures for v in comparison.standings[CONTEST].versions)
    a, b = first.column(LEADER), again.column(LEADER)
    common = (a != NONE) & (b != NONE)
    lines = [name for name in again.columns if name in first.columns]
    shared = ((first.take(lines) != NONE) & (again.take(lines) != NONE)).any(axis=1)
    return {
        "common": int(common.sum()),
        "equal": int((common & (a == b)).sum()),
        "stations_in_both": int(shared.sum()),
        "stations_that_differ": sum(f.rule == "C6" for f in comparison.findings),
    }


def total(count: Count, tier: str) -> int:
    """Return what citizens sent in a tier: votes, invalid ballots, and word that they did not vote."""
    return sum(int(known(v.figures.values).sum()) for v in count.votes_of(CONTEST, tier) if v.source == CITIZENS)


def told(found: Mapping[str, Any]) -> Iterable[str]:
    """Yield the figures as lines for people."""
    width = max(map(len, found))
    for key, value in found.items():
        rows = value.items() if isinstance(value, Mapping) else [("", value)]
        for at, (name, cell) in enumerate(rows):
            text = ", ".join(f"{k} {v}" for k, v in cell.items()) if isinstance(cell, Mapping) else cell
            yield f"{key if at == 0 else '':<{width}}  {name:<22}  {text}" if name else f"{key:<{width}}  {text}"


if __name__ == "__main__":
    sys.exit(main())
