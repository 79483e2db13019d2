"""Ballots: from a photograph to a choice, or to the doubts that people settle."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.bench import photo_ballots, photo_layouts

from golos.photo.drawing import pens
from golos.photo.drawing.camera import Scene, take
from golos.photo.drawing.chance import Act, paper, photograph, scene, vote
from golos.photo.drawing.specimen import Design, draw
from golos.photo.form import Region, parse_form
from golos.photo.form_text import toml_of
from golos.photo.reader import read

SHARED = Path(__file__).parents[2].parent / "shared" / "images"
OPTIONS = ("Иванова Мария Петровна", "Кузьмин Олег", "Шведова Ольга", "Лапицкий Андрей", "Против всех · Супраць усіх")
TITLE = "Бюллетень · Бюлетэнь · Ballot paper"
SPECIMEN = draw(TITLE, ("Поставьте любой знак в одном квадрате.",), OPTIONS, Design())
OTHER = draw("Референдум 2021", ("Один знак.",), ("За", "Против", "Не знаю"), Design(paper="a4", box_left=True))
SIZE = 1500
GOOD = Scene(roll=4, pitch=8, yaw=-5, bend=0.003, folds=1, light=0.85, desk=5, seed=3)


def form_of(specimen, older=None):
    boxes = [(f"option-{n}", [r]) for n, r in enumerate(specimen.regions())]
    text, pictures = toml_of("ballot", "blank.png", boxes), {"blank.png": specimen.png()}
    if older is not None:
        text += '\n[[revision]]\nname = "older"\ntemplate = "older.png"\n'
        for n, r in enumerate(older.regions()):
            text += f'[[revision.box]]\nid = "option-{n}"\nxywh = [{r.x}, {r.y}, {r.w}, {r.h}]\n'
        pictures["older.png"] = older.png()
    return parse_form(text.encode(), pictures)


FORM = form_of(SPECIMEN)


def photo(kind, box, scene=GOOD, seed=0, specimen=SPECIMEN):
    random = np.random.default_rng(seed)
    sheet = paper(specimen.grey(SIZE), random)
    act = vote(sheet, specimen.regions(SIZE), random, kind, box)
    return take(sheet, scene).jpeg(scene), act


def read_photo(kind, box=2, scene=GOOD, seed=0):
    data, act = photo(kind, box, scene, seed)
    return read(data, FORM), act


@pytest.mark.parametrize("kind", [*pens.SHAPES, "pencil", "touching"])
def test_every_kind_of_mark_is_read(kind):
    answer, act = read_photo(kind)
    assert (answer.status, answer.choice) == ("read", "option-2")
    assert act == Act(kind, (2,))


def test_an_unmarked_ballot_is_blank():
    answer, _ = read_photo("blank")
    assert (answer.status, answer.choice, answer.marked) == ("read", None, ())


@pytest.mark.parametrize("kind", ["over-vote", "corrected"])
@pytest.mark.parametrize("seed", range(4))
def test_two_marked_boxes_are_for_people(kind, seed):
    answer, act = read_photo(kind, 1, seed=seed)
    assert answer.status == "review" and answer.choice is None
    assert set(answer.reasons) & {"over-vote", "corrected", "doubt"}
    assert set(answer.marked) <= {f"option-{n}" for n in act.marked}


def test_a_low_tick_beside_a_box_that_is_struck_out_is_a_second_mark():
    """It keeps off the middle of its box and goes on outside, as the end of a mark of the box beside it does."""
    taken = photo_ballots.take(12, photo_layouts.HELDOUT)
    assert taken.act == Act("corrected", (2, 0))
    answer = read(taken.jpeg, taken.form)
    assert answer.status == "review" and answer.choice is None


def test_glare_upon_the_other_boxes_makes_no_circle_of_a_frame():
    taken = photo_ballots.take(3921)
    answer = read(taken.jpeg, taken.form)
    assert taken.act.kind == "blank" and (answer.status, answer.marked) == ("review", ())


@pytest.mark.parametrize("number", [563, 201_347])
def test_a_fingertip_at_the_rim_of_a_box_is_no_mark(number):
    """Both were once read as votes upon blank ballots: one by the shade beside the finger, one by its edge."""
    taken = photo_ballots.take(number)
    answer = read(taken.jpeg, taken.form)
    assert taken.act.kind == "blank" and answer.marked == () and answer.status == "review"


@pytest.mark.parametrize("number", [1623, 2394])
def test_a_thin_circle_upon_the_frame_is_not_taken_for_a_blank_ballot(number):
    """Both were once read as blank: one in a dim picture, one in glare."""
    taken = photo_ballots.take(number, photo_layouts.HELDOUT)
    answer = read(taken.jpeg, taken.form)
    assert taken.act == Act("circle", (1,))
    assert (answer.status, answer.choice) in {("read", "1"), ("review", None)}


@pytest.mark.parametrize(("kind", "number"), [("pencil", 500_338), ("circle", 500_418)])
def test_what_stands_out_among_empty_boxes_is_a_doubt_however_faint(kind, number, monkeypatch):
    """A short stroke of a pencil at the rim, and a circle as thin as the frame: both were once read as blank."""
    taken = drawn(kind, number, monkeypatch)
    answer = read(taken.jpeg, taken.form)
    assert taken.act.kind == kind and (answer.status, answer.reasons) == ("review", ("doubt",))


@pytest.mark.parametrize(
    ("kind", "number", "why"),
    [
        (None, 200_373, "a circle of the frame's own size lies upon it"),
        (None, 200_049, "a dark picture is noisy, and the mark is plain"),
        (None, 201_137, "blur brings the frame into every box alike"),
        (None, 906, "paper bends, and a frame comes a pixel too far in, beside a plain mark"),
        (None, 1535, "a plain circle is a plain mark"),
        (None, 1859, "so is a dash in a dark picture"),
        (None, 200_889, "beside a plain mark a frame that is a little bolder tells nothing"),
        ("circle", 400_549, "a circle reaches over to the next box"),
        ("blank", 500_413, "a finger reaches in beside the print"),
        ("blank", 500_275, "the rules are bent away from where they are looked for"),
    ],
)
def test_what_is_plain_to_people_is_plain_to_the_reader(kind, number, why, monkeypatch):
    taken = drawn(kind, number, monkeypatch)
    answer = read(taken.jpeg, taken.form)
    assert answer.status == "read", why
    assert answer.choice == (None if taken.act.choice is None else str(taken.act.choice))


@pytest.mark.parametrize("number", [700_005, 700_021, 700_045])
def test_what_is_written_in_no_box_is_no_blank_ballot(number):
    """Fingers may reach in beside it."""
    blank, boxes, form = photo_ballots._prepared(number % photo_layouts.NUMBER)
    random = np.random.default_rng(number)
    sheet = paper(blank, random)
    lowest = max(box.y + box.h for box in boxes)
    place = Region(blank.shape[1] // 3, (lowest + blank.shape[0]) // 2 - boxes[0].h, boxes[0].w, boxes[0].h)
    pens.mark(sheet, place, "cross", pens.pick(random), random)
    of = replace(scene(random), fingers=((1, 0.7, 0.1), (3, 0.5, 0.1)), roll=0.0)
    answer = read(photograph(sheet, of).jpeg(of), form)
    assert (answer.status, answer.marked) == ("review", ()) and "doubt" in answer.reasons


def drawn(kind, number, monkeypatch):
    """Photograph ``number`` of a voter who does this, or anything."""
    if kind:
        monkeypatch.setattr(photo_ballots, "vote", lambda sheet, boxes, random: vote(sheet, boxes, random, kind))
    return photo_ballots.take(number)


@pytest.mark.parametrize("number", [200_154, 200_488, 200_745])
def test_a_pose_that_slipped_by_a_row_gives_way_to_a_better_one(number):
    # Most blocks of print fit when the sheet is taken for one row higher; the boxes at its end are then not there.
    taken = photo_ballots.take(number)
    answer = read(taken.jpeg, taken.form)
    assert (answer.status, answer.choice) == ("read", str(taken.act.choice))


def test_two_marks_are_a_choice_where_the_form_allows_two():
    data, act = photo("over-vote", 1)
    two = parse_form(
        toml_of("ballot", "b.png", [(str(n), [r]) for n, r in enumerate(SPECIMEN.regions())], 2).encode(),
        {"b.png": SPECIMEN.png()},
    )
    answer = read(data, two)
    assert (answer.status, set(answer.marked)) == ("read", {str(n) for n in act.marked})


@pytest.mark.parametrize("roll", [0, 90, 180, 270])
def test_a_photograph_may_lie_on_any_side(roll):
    size = (1280, 960) if roll % 180 else (960, 1280)
    answer, _ = read_photo("cross", 0, replace(GOOD, roll=roll + 3, size=size))
    assert (answer.status, answer.choice) == ("read", "option-0")


def test_a_finger_over_a_box_is_for_people():
    """It may hide a second mark: the box that it covers can't be called empty."""
    answer, _ = read_photo("cross", 0, replace(GOOD, fingers=((1, 0.42, 0.2),)))
    assert answer.status == "review" and set(answer.reasons) & {"finger", "over-vote", "doubt"}


