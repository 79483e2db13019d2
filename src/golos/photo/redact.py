"""Redact: the picture that may be published: the sheet alone, upright, at a fixed size, made anew from its pixels.

Nothing of the file is taken over but the pixels inside the sheet, so no note, place, time, thumbnail or background can
be. Skin on the sheet is painted over: what is coloured or dark, wider than any mark, and comes in from the rim. A rim
of the sheet goes too: paper bends, and behind its edge is somebody's table.
"""

import cv2
import numpy as np

from golos.model.problem import Problem
from golos.photo.decode import decode
from golos.photo.form import Form, Region
from golos.photo.picture import Colour, Grey
from golos.photo.sheet import LONGEST, Refusal, Sheet, register

LONGER_SIDE = 1200
"""Pixels of the published picture."""
_QUALITY = 85
_RIM = 0.012
"""Share of the longer side that is painted over along each edge."""
_FINGER = 0.03
"""Share of the longer side (6 mm of an A5): every finger is wider."""
_COLOURED, _DARK = 12, 0.42
"""From which distance in a and b (CIE Lab, 8 bits) it is no paper; below which share of the paper's light."""
_MOST_COVERED = 0.5
_PAINT = 235
_FIT = 0.4
"""Share of the blocks of print that are in place: below it this may be another sheet, or not all of it."""


def redact(data: bytes, form: Form) -> bytes:
    """Return the publishable picture, a JPEG.

    Raises Problem as `decode` does, and ``redact.no_sheet`` where no sheet of the form is found for sure,
    ``redact.covered`` where hands or desk cover most of it.
    """
    picture = decode(data, longest=LONGEST[form.kind], colour=True)
    sheet = register(picture, form)
    if isinstance(sheet, Refusal) or sheet.bend.share < _FIT:
        told = "shows no sheet of this form that could be cut out for sure."
        raise Problem("redact.no_sheet", "photo", told, "Keep it unpublished.")
    straight, there = _cut_out(sheet)
    covered = np.asarray(cv2.bitwise_or(_skin(straight, there), cv2.bitwise_not(there)), np.uint8)
    if float((covered > 0).mean()) > _MOST_COVERED:
        raise Problem("redact.covered", "photo", "is covered for the most part.", "Keep it unpublished.")
    straight[covered > 0] = _PAINT
    return _encoded(straight)


def _cut_out(sheet: Sheet) -> tuple[Colour, Grey]:
    """Return the sheet (h, w, 3) at its fixed size, and 255 where it lies in the picture and not at its rim."""
    width, height = sheet.revision.size
    whole, scale = Region(0, 0, width, height), LONGER_SIDE / max(width, height)
    colour = sheet.picture.colour
    assert colour is not None  # noqa: S101  # redact asked for it
    straight = np.ascontiguousarray(sheet.straight(colour, whole, scale))
    inside = np.zeros(colour.shape[:2], np.uint8)
    inside[2:-2, 2:-2] = 255
    rows, columns = straight.shape[:2]
    grid = np.stack(np.meshgrid(np.arange(0, columns, 4.0), np.arange(0, rows, 4.0)), -1)
    places = np.asarray(sheet.place(grid.reshape(-1, 2) / scale).reshape(grid.shape), np.float32)
    nothing = np.empty(0, np.float32)
    seen = cv2.remap(inside, places, nothing, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
    there = cv2.resize(seen, (columns, rows), interpolation=cv2.INTER_NEAREST)
    rim = round(_RIM * LONGER_SIDE)
    kept = np.zeros_like(there)
    kept[rim : rows - rim, rim : columns - rim] = there[rim : rows - rim, rim : columns - rim]
    return straight, kept


def _skin(straight: Colour, there: Grey) -> Grey:
    """Return 255 where something wide that is no paper comes in from the rim, and a little around it."""
    small = cv2.resize(straight, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    kept = cv2.resize(there, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_NEAREST)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    inner = kept > 0
    if not inner.any():
        return np.zeros(straight.shape[:2], np.uint8)
    bright = lab[..., 0] >= np.percentile(lab[..., 0][inner], 60)
    paper = np.median(lab[inner & bright], axis=0)
    away = np.hypot(lab[..., 1] - paper[1], lab[..., 2] - paper[2])
    foreign = ((away > _COLOURED) | (lab[..., 0] < _DARK * paper[0])).astype(np.uint8) * 255
    wide = max(3, round(_FINGER * LONGER_SIDE / 4)) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    foreign = cv2.morphologyEx(foreign, cv2.MORPH_CLOSE, np.ones((5, 5)))
    padded = cv2.copyMakeBorder(foreign, wide, wide, wide, wide, cv2.BORDER_REPLICATE)
    opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, disc)[wide:-wide, wide:-wide]
    grown = cv2.dilate(_from_the_rim(opened, kept), disc)
    return np.asarray(
        cv2.resize(grown, (straight.shape[1], straight.shape[0]), interpolation=cv2.INTER_NEAREST), np.uint8
    )


def _from_the_rim(foreign: Grey, kept: Grey) -> Grey:
    """Return the connected shapes that touch the rim or the picture's edge."""
    _, labels = cv2.connectedComponents(foreign)
    near = cv2.dilate(cv2.bitwise_not(cv2.copyMakeBorder(kept, 1, 1, 1, 1, cv2.BORDER_CONSTANT)), np.ones((5, 5)))
    touching = np.unique(labels[near[1:-1, 1:-1] > 0])
    return np.asarray(np.isin(labels, touching[touching > 0]), np.uint8) * 255


def _encoded(straight: Colour) -> bytes:
    return bytes(cv2.imencode(".jpg", straight, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes())
