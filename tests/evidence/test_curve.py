"""The curve of the bounds: exact where it is given, never rising, and down to nothing."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.count.bounds import Excesses
from golos.count.evidence.curve import curve, drawn

pairs = st.lists(st.tuples(st.integers(1, 300), st.integers(0, 300)).filter(lambda pv: pv[0] > pv[1]), max_size=12)


def excesses(found):
    p, v = np.array(found, dtype=np.int64).reshape(-1, 2).T
    return Excesses(np.sort(p - v), p, v, np.arange(len(p)))


@given(pairs, st.sampled_from(["F", "k", "x"]))
@settings(deadline=None)
def test_it_falls_to_nothing(found, parameter):
    points = curve(excesses(found), parameter)
    assert points[0].value == 0 and points[0].votes == sum(p - v for p, v in found)
    assert (points[-1].stations, points[-1].votes) == (0, 0)
    for before, after in pairwise(points):
        assert before.value < after.value
        assert before.votes >= after.votes and before.stations >= after.stations
    ET.fromstring(drawn(excesses(found), parameter, "Bounds"))


@pytest.mark.parametrize(("parameter", "at_two"), [("F", (2, 6)), ("k", (2, 3))])
def test_by_hand(parameter, at_two):
    # excesses 1, 3, 4
    points = {p.value: (p.stations, p.votes) for p in curve(excesses([(2, 1), (5, 2), (9, 5)]), parameter, 200)}
    assert points[0] == (3, 8) and points[2] == at_two
