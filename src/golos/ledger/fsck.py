"""Fsck: is the log whole? Everything that can be recomputed is, and every difference is named."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from golos.ledger.policy import Policy
from golos.ledger.tiles import WIDTH, bundles, decode_entries, decode_records, number, tiles
from golos.ledger.tree import Tree
from golos.model.problem import Problem
from golos.model.record import digest
from golos.ports import Journal, Positions, Waiting

LIMIT = 1000
"""Problems listed at most."""
_ALL = 2**31 - 1
_CHUNK = 4096
_NOT_FOUND = "is missing."


def fsck_journal(journal: Journal, policy: Policy) -> list[Problem]:
    """Return what is wrong with the log in a store: its checkpoint, its root, repeated or doubly kept records."""
    return list(islice(_journal(journal, policy), LIMIT))


def fsck_folder(folder: Path, policy: Policy) -> list[Problem]:
    """Return what is wrong with a published log: checkpoint, root, every tile, entry bundle and record.

    ``folder`` holds checkpoint, tile/ and, in a Golos mirror, records/.
    """
    return list(islice(_folder(folder, policy), LIMIT))


def _journal(journal: Journal, policy: Policy) -> Iterator[Problem]:
    head = journal.head()
    tree, seen = Tree(), set[bytes]()
    for start in range(0, head.size, _CHUNK):
        hashes = [digest(row.record) for row in journal.read(Positions(start, min(start + _CHUNK, head.size)))]
        for index, record_hash in enumerate(hashes, start):
            if record_hash in seen:
                yield _wrong(f"journal:{index}", "repeats a record that is in the log already.")
            seen.add(record_hash)
        tree.append(hashes)
    if head.size:
        yield from _checkpoint(head.checkpoint, policy, tree, "journal")
    for row in journal.read(Waiting(_ALL)):
        if digest(row.record) in seen:
            yield _wrong("journal", "has a record both waiting and committed.")


def _folder(folder: Path, policy: Policy) -> Iterator[Problem]:
    note = _read(folder / "checkpoint")
    if note is None:
        yield _wrong("checkpoint", _NOT_FOUND)
        return
    try:
        size = policy.accept(note).size
    except Problem as problem:
        yield problem
        return
    tree = Tree()
    for index, width in bundles(size):
        yield from _bundle(folder, index, width, tree)
        if tree.size != index * WIDTH + width:
            return  # without these entries nothing above them can be checked
    yield from _checkpoint(note, policy, tree, "checkpoint")
    for tile in tiles(size):
        yield from _compare(folder, tile.path, tree.tile(tile.level, tile.index, tile.width))
    yield from _strangers(folder, size)


def _bundle(folder: Path, index: int, width: int, tree: Tree) -> Iterator[Problem]:
    """Check one entry bundle and its records, and append its entries to the tree."""
    path = f"tile/entries/{number(index, width)}"
    data = _read(folder / path)
    if data is None:
        yield _wrong(path, _NOT_FOUND)
        return
    try:
        entries = decode_entries(data, path)
    except Problem as problem:
        yield problem
        return
    if len(entries) != width:
        yield _wrong(path, f"holds {len(entries)} entries instead of {width}.")
        return
    tree.append(entries)
    if (folder / "records").is_dir():
        yield from _records(folder, f"records/{number(index, width)}", entries)


def _records(folder: Path, path: str, entries: list[bytes]) -> Iterator[Problem]:
    data = _read(folder / path)
    if data is None:
        yield _wrong(path, _NOT_FOUND)
        return
    try:
        records = decode_records(data, path)
    except Problem as problem:
        yield problem
        return
    if len(records) != len(entries):
        yield _wrong(path, f"holds {len(records)} records instead of {len(entries)}.")
        return
    for at, (record, entry) in enumerate(zip(records, entries, strict=True)):
        if record is not None and digest(record) != entry:
            yield _wrong(path, f"holds another record than its entry bundle at place {at}.")


def _checkpoint(note: bytes, policy: Policy, tree: Tree, field: str) -> Iterator[Problem]:
    try:
        checkpoint, _ = policy.open(note)
    except Problem as problem:
        yield problem
        return
    if checkpoint.size != tree.size:
        yield _wrong(field, f"holds {tree.size} entries, its checkpoint says {checkpoint.size}.")
    elif checkpoint.root != tree.root():
        yield _wrong(field, "has entries that lead to another root than its checkpoint's.")


def _compare(folder: Path, path: str, expected: bytes) -> Iterator[Problem]:
    data = _read(folder / path)
    if data is None:
        yield _wrong(path, _NOT_FOUND)
    elif data != expected:
        yield _wrong(path, "is not what the entries lead to.")


def _strangers(folder: Path, size: int) -> Iterator[Problem]:
    """Name tiles that lie beyond the checkpoint. Partial tiles of smaller sizes may stay."""
    full = {tile.path.partition(".p/")[0] for tile in tiles(size)}
    full |= {f"tile/entries/{number(index)}" for index, _ in bundles(size)}
    for file in sorted((folder / "tile").rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and path.partition(".p/")[0] not in full:
            yield _wrong(path, "belongs to no tree of the checkpoint's size.")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _wrong(field: str, problem: str) -> Problem:
    return Problem("log.damaged", field, problem, "Restore it from a mirror or a backup.")
