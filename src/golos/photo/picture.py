"""Picture: what the decoder makes of a file: pixels, upright by what the file says, and nothing else of it."""

from dataclasses import dataclass
from typing import Any

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
