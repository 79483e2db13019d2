"""Copies among real photographs: one sheet taken thrice is one; ten sheets of one form, by ten writers, are ten."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from golos.photo.copies.descriptor import Descriptor
from golos.photo.copies.groups import copies
from golos.photo.copies.pair import relation
from golos.photo.form import parse_form
from golos.photo.reader import described

SHARED = Path(__file__).parents[2].parent / "shared" / "images"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/images is not beside the project")


def known_by(form, file):
    return Descriptor.decode(described(file.read_bytes(), form))


def protocol():
    regions = json.loads((SHARED / "c1-2019" / "digit_config_pilpres_exact_2019.json").read_text())
    told = ['kind = "protocol"', 'template = "blank.png"']
    for number in regions["numbers"]:
        cells = [[x0, y0, x1 - x0, y1 - y0] for y0, y1, x0, x1 in number["digitCoordinates"]]
        told += ["[[number]]", f'id = "{number["shortName"]}"', f"cells = {cells}"]
    blank = (SHARED / "c1-2019" / "PPWP-2019-plano.png").read_bytes()
    return parse_form("\n".join(told).encode(), {"blank.png": blank})


def checkboxes():
    told = ['kind = "ballot"', 'template = "blank.png"']
    for name, (x0, y0, x1, y1) in json.loads((SHARED / "truth.json").read_text())["checkbox-photos"][
        "boxes_xyxy"
    ].items():
        told += ["[[box]]", f'id = "{name}"', f"xywh = [{x0}, {y0}, {x1 - x0}, {y1 - y0}]"]
    blank = (SHARED / "checkbox-photos" / "template.png").read_bytes()
    return parse_form("\n".join(told).encode(), {"blank.png": blank})


def test_one_protocol_photographed_thrice_is_one_sheet():
    form = protocol()
    known = [known_by(form, SHARED / "c1-2019" / f"{n}.JPG") for n in (3, 4, 5)]
    assert [(c.copy, c.first, c.relation) for c in copies(known, station=True)] == [
        (1, 0, "same sheet"),
        (2, 0, "same sheet"),
    ]


def test_ten_ballots_of_ten_writers_are_ten_sheets():
    form = checkboxes()
    known = [known_by(form, SHARED / "checkbox-photos" / f"{n}.jpg") for n in range(1, 11)]
    assert [relation(one, other, station=True) for one, other in combinations(known, 2)] == [None] * 45
