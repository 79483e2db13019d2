"""Sheet: a form found in a picture, and the way from every place of its template to the picture's pixels."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.answer import Answer, Reason, Status
from golos.photo.bend import FAR, REACH, Bend, measure
from golos.photo.blank import COARSE, Blank, blank_of, cut, relief
from golos.photo.features import KINDS, Kind, corners, plausible, poses
from golos.photo.form import Form, Region, Revision
from golos.photo.ink import Ink, ink_of
from golos.photo.paper import Quad, sheets
from golos.photo.picture import Grey, Matrix, Picture, shrunk

LONGEST = {"ballot": 1280, "protocol": 3200}
"""Pixels of the longer side that a picture is decoded to."""
THUMBNAIL = 600
"""A picture whose longer side has fewer pixels is a thumbnail: too small to read."""
_SURE, _CERTAIN, _ALIKE = 0.7, 0.9, 0.82
"""Share of the blocks of print in their places without which even the slowest way to a better pose is tried; share from
which on no other is, nor from the first on where half of the blocks correlate so well with the form: a pose that slips
by a row at one end lays names on other names (0.6 to 0.79 in eight such poses)."""
_SEEN, _PART = 0.22, 0.12
"""The same, below which this is no sheet of the form; from the second on it is one of a printing that is not known."""
_SHARP = 0.22
"""Steepest change of ink from pixel to pixel, as a share of the darkest ink, below which a picture is blurred."""
_CLEAR, _OTHER = 0.85, 0.3
"""Correlation of the better blocks of a clear picture; share of those that look otherwise on another revision."""
_OFF = 4
"""How far corners may be off, in coarse pixels."""
_LIKE = 0.2
"""Correlation of a coarse look from which on corners are worth a closer one."""
_LIKELY = 0.4
"""The same, from which on the two turns that lay the long side across are not tried."""
_STEP = 20
"""Working pixels over which the paper is taken for flat."""
_AROUND, _RING, _DARK = 160, 400, 0.4
"""Pixels of the picture's longer side and of the ring in which the light around a sheet is looked at; see
`Sheet.surroundings` (measured: 0.24 and 0.33 about the sheets on two monitors, 0.88 and more on 17 of paper)."""
_NEAR = 5
"""How far a patch may lie from where the whole sheet's fit puts it, in working pixels."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no sheet was found: "not a form", "wrong form", "wrong revision" or "thumbnail".

    ``paper``: a bright even thing is there, so people are to look.
    """

    reason: Reason
    revision: Revision | None = None
    paper: bool = True

    def answer(self) -> Answer:
        """Return it as an answer: what may still be a ballot goes to people."""
        sure = self.reason == "thumbnail" or (self.reason == "not a form" and not self.paper)
        status: Status = "rejected" if sure else "review"
        return Answer(status, (self.reason,), revision=self.revision.title if self.revision else None)


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A region of the sheet as photographed, re-registered on its own.

    ``image`` is grey as in the picture; ``ink`` is the darkness against the paper around it, 0 paper to 255 black,
    light and shadow taken out; ``blank`` is the ink of the template in the same frame. All are (h, w) of the region
    with its margin, times ``scale``. ``shift`` (dx, dy), in template pixels, is how far the place was from where the
    fit of the whole sheet put it; ``fit`` the correlation with the template, -1 to 1; ``inside`` the share in view.
    """

    image: Grey
    ink: Ink
    blank: Ink
    shift: tuple[float, float]
    fit: float
    inside: float


