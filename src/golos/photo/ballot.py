"""Ballot: from what is measured at the boxes to a choice, or to the doubts that people must settle."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.answer import Answer, Reason
from golos.photo.form import Region
from golos.photo.marks import Measured, measure, places
from golos.photo.names import another
from golos.photo.picture import Grey
from golos.photo.sheet import Sheet
from golos.photo.usual import BOLD, CIRCLE, FAINT, MARKED, PLAIN, RIM, Usual

NEAR = 2.2
"""Sides of a box, between the middles of two, within which a circle about one weighs upon the other."""
FIT, MARKED_FIT, WELL = 0.58, 0.4, 0.8
"""Correlation of the print about an empty and a marked box, below which something is in the way; from the third on an
empty box is in full sight."""
FRAME, CORNERED = 0.45, 0.7
"""Contrast of the faintest part of a box's frame beside that of the sheet's other boxes, at the least; and where there
is ink on two sides of a marked box, as at the tip of a finger. (Of such boxes 12 marked ones in full sight have 0.97
and more, 15 under fingers 0.52 at the most.)"""
OFF, CLEAR = 4.5, 0.68
"""Working pixels that a box may lie off its neighbours' bend unless its print fits as well as the second says."""
RING = 60.0
"""Ink beside an empty box, of 255, that is no smudge."""
_STROKE, _WORD, _RIM = 13, 25, 60
"""Working pixels: the width of a pen's stroke at the most, the area of handwriting at the least, the rim left out."""
_EDGE, _STEP = 21, 45
"""Working pixels within which what is wider than a stroke ends, and how much darker it is: a finger, another sheet."""
_RULE = 14, 2.2
"""Working pixels: the length and the width of a printed rule that paper bent away from where it is looked for."""
_HELD = 0.55
"""Share of the sheet's blocks of print that have to be where the form has them."""
_PART = 0.35
"""The same, below which it is another printing of the form."""
_STRUCK = 2.2
"""How much more ink a mark that is struck out holds than the one that replaces it."""


def read_ballot(sheet: Sheet) -> Answer:
    """Return the choice on the sheet, or why people are to look."""
    found = measure(sheet)
    ids = [box.id for box in sheet.revision.boxes]
    usual = Usual.of(found)
    touched = [_touched(each, usual) for each in found]
    marked = [not near and _marked(each, usual) for each, near in zip(found, touched, strict=True)]
    reasons = _sheet_reasons(sheet)
    for each, mark in zip(found, marked, strict=True):
        reasons += _box_reasons(sheet, each, mark, usual.print)
    reasons += _vote_reasons(sheet, found, marked, touched, usual)
    if not any(marked) and not reasons and _elsewhere(sheet):
        reasons.append("doubt")
    black = float(np.median([each.black for each in found]))
    contrast = black / float(np.median([place.black for place in places(sheet.revision)]))
    reasons += [why for number, mark in enumerate(marked) if mark and (why := another(sheet, number, contrast))]
    evidence: dict[str, dict[str, float | str]] = {
        name: {"ink": round(each.ink, 1), "dark": round(each.dark, 3), "fit": round(each.fit, 3), "mark": str(mark)}
        for name, each, mark in zip(ids, found, marked, strict=True)
    }
    chosen = tuple(name for name, mark in zip(ids, marked, strict=True) if mark)
    return Answer(
        "review" if reasons else "read",
        (*dict.fromkeys(reasons), *sheet.surroundings),
        choice=chosen[0] if len(chosen) == 1 and not reasons else None,
        marked=chosen,
        evidence=evidence,
        confidence=_confidence(sheet, found, marked, bool(reasons)),
        revision=sheet.revision.title,
    )


def _sheet_reasons(sheet: Sheet) -> list[Reason]:
    reasons: list[Reason] = []
    if not sheet.revision.accepted or sheet.changed:
        reasons.append("wrong revision")
    if sheet.bend.share < _HELD:
        reasons.append("blur" if sheet.blurred else "wrong revision" if sheet.bend.share < _PART else "doubt")
    return reasons


def _box_reasons(sheet: Sheet, each: Measured, mark: bool, print_: float) -> list[Reason]:
    """Return what keeps a box from being judged: it has to be there, in its place, with its frame in sight."""
    if not each.inside:
        return ["cut"]
    least = CORNERED if mark and _cornered(each) else FRAME
    faint = each.frame < least * print_ and (mark or each.fit < WELL)
    hidden = each.fit < (MARKED_FIT if mark else FIT) or faint
    if not hidden and (each.fit >= CLEAR or max(map(abs, each.shift)) <= OFF):
        return []
    if each.light > 250:
        return ["glare"]
    return ["blur"] if sheet.blurred else ["finger"]


