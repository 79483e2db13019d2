"""golos count, compare, publish, verify: from the log to numbers, findings and a folder that strangers can check."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
from cyclopts import App
from rich.console import Console
from rich.table import Table

from golos.count.compare import Comparison, compare
from golos.count.recount import recount
from golos.doors.cli.office import Office, Offices
from golos.model.finding import Grade
from golos.model.record import digest
from golos.publish.publication import Publication, publish


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""

    @app.command
    def count(folder: Path) -> None:
        """Count the election in FOLDER from its log: what became of the ballots, votes by tier, coverage."""
        found = recount(offices.open(folder).log())
        table = Table("ballots", "number", title=f"Election {found.pack.id.hex()[:8]}, {found.size:,} entries")
        for name, number in asdict(found.ballots).items():
            table.add_row(name, f"{number:,}")
        console.print(table)

    @app.command(name="compare")
    def compare_(folder: Path, *, protocols: str = "", json: bool = False) -> None:
        """Compare the citizens' count with what was announced.

        Parameters
        ----------
        folder: the election's folder
        protocols: use only these sources of protocols, separated by commas
        json: print one JSON object instead of tables
        """
        comparison = compare(recount(offices.open(folder).log()), protocols.split(",") if protocols else None)
        if json:
            sys.stdout.write(
                msgspec.json.encode({"summary": comparison.summary, "findings": comparison.findings}).decode() + "\n"
            )
        else:
            show(comparison, console)

    @app.command(name="publish")
    def publish_(folder: Path, *, out: Path) -> None:
        """Write the site, the open data and the mirror of the log to OUT, signed."""
        office = offices.open(folder)
        _, done = publish_election(office, out)
        console.print(f"Published {done.files:,} files to {out}. Check it: golos verify {out}")

    @app.command
    def verify(folder: Path, *, election: str = "") -> None:
        """Run the independent verifier over a published FOLDER; ELECTION is the id that you know from elsewhere."""
        arguments = [str(folder), *(["--election", election] if election else [])]
        sys.exit(subprocess.run([sys.executable, verifier(), *arguments], check=False).returncode)


def publish_election(office: Office, out: Path, *, pages: bool = True) -> tuple[Comparison, Publication]:
    """Count and compare the election, and write the published folder; ``pages``: with the site."""
    log, files = office.log(), office.pack_files()
    leaves = [digest(record) for record in log.records if record is not None]
    comparison = compare(recount(log))
    signer = office.keys.signer("publisher")
    return comparison, publish(log, comparison, leaves, office.head().checkpoint, files, signer, out, pages=pages)


def show(comparison: Comparison, console: Console) -> None:
    """Print the findings by rule and grade, and the headline."""
    table = Table("rule", *(grade.value for grade in Grade if grade in _FOUND), title="Findings")
    for rule in sorted({finding.rule for finding in comparison.findings}):
        of_rule = [finding for finding in comparison.findings if finding.rule == rule]
        table.add_row(rule, *(str(sum(f.grade is grade for f in of_rule)) for grade in _FOUND))
    console.print(table)
    summary = comparison.summary
    for contest, told in summary["contests"].items():
        for source, numbers in told["sources"].items():
            _headline(console, contest, source, numbers, summary["denominators"])


_FOUND = (Grade.PROVEN, Grade.STRONG, Grade.SUSPICIOUS)


def _headline(console: Console, contest: str, source: str, numbers: dict[str, Any], below: dict[str, Any]) -> None:
    c1 = numbers["c1"]
    proven = c1["by_grade"].get("proven", [0, 0])
    with_protocol, stations = below["stations_with_protocol"][contest], below["stations"]
    console.print(
        f"{contest}, {source}: photographs exceed the protocol at {c1['stations']:,} stations by {c1['votes']:,} votes "
        f"(of {with_protocol:,} stations with a protocol, of {stations:,} in all); "
        f"proven at {proven[0]:,} by {proven[1]:,} votes."
    )


def verifier() -> str:
    """Return the verifier's file: beside the package in a wheel, in verify/ of a checkout."""
    package = Path(__file__).parents[2]
    packed = package / "_verify" / "golos_verify.py"
    return str(packed if packed.exists() else package.parents[1] / "verify" / "golos_verify.py")
