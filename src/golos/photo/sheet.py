"""Sheet: a form found in a picture, and the way from every place of its template to the picture's pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golos.photo.answer import Reason
from golos.photo.form import Form, Region, Revision
from golos.photo.picture import Grey, Matrix, Picture


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no sheet was found: "not a form", "wrong form", "wrong revision", "thumbnail", "blur" or "cut"."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A region of the sheet as photographed, re-registered on its own.

    ``image`` is grey as in the picture; ``ink`` is the darkness against the paper around it, 0 paper to 255 black, with
    light and shadow taken out; ``blank`` is the ink of the template in the same frame. All are (h, w) of the region,
    its margin included, times ``scale``. ``shift`` (dx, dy) is how far the place was from where the whole sheet's fit put it,
    in template pixels; ``fit`` is the correlation with the template, -1 to 1; ``inside`` the share that lies in the picture.
    """

    image: Grey
    ink: Grey
    blank: Grey
    shift: tuple[float, float]
    fit: float
    inside: float


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """``homography`` maps template pixels (x, y, 1) to pixels of ``picture.grey``; ``rectified`` is the whole sheet in the
    template's frame and size. ``points`` (n, 2) of the template and ``shifts`` (n, 2), both in template pixels, are the
    paper's departure from the plane, measured where there is print.
    """

    picture: Picture
    form: Form
    revision: Revision
    homography: Matrix
    rectified: Grey
    fit: float
    points: NDArray[np.float64]
    shifts: NDArray[np.float64]
    reasons: tuple[Reason, ...] = ()

    def patch(self, region: Region, margin: int = 0, scale: float = 1.0) -> Patch:
        """Return the region with ``margin`` template pixels around it, at ``scale`` pixels per template pixel."""
        raise NotImplementedError


def register(picture: Picture, form: Form) -> Sheet | Refusal:
    """Return the sheet in the picture, of the revision that fits best, or why there is none."""
    raise NotImplementedError
