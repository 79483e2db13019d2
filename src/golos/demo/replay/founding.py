"""Founding: the election of examples/belarus-2020 with keys of its own, and the mapping of its protocols alone."""

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import golos
from golos.ceremony import keys
from golos.ceremony.founding import grant
from golos.demo.replay.plan import Plan
from golos.model.problem import Problem
from golos.office import LocalOffice, LocalOffices

_EXAMPLE = Path(golos.__file__).parents[2] / "examples" / "belarus-2020"
_EVERY = 1
"""Seconds between checkpoints: several steps wait for one."""


def found(plan: Plan) -> None:
    """Make the election unless it is there; a crash on the way leaves none.

    Raises Problem ``replay.example`` without the example's files, ``replay.table`` with what the example says of the
    published tables if they can't be used.
    """
    if plan.election.exists():
        return
    draft = plan.folder / "election.part"
    shutil.rmtree(draft, ignore_errors=True)
    _build(plan.data, draft)
    with (draft / "pack" / "election.toml").open("a", encoding="utf-8") as policy:
        policy.write(f"checkpoint_every = {_EVERY}\n")
    monday = date.today() - timedelta(days=date.today().weekday())
    LocalOffices().found(draft, keys.Plan("golos.invalid/replay", 3, 2, monday, 1))
    office = LocalOffice(draft)
    office.write([grant(office.pack, office.keys.stewards(), "reader", key.public) for key in plan.readers()])
    draft.rename(plan.election)


def mappings(plan: Plan) -> list[tuple[Path, Path]]:
    """Return the files to import, each with its mapping: protocols and announcements, not the citizens' tables."""
    protocols = plan.election / "protocols.toml"
    protocols.write_text(_protocols((_EXAMPLE / "map.toml").read_text(encoding="utf-8")), encoding="utf-8")
    return [(plan.table, protocols), (plan.election / "official.csv", _EXAMPLE / "official-map.toml")]


def _build(data: Path, folder: Path) -> None:
    """Have the example write pack and official.csv."""
    if not _EXAMPLE.is_dir():
        raise Problem("replay.example", str(_EXAMPLE), "is not there.", "Replay in a checkout of the repository.")
    command = [sys.executable, str(_EXAMPLE / "belarus.py"), str(data), "--dir", str(folder), "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Problem("replay.table", str(data), done.stderr.strip(), "Name the folder of the published tables.")


def _protocols(mapping: str) -> str:
    """Leave the citizens' tables out of a mapping, in which a blank line ends each table."""
    return "\n\n".join(part for part in mapping.split("\n\n") if 'kind = "citizens"' not in part)
