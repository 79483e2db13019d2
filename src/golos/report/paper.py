"""Paper: a document set as PDF, or its pages as pictures, by typst. No clock and no font of the machine enters."""

from collections.abc import Callable
from importlib import resources
from typing import Any

import msgspec
import typst

from golos.report.document import Document, Plot

_compile: Callable[..., Any] = typst.compile
"""Typst's own type names every form of input but files by name."""
_TAGGED = 3_000
"""Up to so many blocks, some 150 exhibits, a PDF is tagged; of a longer report the HTML is for screen readers."""


def pdf(document: Document) -> bytes:
    """Return the document as PDF; PDF/UA-1 (for screen readers) unless very long: tags take four times the room."""
    tagged = len(document.blocks) <= _TAGGED
    form = {"pdf_standards": "ua-1"} if tagged else {"pdf_tags": False}
    made: bytes = _compile(_files(document), format="pdf", ignore_system_fonts=True, **form)
    return made


def pictures(document: Document, ppi: float = 70.0) -> list[bytes]:
    """Return every page as PNG, to be looked at."""
    made: bytes | list[bytes] = _compile(_files(document), format="png", ppi=ppi, ignore_system_fonts=True)
    return [made] if isinstance(made, bytes) else made


def _files(document: Document) -> dict[str, bytes]:
    """Return what typst reads: the template, the document as JSON, and the drawings, named by their place."""
    files: dict[str, bytes] = {
        "main": (resources.files("golos.report") / "templates" / "report.typ").read_bytes(),
        "document.json": msgspec.json.encode(document),
    }
    drawn = (block for block in document.blocks if isinstance(block, Plot))
    return files | {f"plot-{at}.svg": block.svg.encode() for at, block in enumerate(drawn)}
