"""golos election new, check, stations: making the pack of an election. It needs no founded election."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from golos.desk.machine import machine_of
from golos.intake.pack import check as check_pack
from golos.intake.pack import read_folder, write_folder
from golos.intake.places import make_places, parse_stations_map
from golos.intake.skeleton import skeleton
from golos.model.mistake import Mistake, Notes
from golos.model.pack import Pack
from golos.model.pack_election import parse_election
from golos.model.problem import Problem

Map = Annotated[Path, Parameter(name="--map")]


def register(app: App, console: Console) -> None:
    """Add the commands to ``app``."""
    election = App(name="election", help="Make and check the pack of an election.")
    app.command(election)

    @election.command
    def new(folder: Path) -> None:
        """Write a commented skeleton of a pack into FOLDER.

        Parameters
        ----------
        folder: where the pack is to be; files that are there are never overwritten
        """
        write_folder(folder, skeleton())
        _say(console, f"Wrote {', '.join(skeleton())} to {folder}.")
        _say(console, f"Edit them, then: golos election check {folder}")

    @election.command
    def check(folder: Path) -> None:
        """Name every mistake of the pack in FOLDER with file, line and column; exit with 1 if there is any.

        Parameters
        ----------
        folder: the folder that holds election.toml
        """
        pack, found = check_pack(read_folder(folder))
        _report(console, pack, found)
        if pack is None:
            sys.exit(1)
        machine_of(pack, folder)  # raises Problem where the pack's form is none of its own

    @election.command
    def stations(file: Path, folder: Path, *, mapping: Map, replace: bool = False) -> None:
        """Make areas.csv and stations.csv of the pack in FOLDER from somebody's list of stations.

        Parameters
        ----------
        file: CSV (plain or .gz) or Parquet, one row per station
        folder: the folder that holds election.toml
        mapping: says which column is what, in its [stations] (docs/election-pack.md)
        replace: overwrite the areas.csv and stations.csv that are there
        """
        languages = _languages(folder)
        if not mapping.is_file():
            raise Problem("mapping.file", str(mapping), "is no file.", "Name the mapping with --map.")
        made = make_places(file, parse_stations_map(mapping.read_bytes(), languages, str(mapping)), languages)
        write_folder(folder, made, replace=replace)
        _say(console, f"Wrote {', '.join(made)} to {folder}.")
        _report(console, *check_pack(read_folder(folder)))


def _languages(folder: Path) -> tuple[str, ...]:
    """Return the election's languages. Raises Problem ``pack.mistakes`` if election.toml does not say them."""
    notes, file = Notes(), folder / "election.toml"
    if not file.is_file():
        raise Problem("pack.folder", str(folder), "holds no election.toml.", "Begin with `golos election new`.")
    election = parse_election(file.read_bytes(), [], notes)
    if election is None or not election.languages:
        raise Problem("pack.mistakes", str(file), "has to name the languages.", "See `golos election check`.")
    return election.languages


def _report(console: Console, pack: Pack | None, found: list[Mistake]) -> None:
    for mistake in found:
        _say(console, str(mistake))
    mistakes = sum(mistake.level == "mistake" for mistake in found)
    count = f"{_number(mistakes, 'mistake')}, {_number(len(found) - mistakes, 'warning')}"
    if pack is None:
        _say(console, f"{count}: the pack can't be used.")
        return
    held = [(pack.contests, "contest"), (pack.areas, "area"), (pack.stations, "station")]
    _say(console, f"{count}. {', '.join(_number(len(what), name) for what, name in held)}.")
    _say(console, f"Election {pack.id.hex()[:8]}, as the pack stands now.")


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _say(console: Console, text: str) -> None:
    # A place like [[contest]] must not be taken for markup, nor a line broken where an editor looks for file:line.
    console.print(text, markup=False, highlight=False, soft_wrap=True)
