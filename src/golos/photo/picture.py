"""Picture: what the decoder makes of a file: pixels, upright by what the file says, and nothing else of it."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[Any]
"""(height, width), uint8, 0 black to 255 white."""
Colour = NDArray[Any]
"""(height, width, 3), uint8: blue, green, red."""
Matrix = NDArray[Any]
"""(3, 3), float64: a homography."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One decoded photograph, turned upright by its EXIF orientation; ``colour`` has the size of ``grey`` or is None.

    ``full`` is (width, height) in the file, upright; decoding may have scaled it down.
    """

    grey: Grey
    colour: Colour | None
    full: tuple[int, int]

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of ``grey``."""
        return int(self.grey.shape[1]), int(self.grey.shape[0])


def shrunk(grey: Grey, scale: float) -> Grey:
    """Return a picture made smaller by ``scale``, below 1; halved as often as that goes, which costs a tenth."""
    height, width = grey.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    while min(grey.shape) > 2 and grey.shape[1] >= 2 * size[0] and grey.shape[0] >= 2 * size[1]:
        even = grey[: grey.shape[0] & ~1, : grey.shape[1] & ~1]
        grey = np.asarray(cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    if grey.shape == size[::-1]:
        return grey
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
