"""Sources of handwriting: MNIST from a package, digits of fonts and of a simulated pen; what is kept back of them."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.digits.strokes import SIDE, Ink, digit

HELD_OUT_FONTS = ("caveat", "gaegu", "handlee", "indie-flower", "patrick-hand", "schoolbell")
HELD_OUT_MNIST = 0.15
"""The last part of each digit's list: neither trained on nor calibrated with; tests/bench reads it."""


@dataclass(frozen=True)
class Sources:
    """``mnist[d]``: (n, 28, 28) uint8 of digit d; ``fonts[d]``: drawn digits; ``shaken``: none comes just as it is."""

    mnist: list[NDArray[np.uint8]]
    fonts: list[list[Ink]]
    shaken: bool = False

    def digit(self, value: int, rng: np.random.Generator) -> Ink:
        """Return a digit: of a person in 55 of a hundred, of the pen in 30, of a font in 15."""
        kind = rng.random()
        if kind < 0.55:
            drawn = crisp(self.mnist[value][rng.integers(len(self.mnist[value]))], rng)
        elif kind < 0.85 or not self.fonts[value]:
            drawn = digit(value, rng)
        else:
            drawn = self.fonts[value][rng.integers(len(self.fonts[value]))]
        return bent(drawn, rng) if self.shaken else drawn


def split(folder: Path) -> tuple[Sources, Sources]:
    """Return (to learn from, held out) of what training/digits/fetch.sh put into ``folder``."""
    mnist = [_mnist(folder / "mnist" / "src" / "digits" / f"{d}.json") for d in range(10)]
    kept = [round(len(each) * (1 - HELD_OUT_MNIST)) for each in mnist]
    fonts = sorted(path for path in folder.iterdir() if (path / "files").is_dir())
    ours = [path for path in fonts if path.name not in HELD_OUT_FONTS]
    held = [path for path in fonts if path.name in HELD_OUT_FONTS]
    learn = Sources([each[:n] for each, n in zip(mnist, kept, strict=True)], _drawn(ours), shaken=True)
    return learn, Sources([each[n:] for each, n in zip(mnist, kept, strict=True)], _drawn(held))


def _mnist(path: Path) -> NDArray[np.uint8]:
    values = np.array(json.loads(path.read_text())["data"], np.float32)
    return np.round(values.reshape(-1, 28, 28) * 255).astype(np.uint8)


def crisp(small: NDArray[np.uint8], rng: np.random.Generator) -> Ink:
    """Return an MNIST digit enlarged, its edge as sharp and its pen as thick as another camera and pen make it."""
    large = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    edge, level = rng.uniform(1.2, 5.0), rng.uniform(0.3, 0.75)
    paper = max(0.0, 0.5 - edge * level)
    return np.asarray(np.clip((0.5 + edge * (large - level) - paper) / (1 - paper), 0, 1), np.float32)


def bent(ink: Ink, rng: np.random.Generator) -> Ink:
    """Return the drawing as if another hand had written it: bent smoothly by up to a few hundredths (Simard 2003)."""
    height, width = ink.shape
    field = rng.normal(0, rng.uniform(0, 0.035) * height, (5, 5, 2)).astype(np.float32)
    moved = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.asarray(cv2.remap(ink, columns + moved[..., 0], rows + moved[..., 1], cv2.INTER_LINEAR), np.float32)


def _drawn(fonts: list[Path]) -> list[list[Ink]]:
    files = [file for font in fonts for file in sorted((font / "files").glob("*-latin-[0-9]*-normal.woff"))]
    return [[_glyph(file, str(value)) for file in files] for value in range(10)]


def _glyph(file: Path, text: str) -> Ink:
    font = ImageFont.truetype(str(file), SIDE)
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (max(8, round(right - left) + 4), max(8, round(bottom - top) + 4)))
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, 255, font)
    drawn = np.asarray(image, np.float32) / 255
    scale = SIDE / max(drawn.shape)
    return np.asarray(cv2.resize(drawn, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
