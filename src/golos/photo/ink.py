"""Ink: the darkness of what is written and printed, with paper, light and shadow taken out."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.picture import Grey

Ink = NDArray[Any]
"""(h, w), 0 paper to 255 black."""
_STEP = 8


def ink_of(grey: Grey, stroke: int) -> Ink:
    """Return the ink of a picture. Dark shapes wider than about ``stroke`` pixels count as paper, as a shadow does."""
    paper = paper_of(grey, stroke)
    return np.asarray(255 - cv2.divide(grey, paper, scale=255), np.uint8)


def paper_of(grey: Grey, stroke: int) -> Grey:
    """Return the light of the paper at each pixel: the brightest around, then smoothed."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // _STEP), max(1, height // _STEP)), interpolation=cv2.INTER_AREA)
    reach = 2 * max(1, round(stroke / _STEP / 2)) + 1
    bright = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    smooth = cv2.GaussianBlur(bright, (0, 0), 1.0)
    return np.asarray(np.maximum(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), 1), np.uint8)


def ink_near(grey: Grey, square: int) -> Ink:
    """Return the ink of a small cut. Ink is what is dark and too narrow for a square of so many pixels.

    The edge of a shadow, however sharp, is no ink: a closing leaves edges where they are (Serra 1982).
    """
    height, width = grey.shape
    half = cv2.resize(grey, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_LINEAR)  # of odd sides too
    side = 2 * max(1, round(square / 4)) + 1
    paper = cv2.morphologyEx(cv2.GaussianBlur(half, (3, 3), 0), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    whole = np.maximum(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), 1)
    ink = 255 - cv2.divide(grey, whole, scale=255)
    some = ink[::3, ::3].ravel()
    level = int(np.partition(some, some.size // 2)[some.size // 2])
    return np.asarray(cv2.subtract(ink, np.full_like(ink, level)), np.uint8)