@pytest.mark.parametrize("box", [1, 2, 3])
def test_a_finger_is_no_mark(box):
    """Its tip on a box of a blank ballot: ink within, and on several sides, but no frame under it."""
    box_of = SPECIMEN.regions(SIZE)[box]
    height, width = SPECIMEN.grey(SIZE).shape
    finger = (1, (box_of.y + box_of.h / 2) / height, 1 - (box_of.x + box_of.w * 0.4) / width)
    answer, _ = read_photo("blank", box, replace(GOOD, fingers=(finger,)))
    assert answer.status == "review" and answer.choice is None


def test_the_edge_of_a_shadow_is_no_mark():
    for seed in range(6):
        answer, _ = read_photo("cross", 2, replace(GOOD, shadow=0.5, seed=seed), seed)
        assert (answer.status, answer.choice) == ("read", "option-2")


def test_a_circle_that_lies_upon_the_frame_is_never_read_as_no_mark():
    random = np.random.default_rng(4)
    for size in (0.48, 0.5, 0.53):
        sheet = paper(SPECIMEN.grey(SIZE), random)
        angle = np.linspace(0, 2 * np.pi, 60)
        corner = np.abs(np.cos(angle)) ** 8 + np.abs(np.sin(angle)) ** 8
        way = 0.5 + size * np.stack([np.cos(angle), np.sin(angle)], 1) / corner[:, None] ** 0.125
        pens.write(sheet, SPECIMEN.regions(SIZE)[1], [way], pens.Pen((60, 40, 40), 0.1, 1.0), random)
        answer = read(take(sheet, GOOD).jpeg(GOOD), FORM)
        assert answer.status != "read" or answer.choice == "option-1"


