"""The publishable picture: the sheet, and nothing of what was around it, behind it, or in the file's notes."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.photo import desks

from golos.model.problem import Problem
from golos.photo.drawing.camera import Scene, take
from golos.photo.redact import LONGER_SIDE, redact

FORM, BLANK, BOXES = desks.form_and_blank()
BALLOT = desks.Ballot(3, "cross", desks.Pen((150, 60, 25), 0.09, 1.0), 5)
SHEET = BALLOT.drawn(BLANK, BOXES)
SECRETS = (b"Exif", b"Secretphone", b"ICC_PROFILE", b"http://ns.adobe.com", b"a comment", b"THUMB")


def noted(pixels, orientation=1):
    """Return a file with all the notes that a phone leaves, and an archive behind."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "Secretphone 9"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 54.0, 9.0), 3: "E", 4: (27.0, 33.0, 41.0)})
    out = io.BytesIO()
    notes = {"exif": exif, "icc_profile": b"\0" * 500, "comment": b"a comment"}
    Image.fromarray(pixels[:, :, ::-1]).save(out, "JPEG", quality=85, **notes)
    return out.getvalue() + b"http://ns.adobe.com THUMB" * 20


def photograph(desk=4, **options):
    view = desks.View.any(np.random.default_rng(2), desk)
    return desks.picture(desks.replace(view, **options), SHEET)[0]


def opened(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


@pytest.fixture(scope="module")
def published():
    return redact(noted(photograph()), FORM)


def test_no_note_survives(published):
    data = noted(photograph())
    assert all(secret in data for secret in SECRETS)
    assert not any(secret in published for secret in SECRETS)
    with Image.open(io.BytesIO(published)) as image:
        assert not image.getexif() and set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_sheet_is_upright_at_its_fixed_size_and_shows_its_mark(published):
    picture = opened(published)
    assert max(picture.shape) == LONGER_SIDE
    expected = cv2.resize(cv2.cvtColor(SHEET, cv2.COLOR_BGR2GRAY), picture.shape[1::-1], interpolation=cv2.INTER_AREA)
    smooth = [
        cv2.GaussianBlur(g, (0, 0), 3)[40:-40, 40:-40] for g in (cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), expected)
    ]
    assert cv2.matchTemplate(smooth[0], smooth[1], cv2.TM_CCOEFF_NORMED).max() > 0.7
    box = BOXES[BALLOT.option]
    scale = LONGER_SIDE / max(SHEET.shape)
    x, y, side = (round(each * scale) for each in (box.x, box.y, box.w))
    assert picture[y + 8 : y + side - 8, x + 8 : x + side - 8].min() < 150


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_however_the_phone_was_held(published, orientation):
    turns = {1: 0, 3: 2, 6: 1, 8: -1}
    data = noted(np.ascontiguousarray(np.rot90(photograph(), turns[orientation])), orientation)
    assert np.abs(opened(redact(data, FORM)).astype(int) - opened(published)).mean() < 6


def test_nothing_of_the_desk_survives():
    """A desk of a colour that no paper has: not one pixel of it is left."""
    pixels = photograph()
    plain = cv2.cvtColor(photograph(desk=4), cv2.COLOR_BGR2HSV)
    sheet = cv2.inRange(plain, (0, 0, 120), (180, 70, 255))
    sheet = cv2.morphologyEx(sheet, cv2.MORPH_CLOSE, np.ones((25, 25)))
    sheet = cv2.morphologyEx(sheet, cv2.MORPH_OPEN, np.ones((25, 25)))
    pixels[sheet == 0] = (30, 220, 30)
    left = opened(redact(desks.jpeg(pixels, 95), FORM)).astype(int)
    green = (left[..., 1] - left[..., [0, 2]].max(-1)) > 60
    assert green.mean() < 0.0005


def test_fingers_are_painted_over():
    scene = Scene(fingers=((1, 0.4, 0.15), (3, 0.6, 0.12)), pitch=8, yaw=-5, roll=4, desk=3, seed=4, fill=0.8)
    bare = take(SHEET, desks.replace(scene, fingers=()))
    held = take(SHEET, scene)
    without, left = (opened(redact(shot.jpeg(scene), FORM)) for shot in (bare, held))
    skin = [((p[..., 2].astype(int) - p[..., 0]) > 45).mean() for p in (opened(held.jpeg(scene)), left, without)]
    assert skin[0] > 0.02 and skin[1] < skin[2] + 0.002


def test_what_shows_no_sheet_is_refused():
    empty = desks.picture(desks.View.any(np.random.default_rng(2), 4), SHEET)[0]
    empty[150:-150, 100:-100] = 128
    for pixels in (np.full((800, 600, 3), 128, np.uint8), empty):
        with pytest.raises(Problem) as caught:
            redact(desks.jpeg(pixels), FORM)
        assert caught.value.code == "redact.no_sheet"
