"""golos count, compare, publish, verify: from the log to numbers, findings and a folder that strangers can check."""

import hashlib
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
from cyclopts import App
from rich.console import Console
from rich.table import Table

from golos.count.compare import Comparison, compare
from golos.count.count import ORDER, Count
from golos.count.known import Known
from golos.count.recount import recount
from golos.count.summary import total
from golos.count.tiers import bound_alone
from golos.doors.cli.office import Office, Offices
from golos.model.finding import Grade
from golos.model.problem import Problem
from golos.model.record import digest
from golos.publish.publication import Publication, publish

KNOWN = "known"
"""The file of an election's folder that holds what was verified (`golos.count.known`); it may be deleted."""


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""

    @app.command
    def count(folder: Path) -> None:
        """Count FOLDER, an election's or a published one, from its log: what became of the ballots, votes by tier."""
        found = recount(offices.log(folder))
        table = Table("ballots", "number", title=f"Election {found.pack.id.hex()[:8]}, {found.size:,} entries")
        for name, number in asdict(found.ballots).items():
            table.add_row(name, f"{number:,}")
        console.print(table)
        console.print(_tiers(found))

    @app.command(name="compare")
    def compare_(folder: Path, *, protocols: str = "", bound: bool = False, json: bool = False) -> None:
        """Compare the citizens' count with what was announced.

        Parameters
        ----------
        folder: the election's folder
        protocols: use only these sources of protocols, separated by commas
        bound: as if, of the citizens' ballots, only the photographs that show their sender's code were confirmed
        json: print one JSON object instead of tables
        """
        found = recount(offices.log(folder))
        if bound and not found.pack.policy.binding:
            told = "asks for no code beside the ballot."
            raise Problem("compare.bound", "policy.binding", told, "Compare without --bound: no photograph is bound.")
        comparison = compare(bound_alone(found) if bound else found, protocols.split(",") if protocols else None)
        if json:
            sys.stdout.write(
                msgspec.json.encode({"summary": comparison.summary, "findings": comparison.findings}).decode() + "\n"
            )
        else:
            show(comparison, console)

    @app.command(name="publish")
    def publish_(folder: Path, *, out: Path) -> None:
        """Write the site, the open data and the mirror of the log to OUT, signed; again, only what has changed."""
        office = offices.open(folder)
        _, done = publish_election(office, out)
        console.print(
            f"Published {done.files:,} files, {done.changed:,} of them new or changed, to {out}. "
            f"Check it: golos verify {out}"
        )

    @app.command
    def verify(folder: Path, *, election: str = "", page: str = "") -> None:
        """Run the independent verifier over a published folder.

        Parameters
        ----------
        folder: the published folder
        election: the election's id as you know it from elsewhere
        page: check this one file alone, say en/index.html
        """
        arguments = ["page", str(folder), page] if page else [str(folder)]
        arguments += ["--election", election] if election else []
        sys.exit(subprocess.run([sys.executable, verifier(), *arguments], check=False).returncode)


def _tiers(count: Count) -> Table:
    tiers = [tier for tier in ORDER if any(v.tier == tier for v in count.votes)]
    table = Table("source", "contest", *tiers, title="Votes by tier: the tiers nest and are never added up")
    for source, contest in sorted({(v.source, v.contest) for v in count.votes}):
        votes = (total(count, contest, source, tier) for tier in tiers)
        table.add_row(source, contest, *("" if number is None else f"{number:,}" for number in votes))
    return table


def publish_election(office: Office, out: Path, *, pages: bool = True) -> tuple[Comparison, Publication]:
    """Count and compare the election, and write the published folder; ``pages``: with the site.

    What was verified is kept in the election's folder, so that the next time only what is new is verified.
    """
    signer = office.keys.signer("publisher")
    kept, key = office.folder / KNOWN, hashlib.sha256(b"golos/known/v1\n" + signer.skey().encode()).digest()
    log, files = office.log(), office.pack_files()
    known = Known(log.pack, kept.read_bytes() if kept.is_file() else b"", key)
    leaves = [digest(record) for record in log.records if record is not None]
    comparison = compare(recount(replace(log, known=known)))
    if known.new:
        _keep(kept, known.kept(key))
    return comparison, publish(log, comparison, leaves, office.head().checkpoint, files, signer, out, pages=pages)


def _keep(file: Path, data: bytes) -> None:
    """Write a file whole, or leave the old one; it says nothing of when."""
    draft = file.with_name(f"{file.name}.new")
    draft.write_bytes(data)
    os.utime(draft, (0, 0))
    draft.replace(file)


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
            _headline(console, contest, source, numbers["c1"], summary["denominators"])
            if "c1_bound" in numbers:
                _headline(console, contest, f"{source}, bound alone", numbers["c1_bound"], summary["denominators"])


_FOUND = (Grade.PROVEN, Grade.STRONG, Grade.SUSPICIOUS)


def _headline(console: Console, contest: str, source: str, c1: dict[str, Any], below: dict[str, Any]) -> None:
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
