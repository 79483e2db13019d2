"""Exports: the open data once more in the forms that other programs read; docs/formats.md, "export/"."""

from golos.publish.exports import geojson, nist, parquet
from golos.publish.folder import Folder
from golos.publish.results import Results
from golos.publish.topology import Shape


def write(results: Results, outlines: dict[str, Shape], folder: Folder) -> None:
    """Write export/; the CSV files of data/ are in the folder already."""
    parquet.write(results.pack.languages, folder)
    geojson.write(results, outlines, folder)
    nist.write(results, folder)
