"""Marks: how a grade looks on the map without its colour: the shape of a station's mark and the pattern of an area."""

from collections.abc import Mapping

from markupsafe import Markup

from golos.model.finding import Grade

CLASSES: Mapping[Grade, str] = {
    Grade.PROVEN: "proven",
    Grade.STRONG: "strong",
    Grade.SUSPICIOUS: "suspicious",
    Grade.CONSISTENT: "consistent",
    Grade.CANT_TELL: "unknown",
    Grade.NO_DATA: "nodata",
}
"""The word for a grade in class names of the style sheet."""

PATTERNS = Markup(
    '<svg class="defs" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="p-strong" class="g-strong" width="10" height="10" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="tint" width="10" height="10"/><rect width="3" height="10"/></pattern>'
    '<pattern id="p-suspicious" class="g-suspicious" width="9" height="9" patternUnits="userSpaceOnUse">'
    '<rect class="tint" width="9" height="9"/><circle class="spot" cx="4.5" cy="4.5" r="1.5"/></pattern>'
    '<pattern id="p-consistent" class="g-consistent" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<rect class="tint" width="8" height="8"/><rect width="8" height="2"/></pattern>'
    '<pattern id="p-nodata" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    '<rect class="hatch-ground" width="9" height="9"/><rect class="hatch-line" width="2" height="9"/></pattern>'
    "</defs></svg>"
)
"""What the style sheet's url(#p-...) name: once on every page that has a map or its legend."""


def mark(grade: Grade, x: int, y: int, r: int) -> str:
    """Return the SVG path of a mark about ``2 r`` wide; the grades of a contradiction have shapes of their own."""
    if grade is Grade.PROVEN:
        return f"M{x - r} {y - r}h{2 * r}v{2 * r}h-{2 * r}z"
    if grade is Grade.STRONG:
        return f"M{x} {y - r - 1}l{r + 1} {2 * r + 1}h-{2 * r + 2}z"
    if grade is Grade.SUSPICIOUS:
        return f"M{x} {y - r - 1}l{r + 1} {r + 1}-{r + 1} {r + 1}-{r + 1}-{r + 1}z"
    return f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"
