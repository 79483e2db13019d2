"""Specimen: a ballot paper drawn from a list of options, with the places of its boxes."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import typst

from golos.model.problem import Problem
from golos.photo.form import Region, on_white
from golos.photo.picture import Grey

WIDTH_MM = {"a4": 210.0, "a5": 148.0}
_HEIGHT_MM = {"a4": 297.0, "a5": 210.0}
_MARGIN = 12.0
_HEAD = 34.0


@dataclass(frozen=True, slots=True)
class Design:
    """How a ballot paper looks. Lengths are millimetres; ``fonts``: the first family that has a letter draws it."""

    paper: str = "a5"
    columns: int = 1
    fonts: tuple[str, ...] = ("Libertinus Serif", "DejaVu Sans")
    box: float = 8.0
    stroke: float = 0.5
    box_left: bool = False
    rules: bool = True
    rtl: bool = False


@dataclass(frozen=True, slots=True)
class Specimen:
    """``source`` is the ballot in Typst; ``boxes`` hold (x, y, side) in millimetres from the upper left corner."""

    design: Design
    source: str
    boxes: tuple[tuple[float, float, float], ...]

    def pdf(self) -> bytes:
        """Return the ballot for printing."""
        return _page_of(_compiler().compile(self.source.encode(), format="pdf"))

    def png(self, longest: int = 1200) -> bytes:
        """Return the blank picture; its longer side has about that many pixels."""
        return _page_of(_compiler().compile(self.source.encode(), format="png", ppi=self._ppi(longest)))

    def grey(self, longest: int = 1200) -> Grey:
        """Return the blank picture as pixels."""
        return pixels_of(self.png(longest))

    def regions(self, longest: int = 1200) -> tuple[Region, ...]:
        """Return the boxes, their frames included, in pixels of the picture of that size."""
        scale = self._ppi(longest) / 25.4
        return tuple(
            Region(round(x * scale), round(y * scale), round(side * scale), round(side * scale))
            for x, y, side in self.boxes
        )

    def _ppi(self, longest: int) -> float:
        return longest / _HEIGHT_MM[self.design.paper] * 25.4


def draw(title: str, lines: tuple[str, ...], options: tuple[str, ...], design: Design) -> Specimen:
    """Return a ballot: a title, lines below it (instructions, one per language), and a row with a box per option."""
    width, height = WIDTH_MM[design.paper], _HEIGHT_MM[design.paper]
    rows = math.ceil(len(options) / design.columns)
    column = (width - 2 * _MARGIN) / design.columns
    row = min((height - _HEAD - 2 * _MARGIN) / rows, 22.0)
    box = min(design.box, row * 0.68)
    cells = [
        _cell(text, _MARGIN + column * (i // rows), _MARGIN + _HEAD + row * (i % rows), column, row, box, design)
        for i, text in enumerate(options)
    ]
    source = "\n".join([_page(design, width, height), _head(title, lines, width), *(source for source, _ in cells)])
    return Specimen(design, source, tuple(place for _, place in cells))


def png_of_pdf(pdf: bytes, longest: int) -> bytes:
    """Return the first page of a PDF as a picture. Raises Problem ``form.blank`` for what can't be drawn."""
    source = '#set page(width: auto, height: auto, margin: 0mm)\n#image("blank.pdf")'
    with TemporaryDirectory() as folder:
        (Path(folder) / "blank.pdf").write_bytes(pdf)
        (Path(folder) / "page.typ").write_text(source, encoding="utf-8")
        try:
            drawn = typst.compile(Path(folder) / "page.typ", format="png", ppi=200)
        except typst.TypstError as error:
            raise Problem("form.blank", "blank", "is a PDF that can't be drawn.", "Give a PNG of it.") from error
    grey = pixels_of(_page_of(drawn))
    scale = min(1.0, longest / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".png", small)[1].tobytes())


def _page_of(drawn: bytes | list[bytes] | None) -> bytes:
    """Return the first page."""
    return (drawn[0] if isinstance(drawn, list) else drawn) or b""


def pixels_of(png: bytes) -> Grey:
    """Return a picture that was drawn here as grey on white."""
    return on_white(np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)))


def _page(design: Design, width: float, height: float) -> str:
    fonts = ", ".join(_quoted(font) for font in design.fonts)
    direction = "rtl" if design.rtl else "ltr"
    return (
        f"#set page(width: {width}mm, height: {height}mm, margin: 0mm)\n"
        f"#set text(font: ({fonts},), dir: {direction}, hyphenate: false)\n"
        "#let fit(w, h, size, body) = layout(_ => context {\n"
        "  let s = size\n"
        "  while s > 4pt and measure(block(width: w, text(size: s, body))).height > h { s = s * 0.93 }\n"
        "  block(width: w, height: h, align(horizon, text(size: s, body)))\n})"
    )


def _head(title: str, lines: tuple[str, ...], width: float) -> str:
    inner = width - 2 * _MARGIN
    body = "#align(center)[#strong(" + _quoted(title) + ")]"
    small = " #linebreak() ".join(f"#text({_quoted(line)})" for line in lines)
    return (
        f"#place(left + top, dx: {_MARGIN}mm, dy: {_MARGIN}mm, fit({inner}mm, 13mm, 15pt)[{body}])\n"
        f"#place(left + top, dx: {_MARGIN}mm, dy: {_MARGIN + 14}mm, "
        f"fit({inner}mm, {_HEAD - 18}mm, 9pt)[#align(center)[{small}]])"
    )


def _cell(
    text: str, x: float, y: float, width: float, height: float, box: float, design: Design
) -> tuple[str, tuple[float, float, float]]:
    """Return the Typst of one option's row and the place of its box."""
    gap = 3.0
    left = x + gap if design.box_left else x + width - gap - box
    top = y + (height - box) / 2
    text_left = x + 2 * gap + box if design.box_left else x + gap / 2
    size = min(13.0, height * 1.1)
    source = (
        f"#place(left + top, dx: {text_left:.2f}mm, dy: {y + 0.8:.2f}mm, "
        f"fit({width - box - 3.5 * gap:.2f}mm, {height - 1.6:.2f}mm, {size:.1f}pt)[#text({_quoted(text)})])\n"
        f"#place(left + top, dx: {left:.2f}mm, dy: {top:.2f}mm, "
        f"rect(width: {box:.2f}mm, height: {box:.2f}mm, stroke: {design.stroke}mm))"
    )
    if design.rules:
        source += f"\n#place(left + top, dx: {x:.2f}mm, dy: {y:.2f}mm, line(length: {width:.2f}mm, stroke: 0.2mm))"
        source += (
            f"\n#place(left + top, dx: {x:.2f}mm, dy: {y + height:.2f}mm, line(length: {width:.2f}mm, stroke: 0.2mm))"
        )
    return source, (left, top, box)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def _compiler() -> typst.Compiler:
    """Fonts are searched for once; Typst brings its own, and adds those of the machine."""
    return typst.Compiler()