@dataclass(frozen=True, eq=False)
class Sheet:
    """``homography`` maps template pixels (x, y, 1) to pixels of ``picture.grey``, but for the ``bend`` of the paper.

    ``work`` is the sheet in the working frame (`golos.photo.blank`), not yet straightened.
    """

    picture: Picture
    form: Form
    revision: Revision
    homography: Matrix
    blank: Blank
    bend: Bend

    @cached_property
    def work(self) -> Grey:
        """The sheet at the working frame's size, its plane rectified, its bend left in."""
        return _rectified(self.picture.grey, self.homography, self.blank, 1.0)

    @cached_property
    def ink(self) -> Ink:
        """The ink of ``work``."""
        return ink_of(self.work, self.blank.stroke)

    @cached_property
    def blurred(self) -> bool:
        """Whether the print is so soft that strokes run together."""
        ink = self.ink[::2, :]
        steep = np.abs(np.diff(ink.astype(np.int16), axis=1))
        dark = float(np.percentile(ink, 99.5))
        return float(np.percentile(steep, 99.5)) < _SHARP * max(dark, 1.0)

    @property
    def holds(self) -> bool:
        """Whether the pose is so good that no other needs to be tried."""
        bend = self.bend
        return bend.share >= _CERTAIN or (bend.share >= _SURE and float(np.median(bend.fits)) >= _ALIKE)

    @property
    def changed(self) -> bool:
        """Whether print is sharp and in place on much of the sheet and plainly other elsewhere: another revision."""
        fits = self.bend.fits
        clear = float(np.percentile(fits, 75)) if len(fits) >= 8 else 0.0
        return bool(clear > _CLEAR and (fits < 0.66 * clear).mean() > _OTHER)

    @property
    def surroundings(self) -> tuple[Reason, ...]:
        """("screen",) if all around the sheet is dark beside its paper, as around a lit screen (or on black cloth)."""
        width, height = self.revision.size
        scale = _AROUND / max(self.picture.size)
        small = shrunk(self.picture.grey, scale)
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
        paper = cv2.fillConvexPoly(np.zeros_like(small), (self.place(corners) * scale).round().astype(np.int32), 1)
        near, far = (cv2.dilate(paper, np.ones((side, side), np.uint8)) for side in (5, 13))
        ring = small[(far == 1) & (near == 0)]
        if ring.size < _RING or not paper.any():
            return ()
        dark = np.percentile(ring, 90) < _DARK * np.percentile(small[paper == 1], 70)
        return ("screen",) if dark else ()

    @cached_property
    def rectified(self) -> Grey:
        """The whole sheet in the template's frame and size, straightened."""
        width, height = self.revision.size
        return self.straight(self.picture.grey, Region(0, 0, width, height), 1.0)

    def straight(self, pixels: NDArray[Any], region: Region, scale: float) -> NDArray[Any]:
        """Return a region, straightened, of any picture of ``picture.grey``'s size, at ``scale``."""
        width, height = max(1, round(region.w * scale)), max(1, round(region.h * scale))
        step = max(1, min(width, height, 32))
        xs = np.arange(0, width + step, step, dtype=np.float64)
        ys = np.arange(0, height + step, step, dtype=np.float64)
        grid = np.stack(np.meshgrid(xs, ys), -1)
        places = (grid + 0.5) / scale - 0.5 + (region.x, region.y)
        coarse = self.place(places.reshape(-1, 2)).reshape(grid.shape).astype(np.float32)
        way = cv2.warpAffine(coarse, np.array([[step, 0, 0], [0, step, 0.0]]), (width, height), flags=cv2.INTER_LINEAR)
        return np.asarray(
            cv2.remap(pixels, way, np.empty(0), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8
        )

    def place(self, points: NDArray[Any]) -> NDArray[Any]:
        """Return where points (n, 2) of the template lie in ``picture.grey`` (n, 2), the bend included."""
        scale = self.blank.scale
        bent = points + self.bend.at(points * scale) / scale
        return np.asarray(cv2.perspectiveTransform(bent[None], self.homography)[0], np.float64)

    def ways(self, middles: NDArray[Any]) -> NDArray[Any]:
        """Return about each point (n, 2) of the working frame the affine map (n, 2, 3) from it to the picture.

        The map takes working pixels relative to the point; it holds the bend and the tilt of the paper there.
        """
        around = middles[:, None] + np.array([[0, 0], [-_STEP, 0], [_STEP, 0], [0, -_STEP], [0, _STEP]], np.float64)
        seen = self.place(((around + 0.5) / self.blank.scale - 0.5).reshape(-1, 2)).reshape(-1, 5, 2)
        across, down = (seen[:, 2] - seen[:, 1]) / (2 * _STEP), (seen[:, 4] - seen[:, 3]) / (2 * _STEP)
        return np.stack([across, down, seen[:, 0]], 2)

    def window(self, region: Region, way: NDArray[Any], middle: NDArray[Any]) -> Grey:
        """Return a small region of the working frame, straightened by the map of `ways` about ``middle``."""
        turn = way[:, :2]
        whole = np.column_stack([turn, way[:, 2] + turn @ (np.array([region.x, region.y]) - middle)])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (region.w, region.h)
        return np.asarray(
            cv2.warpAffine(self.picture.grey, whole, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
        )

    def patch(self, region: Region, margin: int = 0, scale: float = 1.0) -> Patch:
        """Return the region with ``margin`` template pixels around it, at ``scale`` pixels per template pixel."""
        wide = region.grown(margin + max(2, round(_NEAR / self.blank.scale)))
        image = self.straight(self.picture.grey, wide, scale)
        stroke = round(self.blank.stroke / self.blank.scale * scale)
        ink, blank = ink_of(image, stroke), ink_of(_cut(self.revision.template, wide, scale), stroke)
        inner = round((wide.w - region.w - 2 * margin) * scale / 2)
        height, width = round((region.h + 2 * margin) * scale), round((region.w + 2 * margin) * scale)
        kernel = blank[inner : inner + height, inner : inner + width]
        dx, dy, fit = _aligned(ink, kernel, inner)
        rows, columns = slice(inner + dy, inner + dy + height), slice(inner + dx, inner + dx + width)
        shift = (dx / scale, dy / scale)
        return Patch(image[rows, columns], ink[rows, columns], kernel, shift, fit, self.inside(region.grown(margin)))

    def inside(self, region: Region) -> float:
        """Return the share of a region's corners and sides that lies in the picture."""
        xs, ys = np.linspace(region.x, region.x + region.w, 5), np.linspace(region.y, region.y + region.h, 5)
        places = self.place(np.stack(np.meshgrid(xs, ys), -1).reshape(-1, 2))
        return float(((places >= 0) & (places <= np.array(self.picture.size) - 1)).all(1).mean())


def register(picture: Picture, form: Form) -> Sheet | Refusal:
    """Return the sheet in the picture, of the revision that fits best, or why there is none."""
    if max(picture.full) < THUMBNAIL:
        return Refusal("thumbnail")
    best: Sheet | None = None
    for kind in (None, *KINDS):
        for sheet in _by_corners(picture, form, kind) if kind else _by_paper(picture, form):
            if best is None or sheet.bend.share > best.bend.share:
                best = sheet
            if best.holds:
                return best
        if kind == "orb" and best is not None and best.bend.share >= _SURE:
            return best
    if best is None:
        return Refusal("not a form", paper=_pale(picture.grey))
    if best.bend.share < _SEEN:
        return Refusal("wrong revision" if best.bend.share >= _PART else "wrong form", best.revision)
    return best


def _pale(grey: Grey) -> bool:
    """Whether the picture holds a large even bright field, as paper is: then people are to look, whatever it shows."""
    small = cv2.resize(grey, (160, 160), interpolation=cv2.INTER_AREA)
    even = cv2.absdiff(small, cv2.blur(small, (9, 9))) < 8
    return bool((even & (small > small.mean() * 0.9)).mean() > 0.25)


def _by_paper(picture: Picture, form: Form) -> Iterator[Sheet]:
    """Yield what the four-sided bright things in the picture are, if they are the whole sheet."""
    for quad in sheets(picture.grey):
        tried = [(*_turned(picture.grey, quad, blank), blank) for blank in map(blank_of, form.revisions)]
        fit, matrix, blank = max(tried, key=lambda one: one[0])
        if fit > _LIKE:
            yield _held(picture, form, blank, matrix)


def _turned(grey: Grey, quad: Quad, blank: Blank) -> tuple[float, Matrix]:
    """Return how well, and by what homography, the best of the four ways to turn the template fits the corners."""
    width, height = blank.revision.size
    rim = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - 0.5
    tried = []
    for turn in _likeliest(quad, width > height):
        matrix = cv2.getPerspectiveTransform(rim, np.roll(quad, turn, 0).astype(np.float32))
        seen = relief(_rectified(grey, matrix, blank, COARSE))
        match = cv2.matchTemplate(seen, blank.coarse[_OFF:-_OFF, _OFF:-_OFF], cv2.TM_CCOEFF_NORMED)
        tried.append((float(match.max()), np.asarray(matrix, np.float64)))
        if len(tried) == 2 and max(tried, key=lambda one: one[0])[0] > _LIKELY:
            break
    return max(tried, key=lambda one: one[0])


def _likeliest(quad: Quad, wide: bool) -> tuple[int, int, int, int]:
    """Return the quarter turns of the corners, the two first that lay the longer side of the form upon the longer."""
    sides = np.linalg.norm(np.roll(quad, -1, 0) - quad, axis=1)
    return (0, 2, 1, 3) if (sides[0] + sides[2] > sides[1] + sides[3]) == wide else (1, 3, 0, 2)


def _by_corners(picture: Picture, form: Form, kind: Kind) -> Iterator[Sheet]:
    """Yield the sheets of the revisions whose corners of print are seen, each by the pose that holds best."""
    seen = corners(picture.grey, kind)
    for blank in map(blank_of, form.revisions):
        found: list[Sheet] = []
        for matrix in poses(blank.corners(kind), seen, blank.revision.size):
            found.append(_held(picture, form, blank, matrix))
            if found[-1].holds:
                break
        if found:
            yield max(found, key=lambda sheet: sheet.bend.share)


def _held(picture: Picture, form: Form, blank: Blank, matrix: Matrix) -> Sheet:
    """Return the sheet of that pose, held to its blocks of print; a pose that is somewhat off is mended once."""
    half = _rectified(picture.grey, matrix, blank, 0.5)
    bend = measure(blank, half)
    for reach in (FAR, REACH):
        if bend.share >= _SURE:
            break
        rough = bend if reach == REACH else measure(blank, half, FAR)
        mended = _mended(matrix, rough, blank)
        if mended is None:
            continue
        half = _rectified(picture.grey, mended, blank, 0.5)
        again = measure(blank, half)
        if again.share > bend.share:
            matrix, bend = mended, again
    return Sheet(picture, form, blank.revision, matrix, blank, bend)


def _mended(matrix: Matrix, bend: Bend, blank: Blank) -> Matrix | None:
    """Return the homography that takes the measured shifts in, None if they are too few."""
    if len(bend.points) < 6:
        return None
    start = bend.points / blank.scale
    end = cv2.perspectiveTransform((start + bend.shifts / blank.scale)[None], matrix)[0]
    mended, _ = cv2.findHomography(start, end, cv2.RANSAC, 8.0)
    usable = mended is not None and plausible(mended, blank.revision.size)
    return np.asarray(mended, np.float64) if usable else None


def _rectified(grey: Grey, matrix: Matrix, blank: Blank, part: float) -> Grey:
    """Return the picture in the working frame, or in a ``part`` of its size, by the plane alone."""
    height, width = (round(side * part) for side in blank.grey.shape)
    scale = blank.scale * part
    middle = 0.5 / scale - 0.5
    way = matrix @ np.array([[1 / scale, 0, middle], [0, 1 / scale, middle], [0, 0, 1]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpPerspective(grey, way, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _cut(template: Grey, region: Region, scale: float) -> Grey:
    """Return a region of the template, white where it leaves it, at ``scale``."""
    size = (max(1, round(region.w * scale)), max(1, round(region.h * scale)))
    return np.asarray(cv2.resize(cut(template, region), size, interpolation=cv2.INTER_AREA), np.uint8)


def _aligned(ink: Ink, kernel: Ink, reach: int) -> tuple[int, int, float]:
    """Return how far (dx, dy) from the middle of ``ink`` the kernel fits best, and the correlation there."""
    if not kernel.any():
        return 0, 0, 0.0
    match = cv2.matchTemplate(ink, kernel, cv2.TM_CCOEFF_NORMED)
    _, best, _, (column, row) = cv2.minMaxLoc(match)
    return column - reach, row - reach, float(best) if np.isfinite(best) else 0.0
