"""What accredited observers copied and counted: versions of the protocols, and counts at the doors."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from golos.count.count import OBSERVERS, DoorCount, Version, column_ids
from golos.count.figures import LIMIT, NONE, Figures
from golos.count.log import Leaf
from golos.count.tiers import current_station
from golos.count.tree import Tree
from golos.model.entry import Protocol, Turnout
from golos.model.pack import Pack
from golos.model.record import digest


def source_of(organisation: bytes) -> str:
    """Return the source under which an organisation's observers stand."""
    return OBSERVERS + organisation.hex()[:8]


Copies = Mapping[str, Mapping[int, tuple[Leaf, Protocol]]]
"""The protocol that counts, by source and station."""


def protocol_versions(pack: Pack, tree: Tree, leaves: Iterable[Leaf]) -> Iterator[Version]:
    """Yield for each organisation the version of its observers in each contest for which they have a figure.

    None in a cancelled election.
    """
    if pack.cancelled:
        return
    for source, copies in _copies(pack, tree, leaves).items():
        for contest in pack.contest_ids:
            columns = column_ids(pack, contest)
            values = np.full((len(tree.stations), len(columns)), NONE, dtype=np.int64)
            for station, (_, entry) in copies.items():
                figures = _figures(entry)
                values[station] = [figures.get(name, NONE) for name in columns]
            if (values == NONE).all():
                continue
            places = {station: leaf.index for station, (leaf, _) in copies.items()}
            yield Version(source, contest, 1, False, Figures(columns, values), source, places)


def door_counts(pack: Pack, tree: Tree, leaves: Iterable[Leaf]) -> list[DoorCount]:
    """Return the most cautious count of each organisation, station and line (docs/counting.md, C3)."""
    names = {source_of(o.key): o.name for o in reversed(pack.keys.organisations)} if pack.keys else {}
    best: dict[tuple[str, int, str], tuple[Leaf, Turnout]] = {}
    for station, leaf, entry in _last_word(pack, tree, leaves):
        place = (source_of(entry.accreditation.organisation), station, entry.line)
        if entry.throughout and (place not in best or _caution(leaf, entry) > _caution(*best[place])):
            best[place] = leaf, entry
    return [
        DoorCount(source, "", station, line, e.voters, e.double_count, names[source], f"leaf:{leaf.index}")
        for (source, station, line), (leaf, e) in sorted(best.items())
    ]


def _copies(pack: Pack, tree: Tree, leaves: Iterable[Leaf]) -> Copies:
    found: dict[str, dict[int, tuple[Leaf, Protocol]]] = {}
    for leaf in leaves:
        entry = leaf.entry
        station = tree.index.get(current_station(pack, entry.station)) if isinstance(entry, Protocol) else None
        if isinstance(entry, Protocol) and station is not None:
            copies = found.setdefault(source_of(entry.accreditation.organisation), {})
            old = copies.get(station)
            if old is None or _newer(leaf, entry.sequence, old[0], old[1].sequence):
                copies[station] = leaf, entry
    return found


def _figures(entry: Protocol) -> Mapping[str, int]:
    """Return the figures by line; of a line given twice the first counts."""
    lines = dict(reversed(entry.lines))
    return {line: value for line, value in lines.items() if value is not None and value <= LIMIT}


def _last_word(pack: Pack, tree: Tree, leaves: Iterable[Leaf]) -> Iterator[tuple[int, Leaf, Turnout]]:
    """Yield what each observer's key said last of a station and line."""
    last: dict[tuple[bytes, int, str], tuple[Leaf, Turnout]] = {}
    for leaf in leaves:
        entry = leaf.entry
        if isinstance(entry, Turnout):
            station = tree.index.get(current_station(pack, entry.station))
            if station is None:
                continue
            place = (entry.key, station, entry.line)
            old = last.get(place)
            if old is None or _newer(leaf, entry.sequence, old[0], old[1].sequence):
                last[place] = leaf, entry
    for (_, station, _), (leaf, entry) in last.items():
        yield station, leaf, entry


def _newer(leaf: Leaf, sequence: int, old: Leaf, old_sequence: int) -> bool:
    return (sequence, digest(old.record)) > (old_sequence, digest(leaf.record))


def _caution(leaf: Leaf, entry: Turnout) -> tuple[int, int, int]:
    return entry.voters + entry.double_count, entry.voters, -int.from_bytes(digest(leaf.record))
