"""Election file: the pack in one file, as the app reads it (docs/formats.md, "The app")."""

from collections.abc import Mapping
from pathlib import Path

import cbor2

from golos.model.pack import Pack

KIND = "golos/election"
_NEEDED = ("election.toml", "keys.toml", "lines.csv", "options.csv")
"""The files a voter's device reads. Of the others it has name, digest and length: enough to check the election's id."""


def election_file(pack: Pack, folder: Path, stations: Mapping[str, bytes]) -> bytes:
    """Return the file; ``stations`` are their small files by path, and ``mirrors``: what a lone phone needs too."""
    listing = [list(file) for file in pack.files]
    contents = [[name, (folder / name).read_bytes()] for name, _, _ in pack.files if name in _NEEDED]
    files = [[path, data] for path, data in sorted(stations.items())]
    return cbor2.dumps([KIND, 1, listing, contents, files], canonical=True)
