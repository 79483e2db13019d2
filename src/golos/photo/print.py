"""Print: a line of printed text in a region of a sheet (form revision, station number), read by the program tesseract.

Tesseract is no part of the wheel: where it, or a language's data, is not installed, the field is "not read" and says
so. It gets our own pixels, never a stranger's file.
"""

import csv
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from golos.photo.picture import Grey

LANGUAGES = {"ru": "rus", "be": "bel", "en": "eng"}
"""Tesseract's names of the languages that packs name."""
SECONDS = 5.0
HEIGHT = 64
"""Pixels of a line as tesseract gets it; it reads best at about this height."""

FAINTEST = 12.0
"""Between paper and print, of 255: on bare paper tesseract sees letters."""


@dataclass(frozen=True, slots=True)
class Line:
    """``text`` (empty if nothing was read), ``confidence`` 0 to 1, ``missing``: why it could not be read, or ""."""

    text: str
    confidence: float
    missing: str = ""


@cache
def installed() -> frozenset[str]:
    """Return tesseract's languages on this machine; none if it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=SECONDS, check=False)
    return frozenset(told.stdout.split("\n")[1:]) - {"", "osd"} if told.returncode == 0 else frozenset()


def read_line(image: Grey, languages: Sequence[str]) -> Line:
    """Return the one line of print in a picture; ``languages`` as the pack names them ("be", "ru", "en")."""
    known = [LANGUAGES[name] for name in languages if LANGUAGES.get(name) in installed()]
    if not known:
        return Line("", 0.0, "tesseract is not installed" if not installed() else "no data for the form's languages")
    if float(np.ptp(np.percentile(image, (2, 98)))) < FAINTEST:
        return Line("", 0.0)
    try:
        told = subprocess.run(
            ["tesseract", "stdin", "stdout", "--psm", "7", "-l", "+".join(known), "tsv"],
            input=_page(image),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Line("", 0.0, f"tesseract failed ({type(error).__name__})")
    if told.returncode != 0:
        return Line("", 0.0, f"tesseract ended with {told.returncode}")
    return _words(told.stdout.decode("utf-8", "replace"))


def _page(image: Grey) -> bytes:
    """Return the line as PNG at the height that tesseract likes, with paper around it."""
    scale = HEIGHT / image.shape[0]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    line = cv2.resize(image, (max(1, round(image.shape[1] * scale)), HEIGHT), interpolation=way)
    level = int(np.percentile(line, 90))
    framed = cv2.copyMakeBorder(line, 16, 16, 16, 16, cv2.BORDER_CONSTANT, value=level)
    return cv2.imencode(".png", framed)[1].tobytes()


def _words(table: str) -> Line:
    """Return the words of tesseract's table (level 5 is a word) and the mean of their confidences."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [(row["text"].strip(), float(row["conf"])) for row in rows if row.get("level") == "5"]
    words = [(text, sure) for text, sure in words if text]
    if not words:
        return Line("", 0.0)
    return Line(" ".join(text for text, _ in words), round(sum(sure for _, sure in words) / len(words) / 100, 3))
