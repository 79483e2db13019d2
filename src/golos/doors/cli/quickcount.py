"""golos quickcount: a sample of stations drawn before the vote, and the one estimate that Golos ever states."""

import hashlib
import sys
from collections import defaultdict
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

import msgspec
from cyclopts import App
from rich.console import Console

from golos.count.evidence.quickcount import allocate, needed, quick_count
from golos.count.evidence.sampling import checkpoint_seed, dice_seed, draw
from golos.count.tree import Tree
from golos.doors.cli.office import Office, Offices
from golos.doors.cli.report import Code, form_of, write
from golos.doors.cli.sample import Sample, sample_record, written
from golos.model.problem import Problem
from golos.publish import language as languages
from golos.report.quick import on_quick_count
from golos.report.voice import Phrases


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
        log: str = "",
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
        log: a contest of the pack: make the sample an entry of the log, so that it is seen to be older than the votes
        by: nation for one sample, region for a stratum each, in proportion
        unit: station, or area for whole areas of the lowest level (clusters)
        out: where to write the sample (default: the screen)
        """
        office = offices.open(folder)
        seed = dice_seed(dice) if dice else _newest(office)
        rows = _drawn(Tree.of(office.pack), by, unit, seed, office.pack.id.hex(), sample)
        data = written(seed, rows)
        if log:
            _logged(office, log, seed, data, console)
        if out:
            out.write_bytes(data)
        else:
            sys.stdout.write(data.decode())

    @quick.command(name="estimate")
    def estimate_(
        file: Path,
        *,
        alpha: float = 0.05,
        announced: float | None = None,
        election: Path | None = None,
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
        election: an election's folder or a published one: say where its log holds the sample, or refuse
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
        sample = Sample.parse(data, str(file))
        strata = sample.strata()
        place = sample.place(offices.log(election)) if election else None
        result = quick_count(strata, alpha, announced, hashlib.sha256(data).hexdigest(), sample.seed)
        result = replace(result, numbers={**result.numbers, "logged": asdict(place) if place else None})
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
            if place:
                told = f"The sample is entry {place.leaf} of the log, after {place.ballots_before:,} ballots."
                console.print(told, highlight=False)


def _newest(office: Office) -> str:
    head = office.head()
    return checkpoint_seed(office.pack.id.hex(), head.size, head.root)


def _drawn(tree: Tree, by: str, unit: str, seed: str, digest: str, sample: int) -> list[tuple[object, ...]]:
    """Return stratum, units, unit and station for every station of each drawn unit."""
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
            rows += [(name, len(units), drawn, station) for station in sorted(strata[name][drawn])]
    return rows


def _logged(office: Office, contest: str, seed: str, data: bytes, console: Console) -> None:
    if contest not in office.pack.contest_ids:
        known = ", ".join(sorted(office.pack.contest_ids))
        raise Problem("quickcount.contest", "--log", f"names no contest of the pack: {known}.", "Name one of them.")
    office.write([sample_record(data, seed, contest, office.pack, office.keys.signing("clerk"))], [data])
    digest = hashlib.sha256(data).hexdigest()
    console.print(f"In the log, to be published as tables/{digest}.csv", highlight=False, soft_wrap=True)
