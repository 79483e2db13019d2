"""Indonesia 2019, the honest control: two counts of the same forms, and what their differences do not prove.

run FOLDER [--json]       FOLDER holds tps.csv.gz
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from golos.count.compare import Comparison, compare
from golos.count.figures import NONE
from golos.count.sheets import Sheet, count_tables
from golos.intake.mapping import parse_mapping
from golos.intake.places import make_places, parse_stations_map
from golos.intake.table import read_tables
from golos.model.finding import Finding
from golos.model.pack import Pack
from golos.model.packfiles import parse
from golos.model.problem import Problem

HERE = Path(__file__).parent
CONTEST, LANGUAGES = "president", ("id", "en")


def main() -> int:
    """Print the figures; 1 if the folder can't be used."""
    parser = argparse.ArgumentParser(description="Count Indonesia 2019 from the published table.")
    parser.add_argument("folder", type=Path, help="holds tps.csv.gz")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    try:
        found = figures(compared(arguments.folder / "tps.csv.gz"))
    except (Problem, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    text = json.dumps(found, indent=1) if arguments.json else "\n".join(f"{k:<12} {v}" for k, v in found.items())
    print(text)
    return 0


def compared(table: Path) -> Comparison:
    """Import the published table, count and compare it. Raises Problem, OSError."""
    pack = read_pack(table)
    mapping = parse_mapping((HERE / "map.toml").read_bytes(), pack, "map.toml")
    tables = read_tables(table, mapping, pack)
    sheets = [
        Sheet(t.map.source, t.map.kind, t.map.tier, t.map.contest, t.map.readings, t.map.authority, t.rows)
        for t in tables
    ]
    return compare(count_tables(pack, sheets))


def read_pack(table: Path) -> Pack:
    """Return the pack of the election, its stations taken from the published table."""
    stations_map = parse_stations_map((HERE / "map.toml").read_bytes(), LANGUAGES, "map.toml")
    files = {path.name: path.read_bytes() for path in (HERE / "pack").iterdir() if path.is_file()}
    pack, mistakes = parse(files | make_places(table, stations_map, LANGUAGES))
    for mistake in mistakes[:20]:
        print(mistake, file=sys.stderr)
    if pack is None:
        raise Problem("pack.mistakes", str(HERE / "pack"), "can't be used; the mistakes are listed above.")
    return pack


def figures(comparison: Comparison) -> dict[str, Any]:
    """Return where both counts exist, how often they differ, by how much, and every grade that is given."""
    standing = comparison.standings[CONTEST]
    figures_of = {version.source: version.figures.take(standing.options) for version in standing.versions}
    citizens, commission = figures_of["kawalpemilu"], figures_of["kpu"]
    both = ((citizens != NONE) & (commission != NONE)).all(axis=1)
    net = (commission[both] - citizens[both]).sum(axis=0)
    return {
        "stations": len(comparison.count.tree.stations),
        "both": int(both.sum()),
        "equal": int((citizens[both] == commission[both]).all(axis=1).sum()),
        "different": sum(differs(f, standing.options) for f in comparison.findings if f.rule == "C6"),
        "net": dict(zip(standing.options, net.tolist(), strict=True)),
        "findings": dict(Counter(f"{f.rule} {f.grade}" for f in comparison.findings)),
        "grades": comparison.summary["stations"],
    }


def differs(finding: Finding, options: tuple[str, ...]) -> bool:
    """Say whether the votes of an option differ, and not only another line."""
    lines = finding.numbers["lines"]
    return isinstance(lines, Mapping) and any(option in lines for option in options)


if __name__ == "__main__":
    sys.exit(main())
