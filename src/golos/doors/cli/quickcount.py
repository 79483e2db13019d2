"""golos quickcount: a sample of stations drawn before the vote, and the one estimate that Golos ever states."""

import csv
import hashlib
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from cyclopts import App
from rich.console import Console

from golos.count.evidence.quickcount import Stratum, allocate, needed, quick_count
from golos.count.evidence.sampling import checkpoint_seed, dice_seed, draw
from golos.count.figures import NONE, number
from golos.count.tree import Tree
from golos.doors.cli.office import Office, Offices
from golos.doors.cli.report import Code, form_of, write
from golos.model.problem import Problem
from golos.publish import language as languages
from golos.report.quick import on_quick_count
from golos.report.voice import Phrases

_COLUMNS = ("stratum", "units", "unit", "station", "registered", "valid", "votes")


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""
    quick = App(name="quickcount", help="Estimate a result from stations that were drawn before the vote.")
    app.command(quick)

    @quick.command(name="plan")
    def plan_(*, stations: int, half_width: float, spread: float, alpha: float = 0.05) -> None:
        """Print how many stations a simple sample needs.

        Parameters
        ----------
        stations: how many there are
        half_width: of the interval: 0.01 is a percentage point
        spread: sd(votes - share x valid) / mean(valid) by station in a past election
        alpha: 0.05 means a confidence of 95 %
        """
        if not (0 < half_width < 1 and 0 < alpha < 1 and spread > 0 and stations > 0):
            raise Problem("quickcount.plan", "plan", "needs numbers above 0, shares below 1.", "See --help.")
        console.print(f"{needed(half_width, alpha, stations, spread):,} of {stations:,} stations", highlight=False)

    @quick.command(name="draw")
    def draw_(
        folder: Path,
        *,
        sample: int,
        dice: str = "",
        by: Literal["nation", "region"] = "nation",
        unit: Literal["station", "area"] = "station",
        out: Path | None = None,
    ) -> None:
        """Draw the stations of FOLDER's pack; without dice by the log's newest checkpoint. Do it before the vote.

        Parameters
        ----------
        folder: the election's folder
        sample: how many units
        dice: at least 20 digits, thrown in public after the pack was signed
        by: nation for one sample, region for a stratum each, in proportion
        unit: station, or area for whole areas of the lowest level (clusters)
        out: where to write the sample (default: the screen)
        """
        office = offices.open(folder)
        seed = dice_seed(dice) if dice else _newest(office)
        rows = _drawn(Tree.of(office.pack), by, unit, seed, office.pack.id.hex(), sample)
        with out.open("w", encoding="utf-8", newline="") if out else nullcontext(sys.stdout) as text:
            text.write(f"# golos quick count sample v1 seed={seed}\n")
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(_COLUMNS)
            writer.writerows(rows)

    @quick.command(name="estimate")
    def estimate_(
        file: Path,
        *,
        alpha: float = 0.05,
        announced: float | None = None,
        json: bool = False,
        report: Path | None = None,
        title: str = "",
        language: Code = "en",
    ) -> None:
        """Estimate the share from the sample FILE with the columns registered, valid and votes filled in.

        A drawn station without a report stays in the file: valid and votes blank, registered voters known.

        Parameters
        ----------
        file: what `golos quickcount draw` wrote, filled in
        alpha: 0.05 means a confidence of 95 %
        announced: the announced share, 0 to 1, to hold against the interval
        json: print one JSON object
        report: a page that ends in .pdf or .html: the estimate, its interval, the design, the method
        title: of that page: the election and the option
        language: of that page: be, ru or en
        """
        if report is not None:
            form_of(report)
        if not 0 < alpha < 1:
            raise Problem("quickcount.alpha", "--alpha", "has to lie between 0 and 1.", "0.05 is 95 %.")
        if not file.is_file():
            raise Problem("quickcount.file", str(file), "is no file.", "Name the sample, filled in.")
        data = file.read_bytes()
        strata, seed = _strata(data, str(file))
        result = quick_count(strata, alpha, announced, hashlib.sha256(data).hexdigest(), seed)
        if report is not None:
            phrases = Phrases(languages.load(language))
            write(on_quick_count(title or file.stem, result, strata, phrases), report)
        if json:
            sys.stdout.write(msgspec.json.encode(result.told()).decode() + "\n")
        else:
            low, high = result.numbers["interval_with_missing"]
            share, confidence = result.numbers["share"], result.numbers["confidence"]
            text = (
                f"{share:.2%}, between {low:.2%} and {high:.2%} whatever the missing stations hold ({confidence:.0%})"
            )
            console.print(f"{text}. {result.grade}: {result.reason}.", markup=False, highlight=False)


