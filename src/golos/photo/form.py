"""Form: FORM.toml and its blank pictures: where on a sheet boxes and number cells are (docs/election-pack.md)."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.model.mistake import Notes
from golos.model.pack_toml import Section, load
from golos.model.problem import Problem
from golos.photo.check import Check, parse_check
from golos.photo.picture import Grey
from golos.photo.print import LANGUAGES

Kind = Literal["ballot", "protocol"]
MAX_PIXELS = 40_000_000
MIN_TEMPLATE, MIN_SIDE = 200, 8
"""Pixels: the least side of a template, and of a box or a cell."""
_KIND = re.compile("ballot|protocol")
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"}


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in pixels of the template."""

    x: int
    y: int
    w: int
    h: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index a picture of the template's size."""
        return slice(self.y, self.y + self.h), slice(self.x, self.x + self.w)

    def grown(self, by: int) -> "Region":
        """Return the region with a margin of ``by`` pixels on each side."""
        return Region(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


@dataclass(frozen=True, slots=True)
class Box:
    """A printed frame that voters mark; ``id`` is the option's id in the pack."""

    id: str
    region: Region


@dataclass(frozen=True, slots=True)
class Number:
    """A row of cells, one digit each, the highest first; ``id`` is the protocol line."""

    id: str
    cells: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A printed or stamped line that is read as text, in the languages (of the pack's) that it may be in."""

    id: str
    region: Region
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """One printing of a form. A revision that is not ``accepted`` is known, and a sheet of it goes to people."""

    name: str
    template: Grey
    boxes: tuple[Box, ...]
    numbers: tuple[Number, ...]
    checks: tuple[Check, ...]
    accepted: bool
    digest: bytes = field(repr=False)
    """SHA-256 over the template's file and every region and check: a change of either is another revision."""
    texts: tuple[Text, ...] = ()
    choices: int = 1
    """How many boxes a voter may mark."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the template."""
        return int(self.template.shape[1]), int(self.template.shape[0])

    @property
    def title(self) -> str:
        """The revision as answers name it."""
        return f"{self.name} {self.digest.hex()[:16]}"

    @property
    def regions(self) -> tuple[Region, ...]:
        """Every box and cell."""
        return tuple(box.region for box in self.boxes) + tuple(c for number in self.numbers for c in number.cells)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """All revisions of one form; the first is the current one."""

    kind: Kind
    revisions: tuple[Revision, ...]

    @property
    def current(self) -> Revision:
        """The revision that FORM.toml describes at its top."""
        return self.revisions[0]


def read_form(path: Path) -> Form:
    """Return the form in the file ``path``, with the pictures beside it. Raises Problem as `parse_form` does."""
    if not path.is_file():
        raise Problem("form.file", str(path), "is no file.", "Name a FORM.toml; `golos form new` makes one.")
    folder = path.parent
    files = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.suffix.lower() in _PICTURES}
    return parse_form(path.read_bytes(), files, str(path))


def parse_form(data: bytes, pictures: Mapping[str, bytes], name: str = "FORM.toml") -> Form:
    """Return the form; ``pictures`` maps a template's file name to its bytes.

    Raises Problem ``form.mistakes`` naming every mistake with its line and column.
    """
    notes = Notes()
    section = load(name, data, notes)
    form = _form(section, pictures) if section is not None else None
    if form is None or notes.fatal:
        told = "; ".join(str(mistake) for mistake in notes.found)
        raise Problem("form.mistakes", name, f"can't be used: {told}.", "docs/election-pack.md describes the format.")
    return form


def _form(section: Section, pictures: Mapping[str, bytes]) -> Form:
    kind = section.text("kind", pattern=_KIND, form="ballot or protocol")
    older = [_revision(each, kind, pictures, accepted=False) for each in section.sections("revision")]
    current = _revision(section, kind, pictures, accepted=True)
    section.close()
    section.unique("revision", [revision.name for revision in older])
    return Form(cast(Kind, kind), (current, *older))


def _revision(section: Section, kind: str, pictures: Mapping[str, bytes], accepted: bool) -> Revision:
    name = section.text("name", "current" if accepted else None)
    file = section.text("template")
    template = _template(section, file, pictures.get(file))
    boxes = tuple(_box(each, template) for each in section.sections("box"))
    numbers = tuple(_number(each, template) for each in section.sections("number"))
    texts = tuple(_text(each, template) for each in section.sections("text"))
    checks = _checks(section, [number.id for number in numbers])
    accepted = section.flag("accepted", accepted)
    section.unique("box", [box.id for box in boxes])
    section.unique("number", [number.id for number in numbers])
    section.unique("text", [text.id for text in texts])
    if accepted and not (boxes if kind == "ballot" else numbers):
        section.mistake("box" if kind == "ballot" else "number", "is missing: a form has at least one")
    choices = section.number("choices", 1, 1_000, 1)
    digest = _digest(kind, pictures.get(file, b""), boxes, numbers, checks, texts)
    return Revision(name, template, boxes, numbers, checks, accepted, digest, texts, choices)


def _box(section: Section, template: Grey) -> Box:
    box = Box(section.code("id"), _region(section, "xywh", section.raw("xywh"), template))
    section.close()
    return box


def _number(section: Section, template: Grey) -> Number:
    cells = section.raw("cells")
    if not isinstance(cells, list) or not cells:
        section.mistake("cells", "has to be a list of [x, y, w, h]")
        cells = []
    number = Number(section.code("id"), tuple(_region(section, "cells", cell, template) for cell in cells))
    section.close()
    return number


def _text(section: Section, template: Grey) -> Text:
    region = _region(section, "xywh", section.raw("xywh"), template)
    text = Text(section.code("id"), region, section.texts("languages"))
    for language in text.languages:
        if language not in LANGUAGES:
            section.mistake("languages", f"{language[:16]!r} can't be read; known are {', '.join(LANGUAGES)}")
    section.close()
    return text


def _region(section: Section, key: str, value: object, template: Grey) -> Region:
    """Return the rectangle; one that is none, or that leaves the template, is noted as a mistake."""
    if not isinstance(value, list) or len(value) != 4 or not all(type(part) is int for part in value):
        section.mistake(key, "has to be [x, y, w, h] in whole pixels of the template")
        return Region(0, 0, 1, 1)
    region = Region(*value)
    height, width = template.shape
    inside = region.x >= 0 and region.y >= 0 and region.x + region.w <= width and region.y + region.h <= height
    if region.w < MIN_SIDE or region.h < MIN_SIDE or (not inside and template.size > 1):
        section.mistake(key, f"has to lie inside the template ({width} x {height}) and be {MIN_SIDE} pixels or more")
    return region


def _checks(section: Section, ids: list[str]) -> tuple[Check, ...]:
    checks = []
    for each in section.sections("check"):
        try:
            checks.append(parse_check(each.text("rule"), ids))
        except ValueError as error:
            each.mistake("rule", str(error))
        each.close()
    return tuple(checks)


def _template(section: Section, file: str, data: bytes | None) -> Grey:
    """Return the blank form in grey, on white where it is transparent; one pixel, and a mistake, if it is none."""
    nothing = np.zeros((1, 1), np.uint8)
    if not file:
        return nothing
    if data is None:
        section.mistake("template", f"{file[:64]} is not beside this file")
        return nothing
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    if picture is None or min(picture.shape[:2]) < MIN_TEMPLATE or picture.size > MAX_PIXELS:
        section.mistake("template", f"{file[:64]} is no picture of {MIN_TEMPLATE} pixels or more on each side")
        return nothing
    return on_white(picture)


def on_white(picture: NDArray[Any]) -> Grey:
    """Return a decoded picture of any depth and channels as grey over white paper."""
    if picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)
    if picture.ndim == 2:
        return picture
    grey = np.asarray(cv2.cvtColor(picture[..., :3], cv2.COLOR_BGR2GRAY), np.uint8)
    if picture.shape[2] < 4:
        return grey
    alpha = picture[..., 3].astype(np.float32) / 255
    return np.asarray(grey * alpha + 255 * (1 - alpha), np.uint8)


def _digest(
    kind: str,
    picture: bytes,
    boxes: tuple[Box, ...],
    numbers: tuple[Number, ...],
    checks: tuple[Check, ...],
    texts: tuple[Text, ...],
) -> bytes:
    """SHA-256 over JSON without spaces: kind, SHA-256 of the template's file, boxes, numbers, rules, lines of text."""
    held = [
        kind,
        hashlib.sha256(picture).hexdigest(),
        [[box.id, *astuple(box.region)] for box in boxes],
        [[number.id, *(list(astuple(cell)) for cell in number.cells)] for number in numbers],
        [check.rule for check in checks],
        [[text.id, *astuple(text.region), *text.languages] for text in texts],
    ]
    return hashlib.sha256(json.dumps(held, separators=(",", ":"), ensure_ascii=False).encode()).digest()
