"""golos evidence, cohorts: how strong the citizens' evidence is, and what could undo it."""

import sys
from pathlib import Path

import msgspec
from cyclopts import App
from rich.console import Console
from rich.table import Table

from golos.count.compare import compare
from golos.count.evidence.cohorts import cohort_study
from golos.count.evidence.result import Result
from golos.count.evidence.statements import sides, statements
from golos.count.recount import recount
from golos.doors.cli.office import Offices


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""

    @app.command(name="evidence")
    def evidence_(folder: Path, *, alpha: float = 0.05, json: bool = False) -> None:
        """Say how strong the evidence in FOLDER is: many stations at once, self-selection, power.

        Parameters
        ----------
        folder: the election's folder
        alpha: 0.05 means a confidence of 95 %
        json: print one JSON object, by contest and method
        """
        found = {side.contest: statements(side, alpha) for side in sides(compare(recount(offices.open(folder).log())))}
        if json:
            told = {contest: {name: r.told() for name, r in results.items()} for contest, results in found.items()}
            sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        else:
            _show(found, console)

    @app.command(name="cohorts")
    def cohorts_(folder: Path, *, price: float | None = None, json: bool = False) -> None:
        """Recount FOLDER for those registered up to each week, and say what faking each claim would cost.

        Parameters
        ----------
        folder: the election's folder
        price: what one registered phone number costs, in any currency
        json: print one JSON object
        """
        result = cohort_study(offices.open(folder).log(), price)
        if json:
            sys.stdout.write(msgspec.json.encode(result.told()).decode() + "\n")
        else:
            _weeks(result, console)


def _show(found: dict[str, dict[str, Result]], console: Console) -> None:
    table = Table("contest", "method", "grade", "why")
    for contest, results in found.items():
        for name, result in results.items():
            table.add_row(contest, name, result.grade.value, result.reason)
    console.print(table)


def _weeks(result: Result, console: Console) -> None:
    table = Table("registered up to", "tokens", "voted", "contradicted stations", "votes", title="By week")
    for week in result.numbers["weeks"]:
        for told in week["contests"].values():
            c1 = told["c1"] if told else {"stations": 0, "votes": 0}
            table.add_row(
                f"{week['cohort']} ({week['starts']})",
                f"{week['issued']:,}",
                f"{week['redeemed']:,}",
                f"{c1['stations']:,}",
                f"{c1['votes']:,}",
            )
    console.print(table)
    console.print(result.reason + ".", markup=False)
