"""Lists: the two levels between the signed index and the files (docs/formats.md, "The signed index")."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

FEW = 4_096
"""Below so many files a shard is one hex digit, from there on two: a visitor loads the least either way."""


class Written(NamedTuple):
    """A file of the publication: its path inside it, its length in bytes and its SHA-256 in hex."""

    path: str
    length: int
    sha256: str


def shard_lists(files: Sequence[Written]) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each shard list of these files, by path."""
    digits = 1 if len(files) < FEW else 2
    shards: dict[str, list[Written]] = defaultdict(list)
    for written in files:
        shards[shard(written.path, digits)].append(written)
    return ((f"lists/{name}.csv", listing(shards[name])) for name in sorted(shards))


def shard(path: str, digits: int) -> str:
    """Return the shard of a path: the first hex digits of its SHA-256."""
    return hashlib.sha256(path.encode()).hexdigest()[:digits]


def listing(files: Iterable[Written]) -> bytes:
    """Return a shard list or the root list: ``path,length,sha256``, sorted by the bytes of the path."""
    rows = sorted(files, key=lambda written: written.path.encode())
    return "".join(["path,length,sha256\n", *(f"{w.path},{w.length},{w.sha256}\n" for w in rows)]).encode()