def test_a_form_of_equal_rows_is_found_without_its_rim():
    """Other papers hide the rim, and thirty rows look alike: the pairs have to agree on the sheet's middle."""
    names = tuple(f"{name} {number}" for number, name in enumerate(OPTIONS * 5))
    many = draw(TITLE, ("Поставьте любой знак в одном квадрате.",), names, Design(paper="a4"))
    sheet = paper(many.grey(SIZE), np.random.default_rng(1))
    vote(sheet, many.regions(SIZE), np.random.default_rng(1), "cross", 19)
    shot = take(sheet, replace(GOOD, fill=0.98)).picture
    height, width = shot.shape[:2]
    inner = shot[int(0.03 * height) : int(0.97 * height), int(0.06 * width) : int(0.94 * width)]
    answer = read(cv2.imencode(".jpg", inner)[1].tobytes(), form_of(many))
    assert (answer.status, answer.choice) == ("read", "option-19")


def test_dark_surroundings_are_told():
    """As those of a screen: a flag, and no reason to ask people."""
    sheet = paper(SPECIMEN.grey(SIZE), np.random.default_rng(2))
    vote(sheet, SPECIMEN.regions(SIZE), np.random.default_rng(2), "cross", 1)
    for ground, told in ((25, ("screen",)), (190, ())):
        small = cv2.resize(sheet, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
        shot = cv2.copyMakeBorder(small, 90, 90, 90, 90, cv2.BORDER_CONSTANT, value=(ground, ground, ground))
        answer = read(cv2.imencode(".jpg", shot)[1].tobytes(), FORM)
        assert (answer.status, answer.choice, answer.reasons) == ("read", "option-1", told)


def test_a_blurred_photograph_is_never_read_wrongly():
    for blur in (3.0, 6.0):
        answer, _ = read_photo("cross", 0, replace(GOOD, blur=blur))
        assert answer.status != "read" or answer.choice == "option-0"
    assert read_photo("cross", 0, replace(GOOD, blur=9.0))[0].status != "read"


def test_a_ballot_cut_off_at_a_box_is_for_people():
    data, _ = photo("cross", 0)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    cut = cv2.imencode(".jpg", picture[:, : int(picture.shape[1] * 0.68)])[1].tobytes()
    assert read(cut, FORM).status != "read"


def test_a_thumbnail_is_no_photograph():
    answer, _ = read_photo("cross", 0, replace(GOOD, size=(300, 400)))
    assert (answer.status, answer.reasons) == ("rejected", ("thumbnail",))


def test_another_form_is_not_read():
    answer = read(photo("cross", 1, specimen=OTHER)[0], FORM)
    assert answer.status != "read" and set(answer.reasons) & {"wrong form", "not a form"}


def test_what_is_no_form_is_not_read():
    noise = np.random.default_rng(1).integers(0, 255, (60, 80, 3), dtype=np.uint8)
    picture = cv2.imencode(".jpg", cv2.resize(noise, (1280, 960), interpolation=cv2.INTER_CUBIC))[1].tobytes()
    answer = read(picture, FORM)
    assert (answer.status, answer.reasons) == ("rejected", ("not a form",))
    assert read(b"no picture", FORM).reasons == ("undecodable",)


def test_an_older_revision_is_recognised():
    older = draw(TITLE, ("Поставьте любой знак в одном квадрате.",), OPTIONS[::-1], Design())
    answer = read(photo("cross", 1, specimen=older)[0], form_of(SPECIMEN, older))
    assert answer.status == "review" and "wrong revision" in answer.reasons
    assert answer.revision.startswith("older ") and answer.choice is None


def test_a_form_with_names_in_another_order_is_not_read():
    """The worst of all errors: boxes in their places, and other names beside them."""
    older = draw(TITLE, ("Поставьте любой знак в одном квадрате.",), OPTIONS[::-1], Design())
    assert read(photo("cross", 1, specimen=older)[0], FORM).status != "read"


def test_the_same_bytes_give_the_same_answer():
    data, _ = photo("tick", 3)
    first, again = (replace_ms(read(data, FORM)) for _ in range(2))
    assert first == again


def replace_ms(answer):
    return {name: getattr(answer, name) for name in answer.__struct_fields__ if name != "ms"}


def real(folder):
    if not SHARED.is_dir():
        pytest.skip("../shared/images is not beside the project")
    return SHARED / folder, json.loads((SHARED / "truth.json").read_text(encoding="utf-8"))[folder]


def form_of_boxes(template, boxes):
    fields = [(name, [Region(x, y, right - x, low - y)]) for name, (x, y, right, low) in boxes]
    return parse_form(toml_of("ballot", "blank.png", fields).encode(), {"blank.png": template.read_bytes()})


def test_checkboxes_photographed_by_ten_writers():
    folder, truth = real("checkbox-photos")
    form = form_of_boxes(folder / truth["template"], truth["boxes_xyxy"].items())
    answers = {name: read((folder / name).read_bytes(), form) for name in truth["truth"]}
    wrong = [name for name, a in answers.items() if a.status == "read" and a.choice != truth["truth"][name]]
    assert wrong == []
    assert sum(answer.status == "read" for answer in answers.values()) >= 9
    assert all(answer.status != "rejected" for answer in answers.values())


def test_ranked_ballots_hold_the_marks_that_they_hold():
    folder, truth = real("ranked-ballots")
    boxes = [(str(number), box) for number, box in enumerate(truth["boxes_xyxy"])]
    form = form_of_boxes(folder / truth["template"], boxes)
    for name, marks in truth["truth"].items():
        answer = read((folder / name).read_bytes(), form)
        assert set(marks) <= set(answer.marked), name
        assert answer.status != "read" or set(answer.marked) == set(marks), name
