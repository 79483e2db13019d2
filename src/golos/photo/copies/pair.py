"""Pair: what two photographs have to do with each other.

A photograph of one ballot looks like that of any other, so a hash of the frame proves nothing. What proves it:

- *the same photograph*: one similarity (shift, turn, scale) lays one upon the other, and then both the print and the
  blocks outside the sheet, desk and shadows, agree. Another photograph of the same desk has another perspective.
- *edited*: the same, but a box does not agree.
- *the same sheet*: the ink of its marks is the same stroke for stroke and at the same place. Hands do not repeat that,
  but a million hands might: this is said inside one station only.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray

from golos.photo.copies.descriptor import Descriptor, Points
from golos.photo.copies.motion import by_a_stand, one_camera, one_piece
from golos.photo.copies.stroke import likeness, same_strokes
from golos.photo.picture import Grey

Relation = Literal["identical bytes", "same photograph", "edited", "same sheet"]
Field = NDArray[np.float32]

PDQ_NEAR = 20
"""Bits of 256 up to which two frames are worth comparing, across stations; never a proof."""
_VOTES, _INLIERS = 36, 32
"""Corners that agree on turn and scale, and then on one similarity."""
_FIRST_STEPS, _STEPS, _ALIKE = 3, 12, 0.6
"""Steps of the fine alignment, and the correlation without which it is not gone on with: most others end here."""
_BLOCK, _RIM = 16, 9
_AGREES = 0.6
_PRINT_TEXTURE, _DESK_TEXTURE = 8.0, 0.5
"""Variance from which a block has something to compare, at the grain of the small picture."""
_PRINT, _DESK = 0.95, 0.6
"""Share of blocks that agree, inside the sheet and outside, from which it is one photograph."""
_LEAST_DESK = 6
"""Blocks outside the sheet without which nothing is said."""
_BOX = 0.93
"""Correlation of a box, and of the ink of a mark, below which it was edited."""
_EDGE, _SHADOW = 4, 8
"""Pixels around the sheet that are none of the desk; in which the sheet's own shadow speaks, which moves with it."""
_CLEAR_DESK, _LEAST_CLEAR = 0.95, 10
"""Share and number of blocks that agree beyond the shadow, where a camera at rest might have seen two sheets."""
_BOX_SIDE = 24


@dataclass(frozen=True, slots=True)
class Overlay:
    """How far two photographs agree when one is laid upon the other: shares of blocks of print and of desk, how many of
    these there are, and the correlation of the box that agrees least (1 where none is seen in both). ``one``: one has
    moved upon the other as one piece, as is so neither for another camera nor for another sheet under one at rest.
    """

    print_share: float
    desk_share: float
    desk_blocks: int
    worst_box: float
    one: bool


def relation(one: Descriptor, other: Descriptor, *, station: bool) -> Relation | None:
    """Return what the two have to do with each other, None: nothing that can be shown.

    ``station``: both are of one station, and "same sheet" may be said.
    """
    if one.sha256 == other.sha256:
        return "identical bytes"
    laid = overlay(one, other)
    if laid is not None and _one_photograph(laid):
        return "edited" if min(laid.worst_box, _worst_mark(one, other)) < _BOX else "same photograph"
    return "same sheet" if station and same_strokes(one, other) else None


def _one_photograph(laid: Overlay) -> bool:
    there = laid.desk_blocks >= _LEAST_DESK and laid.desk_share >= _DESK
    return laid.print_share >= _PRINT and there and laid.one


def _worst_mark(one: Descriptor, other: Descriptor) -> float:
    """Return the least likeness of a mark, finer than the small pictures show it; 1 where both show none."""
    faint = 0.5 * max((mark.mass for each in (one, other) for mark in each.marks), default=0)
    shared = [region for region in one.inked.keys() & other.inked.keys() if one.inked[region].mass >= faint]
    return min((likeness(one.inked[region], other.inked[region]) for region in shared), default=1.0)


