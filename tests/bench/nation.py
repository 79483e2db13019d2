"""Nation: import and publish a whole country, bounds under fakes, and a pack that is read from its folder."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench import publishing
from tests.bench.living import found
from tests.bench.measure import Row, Sizes, spent

from golos.count.bounds import BUDGETS, CAPS, RATES, Excesses
from golos.demo import election
from golos.demo.nation import make
from golos.intake.pack import load
from golos.model.finding import Finding, Grade, Rule

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "belarus-2020"


def measure(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield the rows."""
    yield from _published(sizes, folder / "nation")
    yield from _bounds(sizes)
    yield from _pack(sizes, folder / "large")


def _published(sizes: Sizes, folder: Path) -> Iterator[Row]:
    real = sizes.shared and (DATA / "stations.csv").exists()
    name = "Belarus 2020" if real else "an invented nation"
    table, mapping = _belarus(folder) if real else _invented(sizes, folder)
    found(folder)
    with spent() as importing:
        _golos("import", table, "--map", mapping, "--to", folder, "--rejects", folder / "rejects.csv")
    yield Row(f"import {name}", importing.wall, "s")
    yield from publishing.measure(folder)


def _belarus(folder: Path) -> tuple[Path, Path]:
    here = ROOT / "examples" / "belarus-2020"
    command = [sys.executable, str(here / "belarus.py"), str(DATA), "--dir", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return DATA / "stations.csv", here / "map.toml"


def _invented(sizes: Sizes, folder: Path) -> tuple[Path, Path]:
    nation = make(sizes.stations, sizes.stations * 1_000, 0.3, 1)
    election.write_pack(nation, folder / "pack", k=1, every=1)
    return folder / "results.csv", election.write_results(nation, folder / "results.csv")


def _bounds(sizes: Sizes) -> Iterator[Row]:
    findings = [_finding(number) for number in range(sizes.bounded)]
    with spent() as gathering:
        excesses = Excesses.of(findings)
    with spent() as took:
        for values, left in ((BUDGETS, excesses.against), (CAPS, excesses.capped), (RATES, excesses.rated)):
            for value in values:
                left(value)
    rows = len(BUDGETS) + len(CAPS) + len(RATES)
    yield Row(f"{rows} bounds, {sizes.bounded:,} stations", took.cpu * 1e3, "ms CPU", "limit", 50.0, "≤ 1")
    yield Row("  taken from the findings", gathering.cpu * 1e3, "ms CPU")


def _finding(number: int) -> Finding:
    excess = 1 + number * 7919 % 400
    options = {"a": {"p": 500, "v": 500 - excess, "v_low": 0, "e": excess, "status": "twice"}}
    return Finding(
        Rule.C1, Grade.PROVEN, "c", "", str(number), "s", "confirmed", excess, {"K": excess, "options": options}, (), ()
    )


def _pack(sizes: Sizes, folder: Path) -> Iterator[Row]:
    election.write_pack(make(sizes.bounded, sizes.bounded * 100, 0, 1), folder, k=1, every=1)
    with spent() as took:
        stations = len(load(folder).stations)
    limit = stations / 1e6 * 10
    yield Row(f"load a pack, {stations:,} stations", took.cpu, "s CPU", "limit", limit, "≤ 1")


def _golos(*arguments: object) -> None:
    done = subprocess.run([sys.executable, "-m", "golos", *map(str, arguments)], check=False, capture_output=True)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
