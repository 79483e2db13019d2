"""Mirror: the part of a publication from which all else is recomputed (docs/formats.md, "The published folder")."""

from collections.abc import Iterator, Mapping, Sequence

from golos.count.log import Log
from golos.ledger import tiles
from golos.ledger.tree import Tree
from golos.model.ballot import Ballot
from golos.model.entry import SEALED_KINDS, Table, entry_or_none
from golos.model.problem import Problem
from golos.model.record import kind_of
from golos.ports import Missing
from golos.publish.folder import Folder


def write(
    log: Log,
    opening: int | None,
    leaves: Sequence[bytes],
    checkpoint: bytes,
    pack_files: Mapping[str, bytes],
    folder: Folder,
) -> None:
    """Write checkpoint, tiles, records, openings, pack and tables.

    ``opening`` is the size of the newest opening, ``leaves`` the SHA-256 of every record.
    Raises Problem ``publication.root`` if the leaves do not have the checkpoint's root.
    """
    tree = Tree(leaves)
    if (tree.size, tree.root()) != (log.size, log.root):
        raise Problem("publication.root", "log", "does not have the root of its checkpoint.", "Run golos log fsck.")
    folder.write("checkpoint", checkpoint)
    tiles.write(tree, lambda start, stop: leaves[start:stop], folder.write, log.size)
    shown = public_records(log, opening)
    for index, width in tiles.bundles(log.size):
        bundle = range(index * tiles.WIDTH, index * tiles.WIDTH + width)
        name = tiles.number(index, width)
        folder.write(f"records/{name}", tiles.encode_records([shown[at] for at in bundle]))
        inners = [log.inners.get(at) for at in bundle]
        if any(inner is not None for inner in inners):
            folder.write(f"openings/{name}", tiles.encode_records(inners))
    for file in sorted(pack_files):
        folder.write(f"pack/{file}", pack_files[file])
    for digest, rows in _tables(log, shown):
        folder.write(f"tables/{digest}.csv", rows)


def public_records(log: Log, opening: int | None) -> list[bytes | None]:
    """Return the records with None in the place of each that is closed (docs/formats.md, "What is closed").

    The log may be the stewards', which holds the closed ones too: nothing closed may pass here.
    """
    pictures = {_photo(log.records[index]) for index in log.inners} - {None}
    return [_public(record, index, opening or 0, pictures) for index, record in enumerate(log.records[: log.size])]


def _public(record: bytes | None, index: int, opening: int, pictures: set[bytes | None]) -> bytes | None:
    if record is None:
        return None
    kind = kind_of(record)
    if kind in ("ballot", "withdrawal"):
        return record if index < opening else None
    entry = entry_or_none(record) if kind in ("reading", "verdict", "binding") else None
    if isinstance(entry, SEALED_KINDS):
        return record if index < opening and entry.photo in pictures else None
    return record


def _photo(record: bytes | None) -> bytes | None:
    entry = entry_or_none(record) if record is not None else None
    return entry.photo if isinstance(entry, Ballot) else None


def _tables(log: Log, shown: Sequence[bytes | None]) -> Iterator[tuple[str, bytes]]:
    """Yield each table once, by digest; rows that nobody has kept are those of entries that count for nothing."""
    digests = set()
    for record in shown:
        if record is not None and kind_of(record) == "table":
            entry = entry_or_none(record)
            digests |= {entry.rows} if isinstance(entry, Table) else set()
    for digest in sorted(digests):
        try:
            yield digest.hex(), log.rows(digest)
        except (KeyError, Missing):
            continue
