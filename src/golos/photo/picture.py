"""Picture: what the decoder makes of a file: pixels, upright by what the file says, and nothing else of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""(height, width), 0 black to 255 white."""
Colour = NDArray[np.uint8]
"""(height, width, 3), blue, green, red."""
Matrix = NDArray[np.float64]
"""(3, 3), a homography."""


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
