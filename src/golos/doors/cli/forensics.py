"""golos forensics: what a table of official station results shows by itself, beside a clean control."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from golos.count.evidence.result import Result
from golos.count.forensics.plots import plots
from golos.count.forensics.returns import Returns
from golos.count.forensics.study import studies
from golos.doors.cli.report import Code, form_of, read_table, write
from golos.model.problem import Problem
from golos.publish import language as languages
from golos.report.reports import Studied, on_figures
from golos.report.voice import Phrases

Map = Annotated[Path, Parameter(name="--map")]


def register(app: App, console: Console) -> None:
    """Add the command to ``app``."""

    @app.command(name="forensics")
    def forensics_(
        file: Path,
        *,
        mapping: Map,
        json: bool = False,
        out: Path | None = None,
        control: Path | None = None,
        control_map: Path | None = None,
        report: Path | None = None,
        language: Code = "en",
    ) -> None:
        """Look for what honest counting does not make in FILE, a table of official results by station.

        Parameters
        ----------
        file: CSV (plain or .gz) or Parquet
        mapping: which column is what (docs/analyst.md)
        json: print one JSON object
        out: a folder for the plots as SVG; needs the control
        control: the same kind of table of a clean election, to stand beside every plot
        control_map: its mapping
        report: a file that ends in .pdf or .html, for all of it as a document
        language: of that document: be, ru or en
        """
        returns = read_table(file, mapping)
        clean = read_table(control, control_map) if control is not None else None
        if report is not None:
            form_of(report)
        if out is not None:
            if clean is None:
                problem = "is missing: no plot is drawn without a clean election beside it."
                raise Problem("forensics.control", "--control", problem, "Name its table and --control-map.")
            _draw(returns, clean, out, console if not json else None)
        results, of_control = studies(returns, clean if report else None)
        if report is not None:
            beside = (clean, of_control) if clean is not None and of_control is not None else None
            write(on_figures(Studied(returns, results, beside), Phrases(languages.load(language))), report)
        if json:
            told = {"title": returns.title, "input": returns.digest, "stations": returns.stations}
            told |= {name: result.told() for name, result in results.items()}
            sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        else:
            _show(returns, results, console)


def _draw(returns: Returns, control: Returns, out: Path, console: Console | None) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for drawn in plots(returns, control):
        (out / f"{drawn.name}.svg").write_text(drawn.svg, encoding="utf-8")
    if console:
        console.print(f"Plots are in {out}.", markup=False)


def _show(returns: Returns, results: dict[str, Result], console: Console) -> None:
    table = Table("method", "grade", "why", "rows", title=f"{returns.title}: {returns.stations:,} stations")
    for name, result in results.items():
        table.add_row(name, result.grade.value, result.reason, f"{result.rows.used:,}")
    console.print(table)
    console.print("No method here says anything about one station.")
