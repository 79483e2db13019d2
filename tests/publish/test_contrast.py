"""Every colour of text in the style sheet can be read on what it stands on: WCAG 2.2, 1.4.3 and 1.4.11."""

import re

import pytest

from .messages import SOURCES

STYLE = (SOURCES / "assets" / "style.css").read_text()
SURFACES = ("ground", "panel", "notice")
"""Backgrounds on which text of any colour may stand; a rule that sets both colours is checked by itself."""
TEXT, GRAPHIC = 4.5, 3.0


def schemes() -> dict[str, dict[str, str]]:
    """The custom properties in light, dark and print."""
    light, dark, paper = (
        dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", STYLE, re.S)
    )
    return {"light": light, "dark": light | dark, "print": light | paper}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs() -> set[tuple[str, str]]:
    """Text and background, of rules that set both and of those that set the text's colour alone."""
    found = {("ink", surface) for surface in SURFACES}
    for body in re.findall(r"\{([^{}]*)\}", STYLE):
        text = re.search(r"(?<![-\w])color: var\(--(\w+)\)", body)
        ground = re.search(r"background: var\(--(\w+)\)", body)
        if text:
            found |= {(text[1], surface) for surface in ([ground[1]] if ground else SURFACES)}
    return found


def test_the_formula_is_that_of_wcag():
    assert round(contrast("#000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_can_be_read(scheme):
    colours = schemes()[scheme]
    assert {("panel", "proven"), ("soft", "ground"), ("link", "panel")} <= pairs() and len(pairs()) >= 12
    poor = {pair: contrast(*(colours[name] for name in pair)) for pair in pairs()}
    assert not {pair: round(ratio, 2) for pair, ratio in poor.items() if ratio < TEXT}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_fields_and_marks_can_be_seen(scheme):
    colours = schemes()[scheme]
    shown = [("focus", "ground"), ("focus", "panel"), ("soft", "panel")]  # outline of the focus, border of a field
    shown += [(grade, "panel") for grade in ("proven", "strong", "consistent")]  # a mark and the line around it
    shown += [("suspicious", "ink")] if scheme == "light" else [("suspicious", "panel")]
    shown += [("ink", "unknown"), ("ink", "nodata")]
    poor = {pair: contrast(*(colours[name] for name in pair)) for pair in shown}
    assert not {pair: round(ratio, 2) for pair, ratio in poor.items() if ratio < GRAPHIC}


def test_nothing_moves():
    """Without motion there is none to reduce."""
    assert not re.search(r"animation|transition|@keyframes|scroll-behavior", STYLE)


def test_the_focus_is_never_taken_away():
    assert ":focus-visible" in STYLE and not re.search(r"outline: *(none|0)", STYLE)
