"""Generated protocols: a printed form with cells, digits written into it, and a phone's photograph of it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import typst
from training.digits.sources import Sources, split
from training.digits.strokes import digit, struck

from golos.photo.drawing.camera import Scene, take
from golos.photo.form import Form, parse_form

SOURCES = Path(__file__).parents[2] / "build" / "digits"
"""Where `make train-digits` leaves its sources; the handwriting held out there is written into the sheets."""
LINES = (
    ("voters", "Число избирателей, включённых в список"),
    ("issued", "Число избирателей, получивших бюллетени"),
    ("alice", "Алесь Беларус"),
    ("bob", "Багдан Вольны"),
    ("carol", "Кацярына Гарэцкая"),
    ("against", "Против всех кандидатов"),
    ("invalid", "Число недействительных бюллетеней"),
    ("turnout", "Число избирателей, принявших участие в голосовании"),
)
CHECKS = ("alice + bob + carol + against + invalid == turnout", "turnout <= issued", "issued <= voters")
DIGITS, CELL, TOP, ROW, LEFT = 4, 9.0, 70.0, 17.0, 148.0


@cache
def blank(inner: str = "plain", shift: float = 0.0) -> bytes:
    """The form as PNG, about 1,400 pixels high; ``inner`` "dots" prints guides into the cells."""
    parts = [
        "#set page(width: 210mm, height: 297mm, margin: 0mm)",
        '#set text(font: ("Libertinus Serif", "DejaVu Sans"), size: 11pt)',
        "#place(dx: 20mm, dy: 15mm, text(size: 15pt)[*ПРОТОКОЛ участковой комиссии о результатах голосования*])",
        "#place(dx: 20mm, dy: 28mm, text(size: 10pt)[Участок для голосования № #box(width: 30mm, line(length: 100%)) "
        "выборы Президента, Республика Беларусь])",
        "#place(dx: 20mm, dy: 40mm, block(width: 165mm, text(size: 9pt)[Заполняется шариковой ручкой, по одной цифре "
        "в клетке. Пустые клетки перечёркиваются. Исправления не допускаются и заверяются подписью председателя.]))",
        "#place(dx: 20mm, dy: 240mm, text(size: 10pt)[Председатель комиссии #box(width: 60mm, line(length: 100%))])",
        "#place(dx: 20mm, dy: 255mm, text(size: 10pt)[Секретарь комиссии #box(width: 60mm, line(length: 100%))])",
        "#place(dx: 20mm, dy: 275mm, text(size: 8pt)[Форма 5-П, редакция 2])",
    ]
    for row, (_, label) in enumerate(LINES):
        y = TOP + row * ROW
        parts.append(f"#place(dx: 20mm, dy: {y + 2}mm, text[{row + 1}. {label}])")
        parts.append(f"#place(dx: 18mm, dy: {y - 3.5}mm, line(length: 174mm, stroke: 0.3mm))")
        for place in range(DIGITS):
            x = LEFT + place * CELL + shift
            parts.append(f"#place(dx: {x}mm, dy: {y}mm, rect(width: {CELL}mm, height: {CELL + 2}mm, stroke: 0.3mm))")
            if inner == "dots":
                dots = 'stroke: (paint: luma(140), thickness: 0.25mm, dash: "dotted")'
                box = f"rect(width: {CELL * 0.5}mm, height: {CELL * 0.8}mm, {dots})"
                parts.append(f"#place(dx: {x + CELL * 0.25}mm, dy: {y + CELL * 0.2}mm, {box})")
    return bytes(typst.Compiler().compile("\n".join(parts).encode(), format="png", ppi=120))


def toml(shift: float = 0.0) -> bytes:
    """The form's FORM.toml."""
    told = ['kind = "protocol"', 'template = "blank.png"', ""]
    mm = 120 / 25.4
    for row, (name, _) in enumerate(LINES):
        y = round((TOP + row * ROW) * mm)
        cells = [
            [round((LEFT + place * CELL + shift) * mm), y, round(CELL * mm), round((CELL + 2) * mm)]
            for place in range(DIGITS)
        ]
        told += ["[[number]]", f'id = "{name}"', f"cells = {cells}", ""]
    for check in CHECKS:
        told += ["[[check]]", f'rule = "{check}"', ""]
    return "\n".join(told).encode()


