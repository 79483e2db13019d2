"""Panels of a plot as SVG: axes, cells, lines. Whole units, no colour alone, text that a reader can select."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

Reals = NDArray[np.float64]

WIDTH, HEIGHT = 460, 380
_LEFT, _TOP, _RIGHT, _BOTTOM = 58, 34, 24, 44
_STYLE = Markup(
    "text{font:12px system-ui,sans-serif;fill:#222}.t{font-size:14px;font-weight:600}.g{stroke:#ddd}.a{stroke:#555}"
    ".b{fill:#9db7d5;fill-opacity:.55;stroke:none}.l{fill:none;stroke:#12355b;stroke-width:1.5}"
    ".o{fill:none;stroke:#b3541e;stroke-width:1.5;stroke-dasharray:5 3}.m{fill:#b3541e}"
    ".w{fill:none;stroke:#555;stroke-dasharray:2 3}"
)


@dataclass(frozen=True, slots=True)
class Axis:
    """Limits in the data's unit and the ticks with their words."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    title: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing with its axes; ``marks`` are SVG elements made by the panel's own methods."""

    title: str
    x: Axis
    y: Axis

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies, in units of the drawing."""
        across = (x - self.x.low) / (self.x.high - self.x.low)
        up = (y - self.y.low) / (self.y.high - self.y.low)
        width, height = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
        return round(_LEFT + across * width, 1), round(HEIGHT - _BOTTOM - up * height, 1)

    def line(self, xs: Sequence[float] | Reals, ys: Sequence[float] | Reals, look: str) -> Markup:
        """Return a line through the points."""
        points = " ".join(f"{a:g},{b:g}" for a, b in (self.spot(x, y) for x, y in zip(xs, ys, strict=True)))
        return Markup('<polyline class="{}" points="{}"/>').format(look, points)

    def band(self, xs: Reals, low: Reals, high: Reals) -> Markup:
        """Return the area between two lines."""
        edge = [self.spot(x, y) for x, y in zip(xs, high, strict=True)]
        edge += [self.spot(x, y) for x, y in zip(xs[::-1], low[::-1], strict=True)]
        return Markup('<polygon class="b" points="{}"/>').format(" ".join(f"{a:g},{b:g}" for a, b in edge))

    def bars(self, xs: Reals, heights: Reals, width: float) -> Markup:
        """Return bars of that width in the data's unit, standing on the lowest value."""
        ground = self.spot(self.x.low, self.y.low)[1]
        corners = [
            (self.spot(x - width / 2, y), self.spot(x + width / 2, y)[0]) for x, y in zip(xs, heights, strict=True)
        ]
        path = "".join(f"M{x:g} {ground:g}V{y:g}H{right:g}V{ground:g}z" for (x, y), right in corners)
        return Markup('<path class="b" d="{}"/>').format(path)

    def cells(self, weights: Reals, colours: Sequence[str]) -> Markup:
        """Return a heat map of ``weights`` [x bins, y bins] over the whole panel: one path per colour, empty left out.

        Classes are equal steps of the square root, so that thin clouds are seen beside dense ones.
        """
        top = float(weights.max(initial=0))
        if top <= 0:
            return Markup("")
        level = np.minimum(np.ceil(np.sqrt(weights / top) * len(colours)), len(colours)).astype(int)
        return Markup("").join(
            Markup('<path fill="{}" d="{}"/>').format(colour, self._squares(level == step))
            for step, colour in enumerate(colours, 1)
            if np.any(level == step)
        )

    def _squares(self, chosen: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]") -> str:
        columns, rows = chosen.shape
        width, height = (WIDTH - _LEFT - _RIGHT) / columns, (HEIGHT - _TOP - _BOTTOM) / rows
        corners = ((_LEFT + i * width, HEIGHT - _BOTTOM - (j + 1) * height) for i, j in np.argwhere(chosen))
        return "".join(f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z" for x, y in corners)

    def drawn(self, marks: Iterable[Markup]) -> Markup:
        """Return the panel with its grid, axes and marks, as a group."""
        parts = [Markup('<text class="t" x="{}" y="20">{}</text>').format(_LEFT, self.title)]
        parts += [self._tick(at, word, vertical=False) for at, word in self.x.ticks]
        parts += [self._tick(at, word, vertical=True) for at, word in self.y.ticks]
        parts += list(marks)
        left, bottom = self.spot(self.x.low, self.y.low)
        right, top = self.spot(self.x.high, self.y.high)
        parts.append(Markup('<path class="a" fill="none" d="M{} {}V{}H{}"/>').format(left, top, bottom, right))
        middle = (left + right) / 2
        parts.append(
            Markup('<text text-anchor="middle" x="{}" y="{}">{}</text>').format(middle, HEIGHT - 8, self.x.title)
        )
        parts.append(
            Markup('<text text-anchor="middle" transform="translate(14 {}) rotate(-90)">{}</text>').format(
                (top + bottom) / 2, self.y.title
            )
        )
        return Markup("").join(parts)

    def _tick(self, at: float, word: str, *, vertical: bool) -> Markup:
        x, y = self.spot(self.x.low if vertical else at, at if vertical else self.y.low)
        if vertical:
            end = self.spot(self.x.high, at)[0]
            return Markup('<path class="g" d="M{} {}H{}"/><text text-anchor="end" x="{}" y="{}">{}</text>').format(
                x, y, end, x - 6, y + 4, word
            )
        end = self.spot(at, self.y.high)[1]
        return Markup('<path class="g" d="M{} {}V{}"/><text text-anchor="middle" x="{}" y="{}">{}</text>').format(
            x, y, end, x, y + 18, word
        )


def sheet(title: str, note: str, panels: Sequence[Markup], columns: int = 2) -> str:
    """Return an SVG document of panels side by side, with a title and a sentence for those who can't see it."""
    body, width, height = _placed(panels, columns)
    lines = _wrapped(note, width // 7)
    words = Markup("").join(
        Markup('<text x="12" y="{}">{}</text>').format(height + 14 + 16 * at, line) for at, line in enumerate(lines)
    )
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-labelledby="plot-t plot-d">'
        '<title id="plot-t">{}</title><desc id="plot-d">{}</desc><style>{}</style>'
        '<rect width="100%" height="100%" fill="#fff"/>'
    ).format(width, height + 16 * len(lines) + 8, title, note, _STYLE)
    return f"{head}{body}{words}</svg>\n"


def inline(name: str, title: str, panels: Sequence[Markup]) -> Markup:
    """Return panels one below the other for a page whose style sheet has the looks; ``name`` is the drawing's id."""
    body, width, height = _placed(panels, 1)
    return Markup(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-labelledby="{name}">'
        '<title id="{name}">{}</title>{}</svg>'
    ).format(width, height, title, body, name=name)


def _placed(panels: Sequence[Markup], columns: int) -> tuple[Markup, int, int]:
    """Return the panels in rows, and the width and height that they take."""
    rows = -(-len(panels) // columns)
    body = Markup("").join(
        Markup('<g transform="translate({} {})">{}</g>').format(at % columns * WIDTH, at // columns * HEIGHT, panel)
        for at, panel in enumerate(panels)
    )
    return body, WIDTH * min(columns, len(panels)), HEIGHT * rows


def percents(title: str, low: int = 0, high: int = 100, step: int = 20) -> Axis:
    """Return an axis in percent."""
    return Axis(low, high, tuple((at, f"{at} %") for at in range(low, high + 1, step)), title)


def counted(title: str, first: int, last: int) -> Axis:
    """Return an axis on which every whole number has its place, half a step to spare at both ends."""
    ticks = tuple((float(at), str(at).replace("-", "−")) for at in range(first, last + 1))
    return Axis(first - 0.5, last + 0.5, ticks, title)


def numbers(title: str, top: float) -> Axis:
    """Return an axis of numbers from 0 with four or five round ticks."""
    top = max(top, 1.0)
    step = 10.0 ** np.floor(np.log10(top))
    step = next(step * part for part in (0.1, 0.2, 0.25, 0.5, 1, 2) if top / (step * part) <= 6)
    ticks = tuple((at, short(at)) for at in np.arange(0, top + step / 100, step).tolist())
    return Axis(0, top * 1.03, ticks, title)


def short(number: float) -> str:
    """Return a number of ticks in few characters: 1,500 as 1.5k."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:g}{letter}"
    return f"{number:g}"


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]
