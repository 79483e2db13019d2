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
from golos.count.forensics.study import study
from golos.intake.returns import parse_returns_map, read_returns
from golos.model.problem import Problem

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
        """
        returns = _read(file, mapping)
        if out is not None:
            if control is None or control_map is None:
                problem = "is missing: no plot is drawn without a clean election beside it."
                raise Problem("forensics.control", "--control", problem, "Name its table and --control-map.")
            _draw(returns, _read(control, control_map), out, console if not json else None)
        results = study(returns)
        if json:
            told = {"title": returns.title, "input": returns.digest, "stations": returns.stations}
            told |= {name: result.told() for name, result in results.items()}
            sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        else:
            _show(returns, results, console)


def _read(file: Path, mapping: Path) -> Returns:
    if not mapping.is_file():
        raise Problem("import.file", str(mapping), "is no file.", "Name a mapping (docs/analyst.md).")
    return read_returns(file, parse_returns_map(mapping.read_bytes(), str(mapping)))


def _draw(returns: Returns, control: Returns, out: Path, console: Console | None) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, svg in plots(returns, control):
        (out / f"{name}.svg").write_text(svg, encoding="utf-8")
    if console:
        console.print(f"Plots are in {out}.", markup=False)


def _show(returns: Returns, results: dict[str, Result], console: Console) -> None:
    table = Table("method", "grade", "why", "rows", title=f"{returns.title}: {returns.stations:,} stations")
    for name, result in results.items():
        table.add_row(name, result.grade.value, result.reason, f"{result.rows.used:,}")
    console.print(table)
    console.print("No method here says anything about one station.")
