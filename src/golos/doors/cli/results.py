"""golos count, compare, publish, verify: from the log to numbers, findings and a folder that strangers can check."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
from cyclopts import App
from rich.console import Console
from rich.table import Table

from golos.count.compare import Comparison, compare
from golos.count.recount import recount
from golos.doors.cli.office import Offices
from golos.model.finding import Finding, Grade
from golos.publish.publication import publish


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""

    @app.command
    def count(folder: Path) -> None:
        """Count the election in FOLDER from its log: what became of the ballots, votes by tier, coverage."""
        found = recount(offices.open(folder).log())
        table = Table("ballots", "number", title=f"Election {found.pack.id.hex()[:8]}, {found.size:,} entries")
        for name, number in _fields(found.ballots):
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
            sys.stdout.write(msgspec.json.encode(_as_json(comparison)).decode() + "\n")
        else:
            show(comparison, console)

    @app.command(name="publish")
    def publish_(folder: Path, *, out: Path) -> None:
        """Write the site, the open data and the mirror of the log to OUT, signed."""
        office = offices.open(folder)
        log = office.log()
        found = recount(log)
        publish(log, found, compare(found), office.head().checkpoint, office.keys.signer("publisher"), out)
        console.print(f"Published {found.size:,} entries to {out}. Check it: golos verify {out}")

    @app.command
    def verify(folder: Path, *, election: str = "") -> None:
        """Run the independent verifier over a published FOLDER; ELECTION is the id that you know from elsewhere."""
        arguments = [str(folder), *(["--election", election] if election else [])]
        sys.exit(subprocess.run([sys.executable, _verifier(), *arguments], check=False).returncode)


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
    console.print(
        f"{contest}, {source}: photographs exceed the protocol at {c1['stations']:,} stations by {c1['votes']:,} votes, "
        f"of {below['stations_with_protocol'][contest]:,} stations with a protocol and {below['stations']:,} in all; "
        f"proven at {proven[0]:,} by {proven[1]:,} votes."
    )


def _as_json(comparison: Comparison) -> dict[str, Any]:
    return {"summary": comparison.summary, "findings": [_finding(finding) for finding in comparison.findings]}


def _finding(finding: Finding) -> dict[str, object]:
    return dict(_fields(finding))


def _fields(value: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(value, name)) for name in value.__dataclass_fields__]


def _verifier() -> str:
    """Return the verifier's file: beside the package in a wheel, in verify/ of a checkout."""
    package = Path(__file__).parents[2]
    packed = package / "_verify" / "golos_verify.py"
    return str(packed if packed.exists() else package.parents[1] / "verify" / "golos_verify.py")
