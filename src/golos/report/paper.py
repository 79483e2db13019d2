"""Paper: a document set as PDF, or its pages as pictures, by typst. No clock and no font of the machine enters."""

from collections.abc import Mapping
from importlib import resources

import msgspec
import typst

from golos.report.document import Document, Plot


def pdf(document: Document) -> bytes:
    """Return the document as PDF; tagged, so that a screen reader can read it."""
    made: bytes = typst.compile(dict(_files(document)), format="pdf", ignore_system_fonts=True)
    return made


def pictures(document: Document, ppi: float = 70.0) -> list[bytes]:
    """Return every page as PNG, to be looked at."""
    made = typst.compile(dict(_files(document)), format="png", ppi=ppi, ignore_system_fonts=True)
    return [made] if isinstance(made, bytes) else made


def _files(document: Document) -> Mapping[str, bytes]:
    """Return what typst reads: the template, the document as JSON, and the drawings, named by their place."""
    files = {
        "main": (resources.files("golos.report") / "templates" / "report.typ").read_bytes(),
        "document.json": msgspec.json.encode(document),
    }
    drawn = (block for block in document.blocks if isinstance(block, Plot))
    return files | {f"plot-{at}.svg": block.svg.encode() for at, block in enumerate(drawn)}
