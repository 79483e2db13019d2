#!/usr/bin/env python3
"""Turn the published official.json of Belarus 2020 into the CSV that official-map.toml reads.

officials.py official.json > official.csv
"""

import csv
import io
import json
import sys
from decimal import Decimal
from pathlib import Path

NATION = "BY"
ANNOUNCED = "2020-08-14"
UNIT = 100  # the regional totals are in thousands with one decimal
LINES = ("voters", "ballots_issued", "turnout", "early")


def official_csv(data: bytes) -> bytes:
    """Return one row for the nation and one for each region whose votes were reported, as whole votes."""
    official = json.loads(data, parse_float=Decimal)
    nation = {**official["votes"], **{line: official[line] for line in LINES}}
    regions = {k: v for k, v in official["region_votes_tsikhanouskaya_thousand"].items() if k != "source"}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["area", "announced", "unit", *(f"cec_{name}" for name in nation), "region_tsikhanouskaya"])
    writer.writerow([NATION, ANNOUNCED, 1, *nation.values(), ""])
    for region, thousands in regions.items():
        writer.writerow([region, "", UNIT, *("" for _ in nation), int(thousands * 1000)])
    return text.getvalue().encode()


if __name__ == "__main__":
    sys.stdout.write(official_csv(Path(sys.argv[1]).read_bytes()).decode())
