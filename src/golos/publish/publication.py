"""Publication: the whole published folder, written beside the old one and put into its place in one step."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from golos.count.compare import Comparison
from golos.count.log import Log
from golos.ledger.note import Signer
from golos.publish import chart, mirror, opendata, site
from golos.publish.folder import Folder
from golos.publish.outlines import read_shapes
from golos.publish.results import Results


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published: where, how many files and bytes, and the signed index."""

    out: Path
    files: int
    length: int
    index: bytes


def publish(
    log: Log,
    comparison: Comparison,
    leaves: Sequence[bytes],
    checkpoint: bytes,
    pack_files: Mapping[str, bytes],
    publisher: Signer,
    out: Path,
    *,
    pages: bool = True,
) -> Publication:
    """Write the published folder of docs/formats.md and put it in the place of ``out``; ``pages``: with the site.

    ``leaves`` are the SHA-256 of all ``log.size`` records, closed ones too; ``pack_files`` the pack's files by name.
    The same arguments give the same bytes. Readers of ``out`` never see a half of it. Raises Problem
    ``publication.root`` if the leaves are not the checkpoint's, ``map.malformed`` for outlines that are none.
    """
    folder = Folder(out)
    mirror.write(log, comparison.count.opening, leaves, checkpoint, pack_files, folder)
    results = Results.of(comparison, log)
    opendata.write(results, folder)
    if pages:
        site.write(results, chart.atlas(results, read_shapes(log.pack, pack_files)), folder)
    listing = folder.index()
    folder.write("index.csv", listing)
    text = [
        "golos/publication/v1",
        log.pack.id.hex(),
        str(log.size),
        base64.b64encode(log.root).decode(),
        folder.files[-1].sha256,
    ]
    index = publisher.sign(("\n".join(text) + "\n").encode())
    folder.write("index", index)
    folder.step_into_place()
    return Publication(out, len(folder.files), sum(written.length for written in folder.files), index)
