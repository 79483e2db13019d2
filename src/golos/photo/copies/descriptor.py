"""Descriptor: what is kept of a photograph to know its copies again, some 15 KB. It is sealed until the cut-off.

It holds the file's SHA-256, the PDQ hash of the frame (upright by the sheet, so that quarter turns change nothing), a
small grey picture, where the sheet and its boxes lie in that, and the ink in and around every box that holds some.
"""

import hashlib
import zlib
from functools import cached_property

import cv2
import msgspec
import numpy as np
import pdqhash
from numpy.typing import NDArray

from golos.model.problem import Problem
from golos.photo.form import Region
from golos.photo.picture import Grey, Picture
from golos.photo.sheet import Patch, Sheet

SIDE = 448
"""Longer side of the small picture."""
MARK = 56
"""Side of a mark's patch: the box and 0.3 of its width around."""
Points = NDArray[np.float32]
_QUALITY = 75
_MARGIN = 0.3
_MOST_REGIONS = 40
_FIT = 0.3
_INK, _INKED = 40, 30
"""Darkness that is ink; as many pixels of a patch that a mark has at least."""
_PDQ_SIDE = 256


class Mark(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """Ink (56, 56) of a region, 0 to 255 in 16 steps, packed; ``frame``: which pixels are the form's own print."""

    region: int
    ink: bytes
    frame: bytes

    @cached_property
    def mass(self) -> float:
        """How much ink there is, print left out."""
        ink, frame = self.pixels
        return float(np.maximum(ink - _INK, 0)[~frame].sum())

    @cached_property
    def pixels(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return the ink and where print is."""
        ink = np.frombuffer(zlib.decompress(self.ink), np.uint8).reshape(MARK, MARK)
        frame = np.unpackbits(np.frombuffer(zlib.decompress(self.frame), np.uint8)).reshape(MARK, MARK)
        return ink.astype(np.float32), frame > 0


class Descriptor(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """``outline`` (4, 2) and ``places`` (n, 4, 2) are corners of the sheet and of its regions in pixels of ``small``,
    packed float32; both are b"" where no sheet was found. ``revision`` names the form.
    """

    sha256: bytes
    pdq: bytes
    small: bytes
    revision: str
    outline: bytes
    places: bytes
    marks: tuple[Mark, ...]

    @cached_property
    def grey(self) -> Grey:
        """The small picture."""
        return np.asarray(cv2.imdecode(np.frombuffer(self.small, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)

    @cached_property
    def features(self) -> "Features":
        """Corners of the small picture."""
        return _features(self.grey)

    @cached_property
    def corners(self) -> Points | None:
        """The sheet's corners (4, 2)."""
        return np.frombuffer(self.outline, np.float32).reshape(4, 2) if self.outline else None

    @cached_property
    def regions(self) -> Points:
        """The regions' corners (n, 4, 2)."""
        return np.frombuffer(self.places, np.float32).reshape(-1, 4, 2)

    @cached_property
    def inked(self) -> dict[int, Mark]:
        """The marks by region."""
        return {mark.region: mark for mark in self.marks}

    def encode(self) -> bytes:
        """Return it as bytes."""
        return msgspec.msgpack.encode(self)

    @staticmethod
    def decode(data: bytes) -> "Descriptor":
        """Return it from its bytes. Raises Problem ``descriptor.form``."""
        try:
            found = msgspec.msgpack.decode(data, type=Descriptor)
        except msgspec.DecodeError:
            found = None
        lengths = found and (len(found.sha256), len(found.pdq), len(found.outline) % 32, len(found.places) % 32)
        if found is None or lengths != (32, 32, 0, 0) or len(found.outline) > 32:
            raise Problem("descriptor.form", "descriptor", "is none.", "Describe the photograph anew.")
        return found


class Features(msgspec.Struct, frozen=True):
    """``points`` (n, 2), ``bits`` (n, 32), ``angles`` (n) in degrees, ``sizes`` (n) in pixels."""

    points: Points
    bits: NDArray[np.uint8]
    angles: NDArray[np.float32]
    sizes: NDArray[np.float32]


def describe(data: bytes, picture: Picture, sheet: Sheet | None) -> Descriptor:
    """Return the descriptor of the file ``data``, decoded as ``picture``, with the sheet where one was found in it."""
    ratio = min(1.0, SIDE / max(picture.size))
    size = (max(8, round(picture.size[0] * ratio)), max(8, round(picture.size[1] * ratio)))
    small = cv2.resize(picture.grey, size, interpolation=cv2.INTER_AREA)
    packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
    sha = hashlib.sha256(data).digest()
    if sheet is None:
        return Descriptor(sha, _pdq(np.asarray(small, np.uint8), None), packed, "", b"", b"", ())
    scale = np.array(size) / picture.size
    width, height = sheet.revision.size
    outline = _quad(sheet, Region(0, 0, width, height), scale)
    regions = _chosen(sheet.revision.regions)
    places = (
        np.stack([_quad(sheet, region, scale) for region in regions]) if regions else np.empty((0, 4, 2), np.float32)
    )
    marks = tuple(mark for number, region in enumerate(regions) if (mark := _mark(number, region, sheet)))
    pdq = _pdq(np.asarray(small, np.uint8), outline)
    return Descriptor(sha, pdq, packed, sheet.revision.title, outline.tobytes(), places.tobytes(), marks)


def _chosen(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """Return all, or as many of a protocol's cells, evenly, as are enough."""
    step = -(-len(regions) // _MOST_REGIONS) or 1
    return regions[::step]


def _quad(sheet: Sheet, region: Region, scale: NDArray[np.float64]) -> Points:
    left, top, right, bottom = region.x, region.y, region.x + region.w, region.y + region.h
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    return np.asarray(sheet.place(corners) * scale, np.float32)


def _mark(number: int, region: Region, sheet: Sheet) -> Mark | None:
    """Return the ink of a region, None where there is little or the region is not where it ought to be."""
    margin = round(region.w * _MARGIN)
    patch: Patch = sheet.patch(region, margin, MARK / (region.w + 2 * margin))
    if patch.fit < _FIT or patch.inside < 0.95:
        return None
    ink = np.asarray(cv2.resize(patch.ink, (MARK, MARK), interpolation=cv2.INTER_AREA), np.uint8)
    blank = cv2.resize(patch.blank, (MARK, MARK), interpolation=cv2.INTER_AREA)
    frame = cv2.dilate(blank, np.ones((3, 3))) > _INK
    shade = np.uint8(np.median(ink[~frame]))  # a shadow across the box is no ink
    ink = np.where(ink > shade, ink - shade, 0).astype(np.uint8)
    if int(((ink > _INK) & ~frame).sum()) < _INKED:
        return None
    return Mark(number, zlib.compress((ink & 0xF0).tobytes()), zlib.compress(np.packbits(frame).tobytes()))


def _pdq(small: Grey, outline: Points | None) -> bytes:
    """Return the PDQ hash of the frame, turned by quarters until the sheet's head is up."""
    ratio = _PDQ_SIDE / max(small.shape)
    grey = cv2.resize(small, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    if outline is not None:
        down = outline[2] + outline[3] - outline[0] - outline[1]
        grey = np.rot90(grey, round(float(np.degrees(np.arctan2(down[0], down[1]))) / 90) % 4 * -1)
    bits, _ = pdqhash.compute(np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2)))
    return bytes(np.packbits(np.asarray(bits, np.uint8)).tobytes())


def _features(grey: Grey) -> Features:
    points, bits = cv2.ORB.create(450, nlevels=6, edgeThreshold=12, patchSize=24, fastThreshold=7).detectAndCompute(
        grey, None
    )
    return Features(
        np.array([point.pt for point in points], np.float32).reshape(-1, 2),
        np.empty((0, 32), np.uint8) if bits is None else np.asarray(bits, np.uint8),
        np.array([point.angle for point in points], np.float32),
        np.array([point.size for point in points], np.float32),
    )
