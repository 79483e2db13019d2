"""Protocol: a registered sheet with handwritten numbers -> an Answer. The sums that have to hold decide what is sure.

A check that holds proves more than any confidence: one wrong digit breaks it. So a reading is accepted when nothing
else the cells could say is likely *and* keeps the checks as well. Nothing is repaired: real protocols break
arithmetic, and a sum that is broken in clear ink is reported as it stands. Only a cell that the pen left open is read
as the one of its likely digits with which all sums hold.
"""

from collections.abc import Mapping, Sequence

import msgspec

from golos.photo import barcode
from golos.photo.answer import Answer, Reason
from golos.photo.barcode import Printed
from golos.photo.check import Check
from golos.photo.digits import EMPTY, NAMES, Cell, read_cells
from golos.photo.print import read_line
from golos.photo.protocol_odds import Reading, doubts, settled, value_of
from golos.photo.protocol_place import patches
from golos.photo.sheet import Sheet
from golos.photo.wording import reworded

ACCEPTED = 0.01
"""Odds that the numbers are others than those read, at most, for a reading without people."""
DOUBTFUL = 0.001
"""A cell's part of these odds from which on the desk sees it marked."""
MIN_INSIDE = 0.98
"""Share of a cell that has to be in the picture."""


def read_protocol(sheet: Sheet) -> Answer:
    """Return the sheet's numbers with the evidence of each cell, named ``id/position`` from 0 on the left.

    "read": the checks hold and no other reading of the cells that keeps them is likely, or every digit is sure;
    "sum broken" may stand beside it. Else "review"; the cells that people should look at have ``doubt`` above 0.
    A protocol's own QR of this form says what the cells are held against.
    """
    revision = sheet.revision
    flat = [patch for row in patches(sheet) for patch in row]
    cells = iter(read_cells([(patch.ink, patch.blank) for patch in flat]))
    readings = {number.id: [next(cells) for _ in number.cells] for number in revision.numbers}
    code = barcode.printed(sheet.picture.grey)
    ours = code is not None and revision.digest.hex().startswith(code.form)
    answer = judge(readings, revision.checks, code.numbers if code is not None and ours else {})
    reasons = list(answer.reasons)
    if min(patch.inside for patch in flat) < MIN_INSIDE:
        reasons.append("cut")
    if not revision.accepted or reworded(sheet):
        reasons.append("wrong revision")
    return msgspec.structs.replace(
        answer,
        status="read" if set(reasons) <= {"sum broken"} else "review",
        reasons=(*reasons, *sheet.surroundings),
        evidence={**answer.evidence, **_told(sheet, code if ours else None)},
        revision=revision.title,
    )


def judge(
    readings: Mapping[str, Sequence[Cell]], checks: Sequence[Check], code: Mapping[str, int] | None = None
) -> Answer:
    """Return what the cells of each number say, weighed against the checks and the sheet's own ``code``. Pure."""
    told = {name: value for name, value in (code or {}).items() if name in readings}
    reading = settled(readings, checks, told)
    numbers = reading.values
    doubt = {place: odds for place, odds in doubts(reading).items() if place[0] not in told}
    odds, known = sum(doubt.values()), None not in numbers.values()
    reasons: list[Reason] = []
    if any(check.holds(numbers) is False for check in checks):
        reasons.append("sum broken")
    if any(not _agrees(readings[name], value) for name, value in told.items()):
        reasons.append("code differs")
    if not known or odds > ACCEPTED:
        reasons.append("doubt")
    return Answer(
        status="read" if set(reasons) <= {"sum broken"} else "review",
        reasons=tuple(reasons),
        numbers=numbers,
        evidence=_evidence(reading, doubt),
        confidence=round(1 / (1 + odds), 4) if known else 0.0,
    )


def _agrees(cells: Sequence[Cell], value: int) -> bool:
    """Whether the handwriting says what the code says, or nothing."""
    classes = [cell.best for cell in cells]
    return value_of(classes) == value or set(classes) == {EMPTY}


def _told(sheet: Sheet, code: Printed | None) -> dict[str, dict[str, float | str]]:
    """Return what the sheet's QR says of its station, and the lines of print that the form names."""
    told: dict[str, dict[str, float | str]] = {}
    if code is not None:
        told["code"] = {"station": code.station or "", "numbers": float(len(code.numbers))}
    for text in sheet.revision.texts:
        line = read_line(sheet.patch(text.region, scale=2.0).image, text.languages)
        told[f"text/{text.id}"] = {"text": line.text, "confidence": line.confidence, "missing": line.missing}
    return told


def _evidence(reading: Reading, doubt: Mapping[tuple[str, int], float]) -> dict[str, dict[str, float | str]]:
    told: dict[str, dict[str, float | str]] = {}
    for name, cells in reading.cells.items():
        for position, (cell, read) in enumerate(zip(cells, reading.classes[name], strict=True)):
            part = doubt.get((name, position), 0.0)
            told[f"{name}/{position}"] = {
                "digit": NAMES[read],
                "confidence": round(float(cell.chances[read]), 4),
                "second": cell.second if read == cell.best else cell.text,
                "doubt": round(part, 4) if part > DOUBTFUL else 0.0,
            }
    return told