@cache
def form(inner: str = "plain") -> Form:
    return parse_form(toml(), {"blank.png": blank(inner)})


@dataclass(frozen=True)
class Written:
    """A filled sheet (h, w, 3) and the numbers that were written."""

    sheet: np.ndarray
    values: dict[str, int]


@cache
def held_out() -> Sources | None:
    """Handwriting that the network has not learned from; None where it was not fetched."""
    return split(SOURCES)[1] if (SOURCES / "mnist").is_dir() else None


def values(rng, broken: bool = False) -> dict[str, int]:
    options = {
        name: int(rng.integers(0, top)) for name, top in (("alice", 900), ("bob", 400), ("carol", 60), ("against", 40))
    }
    invalid = int(rng.integers(0, 20))
    turnout = sum(options.values()) + invalid + (int(rng.integers(1, 40)) if broken else 0)
    issued = turnout + int(rng.integers(0, 5))
    return {
        **options,
        "invalid": invalid,
        "turnout": turnout,
        "issued": issued,
        "voters": issued + int(rng.integers(1, 900)),
    }


def fill(rng, inner: str = "plain", broken: bool = False, dark: float = 0.0) -> Written:
    """Write a station's numbers into the form, one hand and one pen a sheet."""
    sheet = cv2.imdecode(np.frombuffer(blank(inner), np.uint8), cv2.IMREAD_COLOR).astype(np.float32)
    told = values(rng, broken)
    pen = np.array([rng.uniform(60, 150), rng.uniform(20, 70), rng.uniform(10, 60)], np.float32)
    strength = rng.uniform(0.55, 1.0)
    leading, size = rng.choice(["zero", "empty", "struck"]), rng.uniform(0.5, 0.8)
    for number in form(inner).current.numbers:
        text = str(told[number.id])
        for place, cell in enumerate(number.cells):
            at = place - (len(number.cells) - len(text))
            ink = _ink(text[at] if at >= 0 else leading, rng)
            if ink is not None:
                _write(sheet, cell, ink * strength, pen, size * rng.uniform(0.9, 1.1), rng)
    return Written(sheet.astype(np.uint8), told)


def _ink(what: str, rng):
    if what == "empty":
        return None
    if what == "struck":
        return struck(rng)
    value = 0 if what == "zero" else int(what)
    sources = held_out()
    return sources.digit(value, rng) if sources else digit(value, rng)


def _write(sheet, cell, ink, pen, size, rng) -> None:
    high = round(cell.h * size)
    wide = max(4, round(high * ink.shape[1] / ink.shape[0]))
    small = cv2.resize(ink, (wide, high), interpolation=cv2.INTER_AREA)[..., None]
    x = cell.x + (cell.w - wide) // 2 + round(rng.normal(0, 0.05 * cell.w))
    y = cell.y + (cell.h - high) // 2 + round(rng.normal(0, 0.05 * cell.h))
    part = sheet[y : y + high, x : x + wide]
    part[:] = part * (1 - small[: part.shape[0], : part.shape[1]]) + pen * small[: part.shape[0], : part.shape[1]]


def photograph(written: Written, rng, hard: float = 1.0) -> bytes:
    """A phone's JPEG of the sheet."""
    scene = Scene(
        size=(1536, 2048),
        fill=rng.uniform(0.8, 0.97),
        roll=rng.normal(0, 6 * hard),
        pitch=rng.normal(0, 9 * hard),
        yaw=rng.normal(0, 9 * hard),
        bend=abs(rng.normal(0, 0.008 * hard)),
        light=rng.uniform(0.55, 0.95),
        shadow=rng.uniform(0, 0.5 * hard),
        blur=abs(rng.normal(0, 0.8 * hard)),
        grain=rng.uniform(0, 5 * hard),
        quality=int(rng.integers(55, 95)),
        messenger=bool(rng.random() < 0.3),
        desk=int(rng.integers(1000)),
        seed=int(rng.integers(1 << 30)),
    )
    return take(written.sheet, scene).jpeg(scene)