def _newest(office: Office) -> str:
    head = office.head()
    return checkpoint_seed(office.pack.id.hex(), head.size, head.root)


def _drawn(tree: Tree, by: str, unit: str, seed: str, digest: str, sample: int) -> list[tuple[object, ...]]:
    """Return the rows of the sample: every station of each drawn unit."""
    strata: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for at, station in enumerate(tree.stations):
        stratum = tree.areas[tree.regions[at]] if by == "region" else ""
        strata[stratum][station if unit == "station" else tree.areas[tree.area_of[at]]].append(station)
    names = sorted(strata)
    rows: list[tuple[object, ...]] = []
    for name, size in zip(names, allocate(sample, [len(strata[name]) for name in names]), strict=True):
        units = sorted(strata[name])
        for place in sorted(draw(f"{seed}\n{name}", digest, len(units), size)):
            drawn = units[place - 1]
            rows += [(name, len(units), drawn, station, "", "", "") for station in sorted(strata[name][drawn])]
    return rows


def _strata(data: bytes, what: str) -> tuple[list[Stratum], str]:
    """Return the strata in a filled sample, and its seed. Raises Problem ``quickcount.sample`` with the line."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise Problem("quickcount.sample", what, "is not UTF-8.", "Save it as UTF-8.") from error
    seed = next((line.partition("seed=")[2] for line in lines if line.startswith("#")), "")
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    if not rows or set(_COLUMNS) - set(rows[0]):
        raise Problem("quickcount.sample", what, f"has not the columns {', '.join(_COLUMNS)}.", "Keep its header.")
    strata: dict[tuple[str, int], dict[str, list[tuple[int, int, int]]]] = defaultdict(lambda: defaultdict(list))
    for at, row in enumerate(rows, 1):
        units, registered, valid, votes = (
            number((row[c] or "").strip()) for c in ("units", "registered", "valid", "votes")
        )
        if (
            units < 1
            or (NONE in (valid, votes) and registered < 0)
            or (NONE not in (valid, votes) and not 0 <= votes <= valid)
        ):
            problem = "needs units, votes of at most valid, and registered voters where there is no report."
            raise Problem("quickcount.sample", f"{what}: row {at}", problem, "Mend the row.")
        strata[row["stratum"] or "", units][row["unit"] or ""].append((registered, valid, votes))
    return [_stratum(units, list(found.values())) for (_, units), found in sorted(strata.items())], seed


def _stratum(units: int, found: Sequence[Sequence[tuple[int, int, int]]]) -> Stratum:
    """Return a stratum; a cluster of which any station is missing is missing as a whole, at its registered voters."""
    whole = [unit for unit in found if all(NONE not in row[1:] for row in unit)]
    rest = [unit for unit in found if any(NONE in row[1:] for row in unit)]
    return Stratum(
        units,
        y=np.array([sum(votes for _, _, votes in unit) for unit in whole], dtype=np.float64),
        x=np.array([sum(valid for _, valid, _ in unit) for unit in whole], dtype=np.float64),
        missing=np.array([sum(max(r, v, 0) for r, v, _ in unit) for unit in rest], dtype=np.float64),
    )
