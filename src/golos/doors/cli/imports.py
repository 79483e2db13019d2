"""golos import: bring a file of tallies, protocols or announced results into an election."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table as Grid

from golos.doors.cli.office import Office, Offices
from golos.intake.importing import Origin, official_records, table_records
from golos.intake.mapping import parse_mapping
from golos.intake.official import read_officials
from golos.intake.rows import Reject
from golos.intake.table import ImportedTable, read_tables
from golos.model.entry import Official
from golos.model.problem import Problem
from golos.ports import Positions

Map = Annotated[Path, Parameter(name="--map")]
To = Annotated[Path, Parameter(name="--to")]


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the command to ``app``."""

    @app.command(name="import")
    def import_(file: Path, *, mapping: Map, to: To, rejects: Path | None = None) -> None:
        """Bring FILE into the election by a mapping; what can't be placed is listed, the rest is kept.

        The same file a second time changes nothing; a corrected file replaces it in the count.

        Parameters
        ----------
        file: CSV (plain or .gz) or Parquet
        mapping: which column is which option and line (docs/election-pack.md)
        to: the election's folder
        rejects: where to list what was not taken (default: FILE.rejects.csv in the current folder)
        """
        for needed in (file, mapping):
            if not needed.is_file():
                raise Problem("import.file", str(needed), "is no file.", "Name a file that is there.")
        office = offices.open(to)
        asked = parse_mapping(mapping.read_bytes(), office.pack, str(mapping))
        tables = read_tables(file, asked, office.pack)
        officials, refused = read_officials(file, asked, office.pack)
        origin = Origin.of(file.read_bytes(), mapping.read_bytes())
        new = _admit(office, tables, officials, origin)
        _show(console, tables, officials, new)
        listed = sorted({*refused, *(r for table in tables for r in table.rejects)}, key=lambda r: (r.line, r.column))
        _list_rejects(console, rejects or Path(f"{file.name}.rejects.csv"), listed)


def _admit(
    office: Office, tables: Sequence[ImportedTable], officials: Sequence[Official], origin: Origin
) -> list[bool]:
    """Write what the log does not hold yet; return for each table, then each announcement, whether it was new."""
    clerk = office.keys.signing("clerk")
    records = [*table_records(tables, origin, office.pack, clerk), *official_records(officials, clerk)]
    wanted = set(records)
    there = {row.record for row in office.journal.read(Positions(0, office.head().size)) if row.record in wanted}
    new = [record not in there for record in records]
    if any(new):
        blobs = [table.rows for table, is_new in zip(tables, new, strict=False) if is_new]
        office.write([record for record, is_new in zip(records, new, strict=True) if is_new], blobs)
    return new


def _show(
    console: Console, tables: Sequence[ImportedTable], officials: Sequence[Official], new: Sequence[bool]
) -> None:
    grid = Grid("source", "kind", "contest", "stations", "not taken", "")
    for table, is_new in zip(tables, new, strict=False):
        kind = f"{table.map.kind} {table.map.tier}".strip()
        grid.add_row(
            table.map.source, kind, table.map.contest, f"{table.stations:,}", f"{len(table.rejects):,}", _state(is_new)
        )
    for official, is_new in zip(officials, new[len(tables) :], strict=True):
        grid.add_row(official.source, f"announced, {official.area}", official.contest, "", "", _state(is_new))
    console.print(grid)


def _state(is_new: bool) -> str:
    return "new" if is_new else "in the log already"


def _list_rejects(console: Console, file: Path, rejects: Sequence[Reject]) -> None:
    """Write the rejects; a list left by an earlier run is brought up to date even if there are none now."""
    if rejects or file.exists():
        _write(file, rejects)
    if rejects:
        console.print(f"{len(rejects):,} rows or cells were not taken; {file} lists them with reasons.", markup=False)


def _write(file: Path, rejects: Iterable[Reject]) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["line", "column", "value", "reason"])
        writer.writerows((r.line, r.column, r.value, r.reason) for r in rejects)
