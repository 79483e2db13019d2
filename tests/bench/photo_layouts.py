"""Layouts: ballots of 2 to 30 options in several scripts: two families of development, one that it never saw."""

import math

import numpy as np

from golos.photo.drawing.specimen import Design, Specimen, draw
from golos.photo.form import Form, parse_form
from golos.photo.form_text import toml_of

NUMBER = 40
"""Layouts that photographs are taken of in turn, in development and of those kept back."""
_TABLES = 20
"""Number of the first ruled table; before it are plain rows."""
HELDOUT = 200
"""Number of the first layout that is kept back: only ever measured, never looked at to make the reader better."""
_OPTIONS = (2, 3, 5, 7, 9, 12, 14, 18, 24, 30)
_LANGUAGES = ("ru", "en", "ar")
_NAMES = {
    "ru": "Андрей Ольга Мария Сергей Наталья Кузьмин Иванова Лапицкий Шведова Чернова Петрович Николаевна Гончаренко "
    "Рябцева Жук Кравец Савчук Мельникова Тихон Зоя Степан Юрьевич Фёдоровна Щербаков Цветкова Эдуард Владимирович",
    "en": "Anna Brown George Mitchell Zoe Harrington Samuel O'Neill Victoria Quinn Ferguson Walsh Kapoor Davies Lloyd "
    "Peterson Yvonne Jackson Huxley Martinez Edith Thorne Iris Beckett Nolan Reyes Wright Cohen Umar Delgado",
    "ar": "محمد سعاد خالد إبراهيم فاطمة حسين يوسف ليلى عبدالله نورة طارق زينب مصطفى هدى رشيد أمينة كريم سلمى عمر",
}
_HEADS = {
    "ru": (
        "Бюллетень для голосования на выборах Президента",
        ("Поставьте любой знак в одном квадрате.", "Пастаўце любы знак у адным квадраце."),
    ),
    "en": ("Ballot paper · Parliamentary election", ("Mark one box only. Any clear mark counts.",)),
    "ar": ("ورقة الاقتراع · الانتخابات الرئاسية", ("ضع علامة واحدة في مربع واحد فقط",)),
}
_FONTS = {
    "ru": ("Libertinus Serif", "DejaVu Sans", "Liberation Sans", "DejaVu Serif"),
    "en": ("New Computer Modern", "Liberation Serif", "DejaVu Sans Mono", "Libertinus Serif"),
    "ar": ("DejaVu Sans",),
}
_TABLE_NAMES = (
    "Παπαδόπουλος Ελένη Γεώργιος Κατερίνα Δημήτρης Αθανασίου Νικολαΐδης Σοφία Βασίλης Χριστίνα Ιωάννου "
    "Müller Åsa Łukasz Zażółć Ñandú Çelik Øyvind Škoda Œuvre Żaneta Jürgen Þór Ügyfél"
)


def layout(number: int) -> Specimen:
    """Return layout ``number``: 0 to 39 are for development, 200 to 239 are kept back."""
    if number >= HELDOUT:
        return _heldout(number - HELDOUT)
    return _table(number - _TABLES) if number >= _TABLES else _rows(number)


def files_of(specimen: Specimen, longest: int = 1200) -> dict[str, bytes]:
    """Return FORM.toml and its picture; boxes are named by their numbers."""
    boxes = [(str(number), [region]) for number, region in enumerate(specimen.regions(longest))]
    return {"FORM.toml": toml_of("ballot", "blank.png", boxes).encode(), "blank.png": specimen.png(longest)}


def form_of(specimen: Specimen, longest: int = 1200) -> Form:
    """Return the form of a specimen."""
    files = files_of(specimen, longest)
    return parse_form(files.pop("FORM.toml"), files)


def _rows(number: int) -> Specimen:
    random = np.random.default_rng((77, number))
    language = _LANGUAGES[number % 3]
    count = _OPTIONS[number % 10]
    names = tuple(
        " ".join(random.choice(_NAMES[language].split(), int(random.integers(2, 4)), replace=False))
        for _ in range(count)
    )
    design = Design(
        paper="a4" if count > 14 or random.random() < 0.3 else "a5",
        columns=2 if count >= 12 and number % 2 else 1,
        fonts=(str(random.choice(_FONTS[language])), "DejaVu Sans"),
        box=float(random.uniform(6.5, 10)),
        stroke=float(random.uniform(0.25, 0.8)),
        box_left=bool(random.random() < 0.35),
        rules=bool(random.random() < 0.7),
        rtl=language == "ar",
    )
    return draw(*_HEADS[language], names, design)


