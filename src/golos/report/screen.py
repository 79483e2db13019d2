"""Screen: a document as one HTML file that asks nothing of anybody: no script, no font, no picture from elsewhere.

Typst's own HTML is still an experiment (2026), so the same document is set by a template.
"""

from importlib import resources

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from golos.report.document import Document, Plot


def html(document: Document) -> bytes:
    """Return the document as HTML."""
    pages = Environment(
        loader=PackageLoader("golos.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (resources.files("golos.report") / "templates" / "report.css").read_text("utf-8")
    blocks = [msgspec.to_builtins(block) for block in document.blocks]
    drawings = [_inline(block, at) for at, block in enumerate(b for b in document.blocks if isinstance(b, Plot))]
    page = pages.get_template("report.html")
    return page.render(document=document, blocks=blocks, drawings=drawings, style=Markup(style)).encode()  # noqa: S704 (ours)


def _inline(plot: Plot, at: int) -> Markup:
    """Return a drawing for a page of several: its ids and its style are its own."""
    name = f"plot-{at}"
    svg = plot.svg[plot.svg.index("<svg") :].replace('"plot-', f'"{name}-').replace(" plot-d", f" {name}-d")
    return Markup(svg)  # noqa: S704 (drawn by us; every text in it was escaped)
