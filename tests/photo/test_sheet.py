"""Sheets: real ones are found, other printings are told by their words, screens by what is around them."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from golos.photo.drawing.camera import Scene, take
from golos.photo.drawing.chance import paper
from golos.photo.drawing.specimen import Design, draw
from golos.photo.form import parse_form
from golos.photo.form_text import toml_of
from golos.photo.picture import Picture
from golos.photo.reader import read
from golos.photo.sheet import Sheet, register
from golos.photo.wording import reworded

SHARED = Path(__file__).parents[2].parent / "shared" / "images"
SCENE = Scene(roll=3, pitch=9, yaw=4, bend=0.004, shadow=0.4, desk=3, seed=8)
LINES = ("Сколько бюллетеней найдено в ящике", "Сколько из них недействительных", "Сколько подано досрочно")
OTHERS = ("Число избирателей по списку участка", "Число полученных бюллетеней всех", "Голосовало вне помещения тут")


def test_another_printing_is_told_by_its_words():
    """Lines and frames are where the form has them; only the words differ."""
    form, same, other = (specimen(lines) for lines in (LINES, LINES, OTHERS))
    boxes = [(f"line-{n}", [region]) for n, region in enumerate(form.regions())]
    known = parse_form(toml_of("ballot", "blank.png", boxes).encode(), {"blank.png": form.png()})
    for drawn, told in ((same, False), (other, True)):
        sheet = register(photographed(drawn), known)
        assert isinstance(sheet, Sheet) and reworded(sheet) is told


def specimen(lines):
    names = tuple(f"{number}. {line}" for number, line in enumerate(lines * 4, 1))
    return draw("Протокол", (lines[0], lines[1]), names, Design(paper="a4", fonts=("DejaVu Sans",)))


def photographed(drawn):
    grey = cv2.cvtColor(take(paper(drawn.grey(1500), np.random.default_rng(3)), SCENE).picture, cv2.COLOR_BGR2GRAY)
    return Picture(grey, None, (grey.shape[1], grey.shape[0]))


@cache
def answered(template, photo):
    """Return what is said of a real sheet by a form of one cell: how it was found is all that matters here."""
    if not SHARED.is_dir():
        pytest.skip("../shared/images is not beside the project")
    toml = 'kind = "protocol"\ntemplate = "t.png"\n[[number]]\nid = "n"\ncells = [[100, 100, 40, 40]]\n'
    form = parse_form(toml.encode(), {"t.png": (SHARED / template).read_bytes()})
    return read((SHARED / photo).read_bytes(), form)


@pytest.mark.parametrize(
    ("template", "photo"),
    [
        ("c1-other/C1-plano-reference.jpg", "c1-other/pilgub-1.jpeg"),
        ("c1-other/C1-plano-reference.jpg", "c1-other/pilgub-3.jpg"),
        ("c1-2019/PPWP-2019-plano.png", "c1-2019/4.JPG"),
        ("c-digital/c.hasil_pwp_3.png", "c-digital/pwp_sample_01.jpg"),
        ("c-digital/c.hasil_data.png", "c-digital/data_sample_02.jpg"),
    ],
)
def test_real_sheets_are_found_as_what_they_are(template, photo):
    answer = answered(template, photo)
    assert answer.numbers is not None and not {"wrong revision", "wrong form", "screen"} & set(answer.reasons)


def test_an_older_printing_of_a_real_form_is_recognised():
    answer = answered("c-digital/c.hasil_dpr_s10_v2.png", "c-digital/dpr10_sample_01.jpeg")
    assert answer.status == "review" and "wrong revision" in answer.reasons


@pytest.mark.parametrize("photo", ["pilpres-2024-hal2.jpg", "pilpres-2024-hal2-cam2.jpg"])
def test_photographs_of_a_monitor_are_flagged(photo):
    assert "screen" in answered("c1-other/PPWP-2024-hal2-plano.png", f"c1-other/{photo}").reasons