def _vote_reasons(
    sheet: Sheet, found: Sequence[Measured], marked: Sequence[bool], touched: Sequence[bool], usual: Usual
) -> list[Reason]:
    reasons: list[Reason] = []
    inks = sorted((each.ink for each, mark in zip(found, marked, strict=True) if mark), reverse=True)
    if len(inks) > sheet.revision.choices:
        reasons.append("corrected" if inks[0] > _STRUCK * inks[1] and inks[0] > 70 else "over-vote")
    bold = any(
        mark and max(each.core, each.peak, sorted(each.sides)[1]) > BOLD
        for each, mark in zip(found, marked, strict=True)
    )
    circles = [sheet.blank.regions[number] for number, each in enumerate(found) if _circled(each)]
    for number, (each, mark, near) in enumerate(zip(found, marked, touched, strict=True)):
        if mark:
            continue
        loose = near or max(each.sides) > RING
        heavy = usual.heavy(each, _sides_towards(circles, sheet.blank.regions[number]), bold)
        if (loose and not any(marked)) or (not near and (usual.inked(each, bold) or heavy)):
            reasons.append("doubt")
    return reasons


def _sides_towards(circles: Sequence[Region], box: Region) -> set[int]:
    """Return the sides, as `Measured.sides` has them, on which a box lies close to one with a circle around it."""
    found = set()
    for other in circles:
        right, down = other.x + other.w / 2 - box.x - box.w / 2, other.y + other.h / 2 - box.y - box.h / 2
        if 0 < max(abs(right), abs(down)) < NEAR * max(box.w, box.h):
            found.add((1 if right > 0 else 3) if abs(right) > abs(down) else (2 if down > 0 else 0))
    return found


def _marked(each: Measured, usual: Usual) -> bool:
    at_the_rim = each.peak >= usual.edge() and not _cornered(each)
    inside = each.ink >= MARKED and (each.core >= PLAIN or at_the_rim)
    return inside or _circled(each) or (each.fit >= CLEAR and usual.circled(each))


def _cornered(each: Measured) -> bool:
    """Whether there is much ink on two neighbouring sides of the box: a large mark, a fingertip, another's circle."""
    return not _circled(each) and sum(side > RING for side in each.sides) >= 2


def _circled(each: Measured) -> bool:
    """Whether there is ink on three sides of the box, or much of it on two that face each other: a circle around it."""
    above, right, below, left = each.sides
    return sum(side > CIRCLE for side in each.sides) >= 3 or max(min(above, below), min(right, left)) > RING


def _touched(each: Measured, usual: Usual) -> bool:
    """Whether the ink in an unmarked box is the end of a stroke from outside: it keeps out of the box's middle."""
    if not usual.inked(each, True) or _circled(each) or max(each.sides) <= RING or each.ink >= MARKED:
        return False
    return each.core <= FAINT


def _elsewhere(sheet: Sheet) -> bool:
    """Whether a sheet without a mark in any box has handwriting beside its print: then it is not simply blank."""
    width, height = sheet.revision.size
    grey = sheet.straight(sheet.picture.grey, Region(0, 0, width, height), sheet.blank.scale)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((_STROKE, _STROKE), np.uint8))
    thin = 255 - cv2.divide(grey, paper, scale=255)
    printed = cv2.dilate(sheet.blank.ink, np.ones((21, 21), np.uint8))[: thin.shape[0], : thin.shape[1]] > 20
    printed |= _reaching_in(paper)
    for place in places(sheet.revision):  # measured on its own, and sooner off its place than print among print
        left, top = max(place.cut.x, 0), max(place.cut.y, 0)
        printed[top : place.cut.y + place.cut.h, left : place.cut.x + place.cut.w] = True
    ink = np.where(printed, 0, thin)[_RIM:-_RIM, _RIM:-_RIM]
    _, _, stats, _ = cv2.connectedComponentsWithStats((ink > RING).astype(np.uint8))
    x, y, w, h, area = stats[1:].T
    loose = (x > 0) & (y > 0) & (x + w < ink.shape[1]) & (y + h < ink.shape[0])  # else it is what lies beside the sheet
    length = np.maximum(w, h)
    rule = (length > _RULE[0]) & (area < _RULE[1] * length)
    return bool((loose & (area > _WORD) & ~rule).any())


def _reaching_in(paper: Grey) -> NDArray[np.bool_]:
    """Return where something wider than a stroke ends that reaches in from the rim: a finger, another sheet, a shadow.

    Here ``paper`` is a sheet without its strokes.
    """
    wide = np.ones((_EDGE, _EDGE), np.uint8)
    ends = cv2.divide(cv2.erode(paper, wide), cv2.dilate(paper, wide), scale=255) < 255 - _STEP
    _, parts = cv2.connectedComponents(ends.astype(np.uint8))
    rim = np.ones(parts.shape, bool)
    rim[_RIM:-_RIM, _RIM:-_RIM] = False
    return ends & np.isin(parts, np.unique(parts[rim]))


def _confidence(sheet: Sheet, found: Sequence[Measured], marked: Sequence[bool], doubted: bool) -> float:
    """Return 0 to 1: how far the nearest thing is from turning into a doubt."""
    clear = [
        min((each.ink - MARKED) / MARKED, 1.0) if mark else 1 - max(each.core / FAINT, each.peak / RIM)
        for each, mark in zip(found, marked, strict=True)
        if not (mark and each.ink < MARKED)
    ]
    fit = min((each.fit for each in found), default=0.0)
    sure = max(0.0, min([1.0, *clear])) * 0.5 + max(0.0, min(1.0, fit)) * 0.5
    return round(min(sure, 0.49) if doubted else 0.5 + 0.5 * sure, 3)
