"""App data: what the voter's app reads besides the mirror: stations in small files, and the look-up by hash prefix."""

from collections.abc import Sequence

from golos.count.log import Log
from golos.publish.folder import Folder
from golos.publish.lookup import files
from golos.publish.shards import shards


def write(log: Log, leaves: Sequence[bytes], folder: Folder) -> None:
    """Write stations/ and lookup/; ``leaves`` are the SHA-256 of all ``log.size`` records."""
    for made in (shards(log.pack), files(log, leaves)):
        for path in sorted(made):
            folder.write(path, made[path])
