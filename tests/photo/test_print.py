"""Printed lines: read where tesseract is installed, "not read" with the reason where it is not."""

import cv2
import numpy as np
import pytest
import typst

from golos.photo import print as printed
from golos.photo.print import Line, installed, read_line


def line(text):
    """One line of print, as a photograph of a form holds it."""
    source = f'#set page(width: 80mm, height: 9mm, margin: 1.5mm)\n#set text(font: "DejaVu Sans", size: 12pt)\n{text}'
    image = cv2.imdecode(np.frombuffer(typst.compile(source.encode(), format="png", ppi=140), np.uint8), 0)
    noise = np.random.default_rng(1).normal(0, 6, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.8) * 0.7 + noise, 0, 255).astype(np.uint8)


@pytest.mark.skipif(
    not {"rus", "bel", "eng"} <= installed(), reason="tesseract or its rus, bel, eng data is not installed"
)
@pytest.mark.parametrize(
    ("text", "language"),
    [("Форма 5-П, редакция 2", "ru"), ("Участак для галасавання 07-12", "be"), ("Polling station 1024", "en")],
)
def test_a_printed_line_is_read(text, language):
    read = read_line(line(text), (language,))
    assert (read.text, read.missing) == (text, "")
    assert read.confidence > 0.6


def test_without_tesseract_a_field_is_not_read_and_says_why(monkeypatch):
    monkeypatch.setattr(printed, "installed", frozenset)
    assert read_line(line("x"), ("ru",)) == Line("", 0.0, "tesseract is not installed")
    monkeypatch.setattr(printed, "installed", lambda: frozenset({"eng"}))
    assert read_line(line("x"), ("be",)).missing == "no data for the form's languages"


@pytest.mark.skipif(not installed(), reason="tesseract is not installed")
def test_nothing_printed_gives_no_text():
    assert read_line(np.full((30, 200), 200, np.uint8), ("en",)).text == ""
