"""Published: the log as a published folder holds it, read back to be counted by whoever mirrors it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from golos.count.log import Log, cuts_of
from golos.credential.keys import keys_of
from golos.ledger.policy import Policy
from golos.ledger.tiles import bundles, decode_entries, decode_records, number
from golos.ledger.tree import Tree
from golos.model.entry import entry_or_none
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.model.record import digest

INDEX = "index"
"""The signed index: a folder with this file is a publication."""


def read_log(folder: Path, pack: Pack) -> Log:
    """Return the log in the published ``folder``, whose pack/ holds ``pack``.

    Every record is the one its leaf names, and the root is the checkpoint's; signatures of entries are the count's to
    check. Raises Problem ``published.missing``, ``published.damaged``, and those of the keys and the checkpoint.
    """
    keys = keys_of(pack)
    checkpoint = Policy.of(keys.log, keys.witnesses, keys.quorum).accept(_read(folder, "checkpoint"))
    records, tree = _records(folder, checkpoint.size)
    if tree.root() != checkpoint.root:
        raise _damaged("tile/entries", "lead to another root than the checkpoint's.")
    _expect_pack(pack, records)
    log = Log(pack, records, {}, _rows(folder), checkpoint.size, checkpoint.root)
    return log if cuts_of(log).opening is None else replace(log, inners=_inners(folder, checkpoint.size))


def _records(folder: Path, size: int) -> tuple[list[bytes | None], Tree]:
    records: list[bytes | None] = []
    tree = Tree()
    for index, width in bundles(size):
        path = f"records/{number(index, width)}"
        leaves = decode_entries(_read(folder, f"tile/entries/{number(index, width)}"))
        found = decode_records(_read(folder, path), path)
        if not len(leaves) == len(found) == width:
            raise _damaged(path, f"does not hold {width} records.")
        if any(record is not None and digest(record) != leaf for record, leaf in zip(found, leaves, strict=True)):
            raise _damaged(path, "holds another record than the log.")
        tree.append(leaves)
        records += found
    return records, tree


def _inners(folder: Path, size: int) -> dict[int, bytes]:
    inners: dict[int, bytes] = {}
    for index, width in bundles(size):
        path = f"openings/{number(index, width)}"
        if (folder / path).exists():
            parts = decode_records(_read(folder, path), path)
            start = index * (1 << 8)
            inners.update((start + at, part) for at, part in enumerate(parts) if part is not None)
    return inners


def _rows(folder: Path) -> Callable[[bytes], bytes]:
    return lambda name: _read(folder, f"tables/{name.hex()}.csv")


def _expect_pack(pack: Pack, records: list[bytes | None]) -> None:
    first = entry_or_none(records[0]) if records and records[0] is not None else None
    if first is None or first.election != pack.id:
        raise _damaged("pack", "is not the pack that the log begins with.")


def _read(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except OSError as error:
        raise Problem("published.missing", path, f"can't be read ({error.strerror}).", "Fetch it again.") from error


def _damaged(field: str, problem: str) -> Problem:
    return Problem("published.damaged", field, problem, "Fetch the folder again, from another mirror if need be.")
