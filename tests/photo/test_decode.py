"""Decoding: every kind a phone makes, upright and true to its pixels; everything else is refused, cheaply, by name."""

import time

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.photo import files

from golos.model.problem import Problem
from golos.photo import decode as module
from golos.photo.decode import decode

SCENE = files.scene()
GREY = cv2.cvtColor(SCENE, cv2.COLOR_RGB2GRAY)
SEEDS = files.seeds()


def code(data, **options):
    with pytest.raises(Problem) as caught:
        decode(data, **options)
    assert caught.value.remedy
    return caught.value.code


def differs(one, other):
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("name", [name for name in SEEDS if "moving" not in name])
def test_every_kind_is_read_true_to_its_pixels(name):
    picture = decode(SEEDS[name], colour=True)
    white = "alpha" in name or name == "webp-lossless"
    expected = SCENE[:, :, 0] if name in ("jpeg-grey", "png-16", "heic-grey") else GREY
    if white:  # the file's transparency is its red channel
        alpha = SCENE[:, :, 0].astype(float) / 255
        expected = GREY * alpha + 255 * (1 - alpha)
    turns = {"jpeg-turned": -1, "png-turned": 1, "webp-turned": 2}
    expected = np.rot90(expected, turns.get(name, 0))
    loose = {"png-bit": 130, "png-palette": 40}.get(name, 14)
    assert picture.grey.shape == expected.shape and picture.full == expected.shape[::-1]
    assert differs(picture.grey, expected) < loose
    assert differs(cv2.cvtColor(picture.colour, cv2.COLOR_BGR2GRAY), picture.grey) < 1.5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_s_orientation_is_honoured(orientation):
    """Pillow's own transposition is the rival: it does not know ours."""
    data = files.turned(SCENE, orientation)
    with Image.open(__import__("io").BytesIO(data)) as image:
        from PIL import ImageOps

        expected = np.asarray(ImageOps.exif_transpose(image).convert("L"))
    assert differs(decode(data).grey, expected) < 2
    assert decode(data).full == expected.shape[::-1]
    assert (decode(data, longest=48).full, max(decode(data, longest=48).size)) == (expected.shape[::-1], 48)


def test_colour_is_blue_green_red():
    red = np.zeros((32, 32, 3), np.uint8)
    red[:, :, 0] = 250
    assert decode(files.save(red, "PNG"), colour=True).colour[5, 5].tolist() == [0, 0, 250]
    assert decode(files.save(red), colour=False).colour is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("longest", [40, 333, 640, 1001, 5000])
def test_a_smaller_picture_is_the_same_picture(kind, longest):
    large = cv2.GaussianBlur(cv2.resize(SCENE, (1000, 700)), (0, 0), 2)
    picture = decode(files.save(large, kind), longest=longest)
    assert max(picture.size) == min(longest, 1000) and picture.full == (1000, 700)
    expected = cv2.resize(cv2.cvtColor(large, cv2.COLOR_RGB2GRAY), picture.size, interpolation=cv2.INTER_AREA)
    assert differs(picture.grey, expected) < 2.5


@pytest.mark.parametrize("name", [name for name in SEEDS if "moving" not in name and name != "jpeg-restarts"])
def test_what_is_cut_off_is_refused(name):
    data = SEEDS[name]
    if name.startswith("jpeg"):
        assert code(data[: len(data) * 3 // 4]) == "photo.truncated"
    for share in (0.9, 0.6, 0.3):
        assert code(data[: int(len(data) * share)]) in ("photo.truncated", "photo.damaged")


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"GIF89a" + bytes(50), b"%PDF-1.7", b"II*\0" + bytes(99)])
def test_what_is_no_picture_is_refused(data):
    assert code(data) in ("photo.kind", "photo.truncated", "photo.damaged")


def test_what_is_before_the_picture_is_no_picture():
    """A script or an archive with a picture in it; and a picture with an archive behind is just that picture."""
    assert code(b"#!/bin/sh\n" + SEEDS["jpeg"]) == "photo.kind"
    assert code(b"PK\x03\x04" + SEEDS["png"]) == "photo.kind"
    for name in ("jpeg", "png", "webp"):
        assert np.array_equal(decode(SEEDS[name] + b"PK\x03\x04<script>" * 50).grey, decode(SEEDS[name]).grey)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (files.png_bomb(30_000, 30_000, 1), "photo.pixels"),
        (files.png_bomb(2**31 - 1, 2**31 - 1), "photo.pixels"),
        (files.png_bomb(4_000, 1), "photo.small"),
        (files.text_bomb(SCENE), "photo.damaged"),
        (files.jpeg_with_size(SEEDS["jpeg"], 65_000, 65_000), "photo.pixels"),
        (files.jpeg_with_size(SEEDS["jpeg-progressive"], 7_000, 7_000), "photo.pixels"),
        (files.webp_with_size(16_383, 16_383), "photo.pixels"),
        (files.heic_with_size(SEEDS["heic"], 16_000, 16_000), "photo.pixels"),
        (files.heic_with_size(SEEDS["heic"], 4_000, 4_000), "photo.damaged"),
        (files.many_scans(SCENE, 100), "photo.scans"),
        (files.animated("PNG"), "photo.animated"),
        (files.animated("WEBP"), "photo.animated"),
    ],
)
def test_bombs_are_refused_before_they_cost_anything(data, told):
    begin = time.process_time()
    assert code(data) == told
    assert time.process_time() - begin < 0.5  # half a second where each would take many, and gigabytes


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 1_000)
    assert code(SEEDS["jpeg"]) == "photo.bytes"


def test_damaged_notes_do_not_cost_the_picture():
    data = SEEDS["jpeg-turned"]
    place = data.find(b"Exif\0\0")
    for damage in (b"Exif\0\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\xff\xff\xff\xff"):
        assert decode(data[:place] + damage + data[place + len(damage) :]).size in ((96, 64), (64, 96))
