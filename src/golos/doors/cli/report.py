"""golos report: what was found in an election, as a document for the press and for courts."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console

from golos.count.compare import compare
from golos.count.evidence.cohorts import cohort_study
from golos.count.forensics.returns import Returns
from golos.count.forensics.study import studies
from golos.count.known import Known
from golos.count.recount import recount
from golos.doors.cli.office import Offices
from golos.intake.returns import parse_returns_map, read_returns
from golos.model.problem import Problem
from golos.publish import language as languages
from golos.publish.chart import atlas
from golos.publish.outlines import read_shapes
from golos.publish.results import Results
from golos.report.document import Document
from golos.report.paper import pdf
from golos.report.reports import EXHIBITS, Beside, Studied, on_election
from golos.report.screen import html

Code = Literal["be", "ru", "en"]
Map = Annotated[Path | None, Parameter(name="--map")]


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the command to ``app``."""

    @app.command(name="report")
    def report_(
        folder: Path,
        *,
        out: Path,
        language: Code = "en",
        exhibits: int = EXHIBITS,
        official: Path | None = None,
        mapping: Map = None,
        control: Path | None = None,
        control_map: Path | None = None,
    ) -> None:
        """Write what was found in FOLDER, an election's or a published one, to OUT: a page to be quoted, the findings
        by strength, what could undo them, methods, how to recompute it, and a page for each contradicted station.

        Parameters
        ----------
        folder: the election's folder, or a published one
        out: a file that ends in .pdf or .html
        language: be, ru or en
        exhibits: so many contradicted stations at most, the strongest, have a page
        official: a table of official results by station, for a chapter on them (docs/analyst.md)
        mapping: its mapping
        control: the same kind of table of a clean election, to stand beside every plot
        control_map: its mapping
        """
        form_of(out)
        studied = studied_of(official, mapping, control, control_map)
        log = offices.log(folder)
        log = replace(log, known=Known(log.pack))  # the cohorts are recounts: each signature is verified once
        results = Results.of(compare(recount(log)), log)
        chart = atlas(results, read_shapes(log.pack, offices.pack_files(folder)))
        own = any(cohort["redeemed"] for cohort in results.summary["cohorts"].values())
        beside = Beside(studied, cohort_study(log) if own else None, max(exhibits, 0))
        write(on_election(results, chart, languages.load(language), beside), out)
        console.print(f"The report is in {out}.", markup=False)


def studied_of(
    official: Path | None, mapping: Path | None, control: Path | None, control_map: Path | None
) -> Studied | None:
    """Return the study of a table beside that of its control, None where no table was named."""
    if official is None:
        return None
    returns = read_table(official, mapping)
    clean = read_table(control, control_map) if control is not None else None
    results, of_control = studies(returns, clean)
    return Studied(returns, results, (clean, of_control) if clean is not None and of_control is not None else None)


def read_table(file: Path, mapping: Path | None) -> Returns:
    """Return a table of official results by its mapping."""
    if mapping is None or not mapping.is_file():
        raise Problem("import.file", str(mapping or "--map"), "is no file.", "Name a mapping (docs/analyst.md).")
    return read_returns(file, parse_returns_map(mapping.read_bytes(), str(mapping)))


def form_of(out: Path) -> str:
    """Return the form that a file's name asks for. Raises Problem ``report.form`` for another than these two."""
    form = out.suffix.lower()
    if form not in (".pdf", ".html"):
        raise Problem("report.form", str(out), "is neither .pdf nor .html.", "Name the file so.")
    return form


def write(document: Document, out: Path) -> None:
    """Write a document in the form that its name asks for."""
    made = pdf(document) if form_of(out) == ".pdf" else html(document)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(made)
