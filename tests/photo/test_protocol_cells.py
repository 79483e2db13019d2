"""One printed cell as the network sees it: the pen's ink alone, wherever light, print and border are in the way."""

import cv2
import numpy as np
import pytest
from training.digits.strokes import segments

from golos.photo.digits import read_cells
from golos.photo.digits_cell import SIDE, glyph, written

HIGH, WIDE = 56, 46


def two(strength=150):
    """A cell of ink with a 2 in its middle."""
    ink = np.zeros((HIGH, WIDE), np.uint8)
    cv2.putText(ink, "2", (13, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.1, strength, 2, cv2.LINE_AA)
    return ink


def seen(ink, blank=None):
    return glyph(written(ink, blank))


def alike(one, other):
    return float(np.corrcoef(one[..., 0].ravel(), other[..., 0].ravel())[0, 1])


@pytest.mark.parametrize("shadow", ["slope", "edge"])
def test_a_shadow_upon_a_cell_is_no_ink(shadow):
    """Half the darkness of the pen, over half the cell."""
    columns = np.arange(WIDE)
    dark = 80 * columns / WIDE if shadow == "slope" else np.where(columns > WIDE // 2, 80.0, 0.0)
    shaded = np.clip(two().astype(np.float32) + dark, 0, 255).astype(np.uint8)
    assert alike(seen(two()), seen(shaded)) > 0.94


def test_a_blot_is_ink():
    """Somebody who blackens a cell has not left it empty."""
    blot = np.zeros((HIGH, WIDE), np.uint8)
    blot[6:-6, 6:-6] = 220
    assert seen(blot)[SIDE // 2 - 4 : SIDE // 2 + 4, SIDE // 2 - 4 : SIDE // 2 + 4].min() > 0.9


def test_what_is_left_of_a_border_does_not_make_the_digit_small():
    """The print lies two pixels beside its place: a ring of black is left, darker than the pen."""
    blank = np.zeros((HIGH, WIDE), np.uint8)
    cv2.rectangle(blank, (0, 0), (WIDE - 1, HIGH - 1), 255, 1)
    ringed = two(90)
    cv2.rectangle(ringed, (2, 2), (WIDE - 3, HIGH - 3), 255, 2)
    plain = seen(two(90), blank)[4:-4, 4:-4]
    assert alike(plain, seen(ringed, blank)[4:-4, 4:-4]) > 0.9


@pytest.mark.parametrize("value", range(10))
def test_a_digit_drawn_along_printed_segments(value):
    """The 1 stands at the cell's right, upon the dots."""
    rng, page = np.random.default_rng([7, value]), np.zeros((HIGH, WIDE), np.float32)
    guides = (round(0.28 * WIDE), 8, round(0.72 * WIDE), HIGH - 8)
    dots = np.zeros((HIGH, WIDE), np.uint8)
    for x in (guides[0], guides[2]):
        dots[8 : HIGH - 8 : 3, x] = 90
    for y in (8, HIGH // 2, HIGH - 8):
        dots[y, guides[0] : guides[2] : 3] = 90
    drawn = np.maximum(dots, np.round(200 * segments(value, guides, page, rng)).astype(np.uint8))
    assert read_cells([(drawn, dots)])[0].text == str(value)


def test_noise_in_an_empty_cell_is_not_taken_for_a_pen_that_is_darker_elsewhere():
    """A blurred fleck as a camera leaves it, in a cell alone and beside cells that somebody has written in."""
    fleck = np.zeros((HIGH, WIDE), np.uint8)
    cv2.line(fleck, (20, 14), (22, 40), 40, 2, cv2.LINE_AA)
    alone, beside = glyph(written(fleck, None)), glyph(written(fleck, None), 200.0)
    assert beside.max() < 0.7 < alone.max()
    assert (
        read_cells([(fleck, None), *[(two(200), None)] * 3])[0].chances[10] > read_cells([(fleck, None)])[0].chances[10]
    )
