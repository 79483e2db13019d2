"""Tiles: the log as static files (C2SP tlog-tiles): their paths, what they hold, which of them a tree has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from golos.ledger.tree import TILE_HEIGHT, Tree
from golos.model.problem import Problem

WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile, and entries in a full bundle."""
CLOSED = 0xFFFFFFFF
"""In place of the length of a record that is not published (docs/formats.md)."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Tile ``index`` of tile level ``level``, with ``width`` hashes (1 to 256)."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """Where the tile lies in the folder."""
        return f"tile/{self.level}/{number(self.index, self.width)}"


def number(index: int, width: int = WIDTH) -> str:
    """Return a tile's number as a path: 1234067 is ``x001/x234/067``, with ``.p/W`` if it is not full."""
    digits = str(index).zfill(3 * ((len(str(index)) + 2) // 3))
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    suffix = "" if width == WIDTH else f".p/{width}"
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]]) + suffix


def tiles(size: int, old: int = 0) -> Iterator[Tile]:
    """Yield the tiles of a tree of ``size`` leaves that a tree of ``old`` leaves has not, level by level.

    Of each level: the full ones in order, then the partial one at its end, if any.
    """
    level = 0
    while count := size >> (TILE_HEIGHT * level):
        before = old >> (TILE_HEIGHT * level)
        for start in range(before - before % WIDTH, count, WIDTH):
            width = min(WIDTH, count - start)
            if start + width > before:
                yield Tile(level, start // WIDTH, width)
        level += 1


def bundles(size: int, old: int = 0) -> Iterator[tuple[int, int]]:
    """Yield index and width of the entry bundles of ``size`` entries that ``old`` entries do not have."""
    return ((tile.index, tile.width) for tile in tiles(size, old) if tile.level == 0)


def write(
    tree: Tree,
    entries: Callable[[int, int], Sequence[bytes]],
    put: Callable[[str, bytes], None],
    size: int,
    old: int = 0,
) -> None:
    """Put every tile and entry bundle of ``size`` leaves that ``old`` leaves have not, by path.

    ``entries(start, stop)`` returns the leaves' data. The entry bundle of a range is put before its tiles.
    """
    for index, width in bundles(size, old):
        start = index * WIDTH
        put(f"tile/entries/{number(index, width)}", encode_entries(entries(start, start + width)))
    for tile in tiles(size, old):
        put(tile.path, tree.tile(tile.level, tile.index, tile.width))


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """Return an entry bundle: for each entry its length in two bytes, then the entry."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_entries(bundle: bytes, field: str = "entry bundle") -> list[bytes]:
    """Return the entries. Raises Problem ``tiles.malformed``."""
    return [entry for entry in _decode(bundle, 2, field) if entry is not None]


def encode_records(records: Sequence[bytes | None]) -> bytes:
    """Return a bundle of records: for each its length in four bytes, then the record; None is a closed one."""
    return b"".join(
        CLOSED.to_bytes(4, "big") if record is None else len(record).to_bytes(4, "big") + record for record in records
    )


def decode_records(bundle: bytes, field: str = "records") -> list[bytes | None]:
    """Return the records, None for a closed one. Raises Problem ``tiles.malformed``."""
    return _decode(bundle, 4, field)


def _decode(bundle: bytes, prefix: int, field: str) -> list[bytes | None]:
    found: list[bytes | None] = []
    at = 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + prefix], "big")
        at += prefix
        if prefix == 4 and length == CLOSED:
            found.append(None)
            continue
        found.append(bundle[at : at + length])
        at += length
    if at != len(bundle):
        raise Problem("tiles.malformed", field, "ends within an entry.", "Fetch it again.")
    return found