def _table(number: int) -> Specimen:
    """Return a ruled table: a number, a name, a party, and a field of the row's height or a round one to mark."""
    random = np.random.default_rng((78, number))
    count, columns = _OPTIONS[number % 10], 2 if number % 10 >= 6 else 1
    rows = math.ceil(count / columns)
    width, height = (210.0, 297.0) if count > 7 else (148.0, 210.0)
    row = min(17.0, (height - 60) / rows)
    wide, side = (width - 30) / columns, min(row - 1.4, 11.0)
    round_ = number % 2 == 1
    source = [
        f"#set page(width: {width}mm, height: {height}mm, margin: 0mm)",
        '#set text(font: ("Libertinus Serif", "DejaVu Sans"), size: 10pt)',
        "#place(left + top, dx: 15mm, dy: 12mm, rect(width: 24mm, height: 18mm, stroke: 0.6mm)[No. 4417])",
        "#place(left + top, dx: 45mm, dy: 14mm, text(size: 17pt)[*ΨΗΦΟΔΕΛΤΙΟ · Stimmzettel*])",
    ]
    boxes = []
    for place in range(count):
        left, top = 15 + wide * (place // rows), 40 + row * (place % rows)
        name = " ".join(random.choice(_TABLE_NAMES.split(), 2, replace=False))
        x, y = left + wide - side - 2, top + (row - side) / 2
        corner = f", radius: {side / 2:.2f}mm" if round_ else ""
        size = f"{min(11.0, row * 1.1):.1f}pt"
        source += [
            f"#place(left + top, dx: {left}mm, dy: {top}mm, rect(width: {wide}mm, height: {row}mm, stroke: 0.25mm))",
            f"#place(left + top, dx: {left + 2}mm, dy: {top + row * 0.28}mm, text(size: {size})[{place + 1}. {name}])",
            f"#place(left + top, dx: {x}mm, dy: {y}mm, rect(width: {side}mm, height: {side}mm, stroke: 0.6mm{corner}))",
        ]
        boxes.append((x, y, side))
    return Specimen(Design(paper="a4" if height > 250 else "a5"), "\n".join(source), tuple(boxes))


_HELDOUT_NAMES = (
    "გიორგი ნინო დავით თამარ ლევან მარიამ ირაკლი ეკა Արամ Անի Հայկ Լիլիթ Տիգրան Մարիամ Narine Beka Otar Ketevan "
    "Zurab Lusine Gevorg Salome Vakhtang Hasmik"
)


def _heldout(number: int) -> Specimen:
    """Return cards beside each other: a box with round corners on the left, a bold name, a party in small grey letters.

    Some lie across; all bear an emblem, bars as of a serial number, and a line to sign on.
    """
    random = np.random.default_rng((79, number))
    count, across = _OPTIONS[number % 10], number % 4 == 3
    columns = 3 if across and count > 8 else 2 if count > 10 else 1
    long, short = (297.0, 210.0) if count > 6 else (210.0, 148.0)
    width, height = (long, short) if across else (short, long)
    rows = math.ceil(count / columns)
    row, wide = min(19.0, (height - 66) / rows), (width - 20) / columns
    side = min(row - 2.2, float(random.uniform(6.5, 9.5)))
    source = [
        f"#set page(width: {width}mm, height: {height}mm, margin: 0mm)",
        '#set text(font: ("DejaVu Sans",), size: 9pt)',
        "#place(left + top, dx: 10mm, dy: 9mm, circle(radius: 8mm, stroke: 0.8mm)[*IV*])",
        "#place(left + top, dx: 32mm, dy: 11mm, text(size: 14pt)[*ბიულეტენი · Քվեաթերթիկ*])",
        f"#place(left + top, dx: 32mm, dy: 20mm, text(size: 8pt)[One mark. Précinct {number + 311}])",
        f"#place(left + top, dx: 10mm, dy: {height - 14}mm, line(length: 60mm, stroke: 0.3mm))",
    ]
    for bar in range(14):
        stroke = float(random.uniform(0.3, 1.1))
        place = f"dx: {width - 40 + bar * 2.1:.1f}mm, dy: 9mm"
        source.append(f"#place(left + top, {place}, line(length: 9mm, angle: 90deg, stroke: {stroke:.2f}mm))")
    boxes = []
    for place in range(count):
        left, top = 10 + wide * (place // rows), 36 + row * (place % rows)
        name, party = (" ".join(random.choice(_HELDOUT_NAMES.split(), 2, replace=False)) for _ in range(2))
        x, y = left + 3, top + (row - side) / 2
        beside = f"dx: {x + side + 4:.2f}mm"
        size = min(10.0, row * 0.9)
        source += [
            f"#place(left + top, {beside}, dy: {top + row * 0.16:.2f}mm, text(size: {size:.1f}pt)[*{name}*])",
            f"#place(left + top, {beside}, dy: {top + row * 0.58:.2f}mm, "
            f"text(size: {size * 0.66:.1f}pt, fill: luma(90))[{party}])",
            f"#place(left + top, dx: {x:.2f}mm, dy: {y:.2f}mm, "
            f"rect(width: {side:.2f}mm, height: {side:.2f}mm, radius: {side * 0.2:.2f}mm, stroke: 0.45mm))",
        ]
        boxes.append((x, y, side))
    return Specimen(Design(paper="a4" if long > 250 else "a5"), "\n".join(source), tuple(boxes))
