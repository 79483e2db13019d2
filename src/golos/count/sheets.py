"""Sheet: an imported table as the count reads it, and what a list of them says."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from golos.count.count import (
    FIRST,
    OBSERVERS,
    OWN,
    REISSUED,
    Announcement,
    Count,
    DoorCount,
    Version,
    Votes,
    column_ids,
)
from golos.count.figures import Figures, number, read_figures, read_rows
from golos.count.tree import Tree
from golos.model.entry import Table
from golos.model.pack import Pack
from golos.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Sheet:
    """A Table entry and its rows (docs/formats.md, Table rows). Sheets stand in the order of the log."""

    source: str
    kind: str
    tier: str
    contest: str
    readings: int
    authority: bool
    rows: bytes

    @classmethod
    def of(cls, entry: Table, rows: bytes) -> "Sheet":
        """Return the sheet of a Table entry, whose rows these are."""
        return cls(entry.source, entry.kind, entry.tier, entry.contest, entry.readings, entry.authority, rows)

    @property
    def evidence(self) -> str:
        """Name the published table."""
        return f"table:{hashlib.sha256(self.rows).hexdigest()}"


def count_tables(pack: Pack, sheets: Sequence[Sheet], announcements: Sequence[Announcement] = ()) -> Count:
    """Count imported tables and announcements alone: an election without ballots of its own."""
    tree = Tree.of(pack)
    newest = newest_sheets(pack, sheets)
    return Count(
        pack=pack,
        tree=tree,
        votes=tuple(votes_of_sheets(pack, tree, newest)),
        versions=tuple(versions_of_sheets(pack, tree, newest)),
        doors=tuple(doors_of_sheets(pack, tree, newest)),
        announcements=tuple(announcements),
    )


def newest_sheets(pack: Pack, sheets: Sequence[Sheet]) -> list[Sheet]:
    """Keep the newest sheet of each source, kind, tier and contest.

    None in a cancelled election, of a contest that the pack lacks, or of a source that is the count's own.
    """
    kept: dict[tuple[str, str, str, str], Sheet] = {}
    for sheet in sheets:
        if sheet.contest in pack.contest_ids and not is_reserved(sheet.source) and not pack.cancelled:
            kept[sheet.source, sheet.kind, sheet.tier, sheet.contest] = sheet
    return list(kept.values())


def is_reserved(source: str) -> bool:
    """Say whether a source's name is the count's own, so that no table can stand in for ballots or observers."""
    return source in (OWN, REISSUED, FIRST) or source.startswith(OBSERVERS)


def votes_of_sheets(pack: Pack, tree: Tree, sheets: Sequence[Sheet]) -> Iterator[Votes]:
    """Yield the citizens' tallies."""
    for sheet in sheets:
        figures = _figures(pack, tree, sheet) if sheet.kind == "citizens" and sheet.tier else None
        if figures is not None:
            yield Votes(sheet.source, sheet.tier, sheet.contest, figures, sheet.evidence)


def versions_of_sheets(pack: Pack, tree: Tree, sheets: Sequence[Sheet]) -> Iterator[Version]:
    """Yield the versions of the stations' protocols."""
    for sheet in sheets:
        figures = _figures(pack, tree, sheet) if sheet.kind == "protocol" else None
        if figures is not None:
            yield Version(sheet.source, sheet.contest, sheet.readings, sheet.authority, figures, sheet.evidence)


def doors_of_sheets(pack: Pack, tree: Tree, sheets: Sequence[Sheet]) -> Iterator[DoorCount]:
    """Yield the counts of voters; of several at one station and line the most cautious one (docs/counting.md, C3)."""
    lines = {line.id for line in pack.lines}
    for sheet in sheets:
        if sheet.kind != "turnout":
            continue
        best: dict[tuple[int, str], DoorCount] = {}
        for row in _rows(sheet.rows):
            station, line, voters = tree.index.get(row["area"]), row["line"], number(row["voters"])
            if station is None or line not in lines or voters < 0:
                continue
            double = max(number(row["double_count"]), 0)
            new = DoorCount(
                sheet.source, sheet.contest, station, line, voters, double, row["organisation"], sheet.evidence
            )
            old = best.get((station, line))
            if old is None or _caution(new) > _caution(old):
                best[station, line] = new
        yield from best.values()


def _caution(door: DoorCount) -> tuple[int, int]:
    return door.voters + door.double_count, door.voters


def _figures(pack: Pack, tree: Tree, sheet: Sheet) -> Figures | None:
    """Return the figures of a table of stations, None if its rows are malformed: such a table does not count."""
    try:
        return read_figures(sheet.rows, tree.index, column_ids(pack, sheet.contest))
    except Problem:
        return None


def _rows(rows: bytes) -> list[Mapping[str, str]]:
    """Return the rows of a table of turnouts, none if they are malformed."""
    try:
        header, body = read_rows(rows)
    except Problem:
        return []
    if not {"line", "voters", "double_count", "organisation"} <= set(header):
        return []
    return [dict(zip(header, row, strict=True)) for row in body]