def near(one: bytes, other: bytes) -> int:
    """Return in how many bits two PDQ hashes differ."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def overlay(one: Descriptor, other: Descriptor) -> Overlay | None:
    """Return how the two agree, None if no similarity lays one upon the other or neither shows a sheet."""
    if one.corners is None and other.corners is None:
        return None
    way = _aligned(one, other)
    if way is None:
        return None
    size, flags = (one.grey.shape[1], one.grey.shape[0]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    fine = _fine(one.grey)
    laid = np.asarray(cv2.warpAffine(_fine(other.grey), way, size, flags=flags), np.float32)
    moved, seen = (cv2.warpAffine(each, way, size, flags=flags) for each in (other.grey, _inner(other.grey)))
    both = np.asarray(_inner(one.grey) & (np.asarray(seen, np.uint8) // 255 * 255), np.uint8)
    sheet, regions = _sheet(one, other, way)
    inside, boxes = _filled(both.shape, sheet[None]), _filled(both.shape, _grown(regions, 1.9))
    printed = np.asarray(both & inside & ~boxes, np.uint8)
    print_share, _ = _agreement(fine, laid, printed, _PRINT_TEXTURE)
    desk_share, desk_blocks = _agreement(fine, laid, _around(both, inside, _EDGE), _DESK_TEXTURE)
    worst = _worst_box(one.grey, np.asarray(moved, np.uint8), both, regions)
    rest = by_a_stand(way, one.grey.shape, other.grey.shape)
    moved_as_one = one_camera(fine, laid, printed, sheet, way) and (
        not rest or _clear(fine, laid, both, inside, printed)
    )
    return Overlay(print_share, desk_share, desk_blocks, worst, moved_as_one)


def _aligned(one: Descriptor, other: Descriptor) -> Field | None:
    """Return the affine way (2, 3) that lays one upon the other to a part of a pixel, None if there is none."""
    way = _similarity(one, other)
    if way is None:
        return None
    mine, theirs = _fine(one.grey), _fine(other.grey)
    whole = np.full(theirs.shape, 255, np.uint8)
    try:
        for steps in (_FIRST_STEPS, _STEPS):
            alike, found = cv2.findTransformECC(mine, theirs, way, cv2.MOTION_AFFINE, (3, steps, 1e-4), whole, 3)
            if alike < _ALIKE:
                return None
            way = np.asarray(found, np.float32)
    except cv2.error:  # it did not converge: these are two pictures
        return None
    return way


def _around(both: NDArray[np.uint8], inside: Grey, ring: int) -> NDArray[np.uint8]:
    """Return 255 where both pictures show what is more than ``ring`` pixels outside the sheet."""
    return np.asarray(both & ~np.asarray(cv2.dilate(inside, np.ones((2 * ring + 1, 2 * ring + 1))), np.uint8), np.uint8)


def _clear(one: Field, laid: Field, both: NDArray[np.uint8], inside: Grey, printed: NDArray[np.uint8]) -> bool:
    """Whether the desk beyond the sheet's shadow agrees, and lies as the sheet does."""
    beyond = _around(both, inside, _SHADOW)
    share, blocks = _agreement(one, laid, beyond, _DESK_TEXTURE)
    return share >= _CLEAR_DESK and blocks >= _LEAST_CLEAR and one_piece(one, laid, printed, beyond)


