"""The lines between groups of outlines: shared edges inside a group vanish, every other stretch is drawn once."""

from itertools import pairwise

from golos.publish.borders import lines


def square(x: int, y: int) -> list[tuple[int, int]]:
    return [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]


def edges(groups) -> list[frozenset]:
    return [frozenset(edge) for line in lines(groups) for edge in pairwise(line)]


def test_two_districts_of_one_region_have_one_line_around_them():
    found = edges([[square(0, 0), square(1, 0)]])
    assert frozenset({(1, 0), (1, 1)}) not in found
    assert len(found) == len(set(found)) == 6


def test_two_regions_share_one_line_that_is_drawn_once():
    found = edges([[square(0, 0), square(1, 0)], [square(2, 0)]])
    assert found.count(frozenset({(2, 0), (2, 1)})) == 1
    assert frozenset({(1, 0), (1, 1)}) not in found
    assert len(found) == len(set(found)) == 9


def test_a_line_goes_on_over_spots_that_fall_together():
    ring = [(0, 0), (5, 0), (5, 0), (5, 5), (0, 0)]
    assert list(lines([[ring]])) == [[(0, 0), (5, 0), (5, 5), (0, 0)]]


def test_an_island_s_ring_is_drawn_whole():
    assert list(lines([[square(0, 0)], [square(9, 9)]])) == [square(0, 0), square(9, 9)]
