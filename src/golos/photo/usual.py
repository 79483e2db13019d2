"""Usual: what the boxes of one sheet have in common. Most are empty, and show what an empty one looks like here."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from golos.photo.marks import Measured

MARKED = 6.0
"""Mean ink inside a marked box, of 255, at the least."""
FAINT, PLAIN, EDGE = 18.0, 28.0, 40.0
"""The darkest three hundredths of the middle of an empty box are fainter than the first, of a marked box darker than
the second, or those of all its inside darker than the third: a finger shades the rim. What lies between is a doubt. (Of
12,672 empty boxes photographed 99.9 % are fainter than 15, of 1,271 marked ones, circles left out, 99 % darker than
40.)"""
RIM, BLED = 28.0, 0.3
"""The same for all of an empty box, and as a share of the darkness of print: its frame may come a pixel too far in."""
FAINTER, RIM_BESIDE, BOLD = 24.0, 38.0, 70.0
"""The middle and the rim of an empty box may be so dark beside a mark that is darker than the third: no vote is so much
fainter than another."""
BLURRED, BLURRED_EDGE = (1.5, 50.0), (1.75, 60.0)
"""Where blur brings the frames into the boxes: as many times the usual rim, up to the second, is `RIM` and `EDGE`."""
SMOOTH = 3.0, 8.0
"""Where no box has a plain mark, the rim of an empty one is no darker than so many times the usual and so much more:
one that stands out is a doubt, however faint. (Of 5,300 empty boxes on 440 blank ballots none is.)"""
CIRCLE = 30.0
"""Ink on three sides of a box, of 255: a circle."""
HEAVY, MORE = 0.17, 10.0
"""How much more ink, as a share and of 255, lies about the frame of an empty box than of the others, at the most: else
a circle may lie upon the frame."""
CLOSE, CLOSE_MORE = (0.095, 0.2), (4.0, 8.0)
"""The same on three sides at once: more is a doubt, and more than the second share a circle upon the frame. (Of 20,900
empty boxes 99.9 % have less than 0.1 more.)"""


@dataclass(frozen=True, slots=True)
class Usual:
    """What the boxes of a sheet have in common, for most of them are empty: how plain the ``print`` of a frame is, the
    ink close to it on its four sides, its mean ``weight``, and how dark the ``rim`` of the inside is.
    """

    print: float
    sides: tuple[float, ...]
    weight: float
    rim: float

    @classmethod
    def of(cls, found: Sequence[Measured]) -> "Usual":
        """Return it: the lesser of two middle ones where the boxes are even, for of two one may be marked."""
        middle = (len(found) - 1) // 2
        sides = tuple(sorted(each.weights[side] for each in found)[middle] for side in range(4))
        print_ = float(np.median([each.frame for each in found])) or 1.0
        return cls(print_, sides, sum(sides) / 4, sorted(each.peak for each in found)[middle])

    def inked(self, each: Measured, bold: bool) -> bool:
        """Whether there is ink in an unmarked box. ``bold``: another box has a plain mark."""
        times, most = BLURRED
        bled = RIM if each.ink >= MARKED else max(RIM, BLED * each.black)
        rim = max(bled, min(times * self.rim, most))
        rim = max(rim, RIM_BESIDE) if bold else min(rim, SMOOTH[0] * self.rim + SMOOTH[1])
        return each.core > (FAINTER if bold else FAINT) or each.peak >= rim

    def edge(self) -> float:
        """Return how dark the rim of a marked box is at the least."""
        times, most = BLURRED_EDGE
        return max(EDGE, min(times * self.rim, most))

    def heavy(self, each: Measured, beside: set[int], bold: bool) -> bool:
        """Whether more ink lies about an unmarked box's frame than usual, or on three sides of it a little more.

        ``beside`` are sides that do not count: a circle about the next box reaches there. ``bold``: another box has a
        plain mark, and a little more tells nothing.
        """
        more = [ink for side, ink in enumerate(self._more(each)) if side not in beside]
        much = bool(more) and sum(more) / len(more) > max(HEAVY * self.weight, MORE)
        return much or (not bold and not beside and self._closely(more, 0))

    def circled(self, each: Measured) -> bool:
        """Whether a circle lies upon the frame: there is more ink than usual on all of its sides, much on three, and
        some is not upon the frame. (Where glare takes the print of the others there is more ink, and none beside it.)
        """
        more = self._more(each)
        return min(more) > 0 and self._closely(more, 1) and max(each.peak, *each.sides) > CIRCLE

    def _more(self, each: Measured) -> list[float]:
        return [ink - usual for ink, usual in zip(each.weights, self.sides, strict=True)]

    def _closely(self, more: Sequence[float], which: int) -> bool:
        return sorted(more)[1] > max(CLOSE[which] * self.weight, CLOSE_MORE[which])