def _similarity(one: Descriptor, other: Descriptor) -> Field | None:
    """Return the similarity (2, 3) that takes places of ``one`` to places of ``other``, None if there is none.

    Corners first vote on turn and scale: that is cheap, and nearly every pair ends here.
    """
    a, b = one.features, other.features
    if len(a.points) < _VOTES or len(b.points) < _VOTES:
        return None
    mine, theirs = _matched(a.bits, b.bits)
    turns = ((b.angles[theirs] - a.angles[mine]) % 360 // 15).astype(int) % 24  # 360 itself comes of rounding
    scales = np.clip(np.round(np.log2(b.sizes[theirs] / a.sizes[mine]) * 2) + 8, 0, 16).astype(int)
    votes = np.zeros((24, 17))
    np.add.at(votes, (turns, scales), 1)
    around = np.sum([np.roll(votes, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)], axis=0)
    if float(around.max()) < _VOTES:
        return None
    turn, scale = np.unravel_index(int(around.argmax()), around.shape)
    voted = ((turns - turn + 1) % 24 <= 2) & (np.abs(scales - scale) <= 1)
    start, end = a.points[mine[voted]], b.points[theirs[voted]]
    way, agreed = cv2.estimateAffinePartial2D(start, end, method=cv2.RANSAC, ransacReprojThreshold=2.0, maxIters=500)
    if way is None or int(agreed.sum()) < _INLIERS:
        return None
    return np.asarray(way, np.float32)


def _matched(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows of both that are each other's nearest."""
    forth = faiss.knn_hamming(one, other, 1)[1][:, 0]
    back = faiss.knn_hamming(other, one, 1)[1][:, 0]
    mutual = np.flatnonzero(back[forth] == np.arange(len(one)))
    return mutual, np.asarray(forth[mutual], np.int64)


def _fine(grey: Grey) -> Field:
    """Return texture and edges, without the light that lies over them and without the grain of compression."""
    field = grey.astype(np.float32)
    return np.asarray(cv2.GaussianBlur(field, (0, 0), 1.2) - cv2.GaussianBlur(field, (0, 0), 4), np.float32)


def _inner(grey: Grey) -> Grey:
    """Return 255 where a place is so far from the rim that nothing behind it (a bar, a mirrored border) matters."""
    inner = np.zeros(grey.shape, np.uint8)
    inner[_RIM:-_RIM, _RIM:-_RIM] = 255
    return inner


def _sheet(one: Descriptor, other: Descriptor, way: Field) -> tuple[Points, Points]:
    """Return corners of the sheet and of its regions in ``one``, if need be from where they are in ``other``."""
    if one.corners is not None:
        return one.corners, one.regions
    assert other.corners is not None  # noqa: S101  # overlay asked
    back = cv2.invertAffineTransform(way)
    moved = cv2.transform(np.concatenate([other.corners[None], other.regions]), back)
    return np.asarray(moved[0], np.float32), np.asarray(moved[1:], np.float32)


def _grown(quads: Points, by: float) -> Points:
    middle = quads.mean(1, keepdims=True)
    return np.asarray(middle + (quads - middle) * by, np.float32)


def _filled(shape: tuple[int, ...], quads: Points) -> Grey:
    mask = np.zeros(shape, np.uint8)
    for quad in quads:
        cv2.fillConvexPoly(mask, quad.round().astype(np.int32), 255)
    return mask


def _agreement(one: Field, other: Field, where: NDArray[np.uint8], texture: float) -> tuple[float, int]:
    """Return the share of blocks with texture that correlate, and how many blocks have some. Blocks overlap by half.

    Where one picture is flat, a bar or a blackened shadow lies over it: that says nothing.
    """

    def mean(field: Field) -> Field:
        return np.asarray(cv2.blur(field, (_BLOCK, _BLOCK))[_BLOCK // 2 :: _BLOCK // 2, _BLOCK // 2 :: _BLOCK // 2])

    mine, theirs = mean(one), mean(other)
    mine_var, theirs_var = mean(one * one) - mine**2, mean(other * other) - theirs**2
    shared = mean(one * other) - mine * theirs
    rough = (np.maximum(mine_var, theirs_var) > texture) & (np.minimum(mine_var, theirs_var) > texture / 4)
    there = rough & (mean(where.astype(np.float32)) > 250)
    count = int(there.sum())
    if not count:
        return 0.0, 0
    correlation = shared[there] / np.sqrt(np.maximum(mine_var[there], 0.1) * np.maximum(theirs_var[there], 0.1))
    return float((correlation > _AGREES).mean()), count


def _worst_box(one: Grey, other: Grey, both: NDArray[np.uint8], regions: Points) -> float:
    """Return the least correlation of a region, seen whole in both."""
    worst = 1.0
    square = np.array([[0, 0], [_BOX_SIDE, 0], [_BOX_SIDE, _BOX_SIDE], [0, _BOX_SIDE]], np.float32)
    for quad in _grown(regions, 1.66):
        way = cv2.getPerspectiveTransform(quad, square)
        mine, theirs, seen = (cv2.warpPerspective(each, way, (_BOX_SIDE, _BOX_SIDE)) for each in (one, other, both))
        if int(seen.min()) == 255:
            a, b = (np.asarray(cv2.GaussianBlur(each, (0, 0), 1), np.float32).ravel() for each in (mine, theirs))
            worst = min(worst, float(np.corrcoef(a, b)[0, 1]) if min(a.std(), b.std()) > 1 else 1.0)
    return worst
