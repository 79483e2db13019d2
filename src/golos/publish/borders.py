"""Borders: the lines between groups of outlines, found in the outlines themselves.

Neighbours share the points of their common border, so an edge that a group has twice lies inside it; the edges that
are left surround the group. So a map of districts shows its regions without a second file.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

Spot = tuple[int, int]
Edge = frozenset[Spot]


def lines(groups: Sequence[Sequence[Sequence[Spot]]]) -> Iterator[list[Spot]]:
    """Yield the lines that part the groups from each other and from what is around, each stretch once.

    A group is the closed rings of its outlines; the first spot of a ring is also its last.
    """
    left: set[Edge] = set().union(*map(_around, groups))
    for ring in (ring for rings in groups for ring in rings):
        line: list[Spot] = []
        for start, end in pairwise(ring):
            edge = frozenset((start, end))
            if edge in left:
                left.remove(edge)
                line.extend((end,) if line else (start, end))
            elif line and start != end:
                yield line
                line = []
        if line:
            yield line


def _around(rings: Sequence[Sequence[Spot]]) -> set[Edge]:
    edges: set[Edge] = set()
    for ring in rings:
        for start, end in pairwise(ring):
            edges ^= {frozenset((start, end))} if start != end else set()
    return edges
