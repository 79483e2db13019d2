"""Publication: the whole published folder, written beside the old one and put into its place in one step."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from golos.count.compare import Comparison
from golos.count.log import Log
from golos.ledger.note import Signer
from golos.publish import appdata, cards, chart, exports, mirror, opendata, site
from golos.publish import language as languages
from golos.publish.addresses import Addresses
from golos.publish.area_pages import AreaPages
from golos.publish.crew import share
from golos.publish.finding_card import FindingCards
from golos.publish.folder import Folder
from golos.publish.outlines import read_shapes
from golos.publish.results import Results
from golos.publish.station_card import StationCards
from golos.publish.words import Words


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published: where, how many files and bytes, how many of the files are new or changed, the index."""

    out: Path
    files: int
    length: int
    changed: int
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
    The same arguments give the same bytes; of the folder that was there only what has changed is written.
    Readers of ``out`` never see a half of it. Raises Problem
    ``publication.root`` if the leaves are not the checkpoint's, ``map.malformed`` for outlines that are none.
    """
    folder = Folder(out, log.size)
    results = Results.of(comparison, log)
    outlines = read_shapes(log.pack, pack_files)

    def data() -> None:
        mirror.write(log, comparison.count.opening, leaves, checkpoint, pack_files, folder)
        opendata.write(results, folder)
        exports.write(results, outlines, folder)
        appdata.write(log, leaves, folder)

    if pages:
        _write_pages(results, chart.atlas(results, outlines), folder, data)
    else:
        data()
    text = [
        "golos/publication/v2",
        log.pack.id.hex(),
        str(log.size),
        base64.b64encode(log.root).decode(),
        folder.index(),
    ]
    index = publisher.sign(("\n".join(text) + "\n").encode())
    folder.write("index", index)
    folder.step_into_place()
    return Publication(out, len(folder.files), sum(w.length for w in folder.files), folder.changed, index)


def _write_pages(results: Results, atlas: chart.Atlas, folder: Folder, data: Callable[[], None]) -> None:
    """Write the site in every language, and the rest by ``data`` beside it."""
    words = [Words(results.pack, languages.load(code)) for code in languages.CODES]
    of_stations = [StationCards(results, one, FindingCards(one)) for one in words]
    addresses = Addresses(results.pack, max(card.section_bytes() for card in of_stations))
    sites = [site.Site(results, atlas, card.findings, addresses, folder) for card in of_stations]
    pages = [AreaPages(one, card) for one, card in zip(sites, of_stations, strict=True)]
    areas = [code for code in results.pack.areas if addresses.has_page(code)]
    stations = [] if addresses.sections else list(results.pack.stations.values())

    def work(unit: int) -> None:
        for one in pages:
            if unit < len(areas):
                one.area(areas[unit])
            else:
                one.station(stations[unit - len(areas)])

    def meanwhile() -> None:
        data()
        site.write_assets(folder)
        folder.write("index.html", sites[0].landing(sites))
        for one, shown in zip(sites, cards.write(results, words, folder), strict=True):
            one.write(shown)

    share(folder, len(areas) + len(stations), work, meanwhile)
