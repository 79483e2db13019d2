"""What leaves the phone: no word about the phone, the same length for every choice, the picture as the voter saw it."""

import re
import shutil
import subprocess

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.web import film, way

pytestmark = pytest.mark.xdist_group("web")

CAMERA, SERIAL, PLACE = "Tattletale 3000", "SN-4711-0815", (53.9, 27.56)
ORDINARY = {
    "ExifToolVersion",
    "FileName",
    "Directory",
    "FileSize",
    "FileModifyDate",
    "FileAccessDate",
    "FileInodeChangeDate",
    "FilePermissions",
    "FileType",
    "FileTypeExtension",
    "MIMEType",
    "ImageWidth",
    "ImageHeight",
    "EncodingProcess",
    "BitsPerSample",
    "ColorComponents",
    "YCbCrSubSampling",
    "ImageSize",
    "Megapixels",
}
"""What exiftool tells of any JPEG: of the file on this disk, and of the coding of its pixels."""
SIDEWAYS = 6


@pytest.fixture
def telling(tmp_path):
    """A photograph of a phone that tells place, time, maker and serial number, lying on its side."""
    upright = film.sight()
    lying = Image.fromarray(cv2.rotate(upright, cv2.ROTATE_90_COUNTERCLOCKWISE)[:, :, ::-1])
    exif = lying.getexif()
    exif[0x0112], exif[0x010F], exif[0x0110], exif[0x0132] = SIDEWAYS, "Tattletale", CAMERA, "2027:04:11 18:55:01"
    exif.get_ifd(0x8769).update({0xA431: SERIAL, 0x9003: "2027:04:11 18:55:01", 0x927C: SERIAL.encode()})
    exif.get_ifd(0x8825).update({1: "N", 2: (PLACE[0], 0.0, 0.0), 3: "E", 4: (PLACE[1], 0.0, 0.0)})
    path = tmp_path / "IMG_20270411_185501.jpg"
    lying.save(path, exif=exif, comment=SERIAL.encode(), quality=95)
    assert SERIAL.encode() in path.read_bytes()
    return path


def test_a_picture_leaves_upright_scaled_covered_and_without_a_word_about_the_phone(voter, voting, telling, tmp_path):
    way.choose(voter, voting)
    voter.press("photo_with")
    voter.choose(telling)
    voter.heading("mask_h")
    voter.press("mask_add")
    voter.press("mask_use")
    voter.press("photo_back_skip")
    voter.heading("review_h")
    shown = voter.until(lambda: voter.window.find_element("css selector", "figcaption").text)
    before = len(voting.photos())
    way.seal(voter)
    way.reaches(voter, "received")
    voter.until(lambda: len(voting.photos()) > before)
    (left,) = voting.pictures()[before:]
    assert len(left) <= 150_000 and f"{-(-len(left) // 1000)} kB" in shown
    picture = cv2.imdecode(np.frombuffer(left, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (960, 1280, 3)
    middle = picture[int(960 * 0.46), int(1280 * 0.5)]
    assert np.abs(middle.astype(int) - (112, 103, 91)).max() < 12  # the cover, not the ballot
    assert picture[200, 640].mean() > 150  # paper
    for secret in (CAMERA, SERIAL, "2027", "Exif", "GPS"):
        assert secret.encode() not in left
    assert told(left, tmp_path) == set()


def told(picture, folder):
    """Return what exiftool finds in a picture beyond the coding of its pixels."""
    if not shutil.which("exiftool"):
        pytest.skip("needs exiftool (Debian: apt-get install libimage-exiftool-perl)")
    path = folder / "left.jpg"
    path.write_bytes(picture)
    said = subprocess.run(["exiftool", "-s", "-a", "-u", path], capture_output=True, text=True, check=True).stdout
    return {line.split(":")[0].strip() for line in said.splitlines()} - ORDINARY


def test_every_choice_leaves_in_a_request_of_the_same_length(voter, voting):
    names = {option.id: option.names["en"] for option in voting.living.pack.contests[0].options}
    way.choose(voter, voting, next(iter(names)))
    way.without_photo(voter)
    way.seal(voter)
    way.reaches(voter, "handed")
    for name in [*list(names.values())[1:], voter.say("choice_none")]:
        voter.window.get(voter.address)
        voter.press("menu_change")
        voter.press("change_go")
        voter.press("home_choice")
        voter.pick(name)
        voter.press("go_on")
        way.without_photo(voter)
        way.seal(voter)
        voter.until(lambda: "handed" in voter.stages())
    requests = re.findall(rb"POST /envelopes HTTP/1\.1\r\n(.*?)\r\n\r\n", bytes(voter.line.heard), re.DOTALL)
    lengths = {re.search(rb"(?i)content-length: (\d+)", head)[1] for head in requests}
    assert len(requests) >= len(names) + 1  # one that was broken off is sent again
    assert lengths == {b"1024"} and len({len(head) for head in requests}) == 1
