"""The audit certificate: the published figures, fractions at small sizes, and what it promises by simulation."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.count.bounds import Excesses
from golos.count.evidence.certificate import (
    Audit,
    certificate,
    chance_of_so_few,
    fakes_upper,
    sample_needed,
    station_chance,
)
from golos.model.problem import Problem

quick = settings(deadline=None, max_examples=30)


@st.composite
def audits(draw):
    photos = draw(st.integers(1, 40))
    sample = draw(st.integers(1, photos))
    return Audit(photos, sample, draw(st.integers(0, sample)))


def exactly(audit, fakes):
    ways = sum(comb(fakes, i) * comb(audit.photos - fakes, audit.sample - i) for i in range(audit.bad + 1))
    return Fraction(ways, comb(audit.photos, audit.sample))


@pytest.mark.parametrize(("sample", "bad", "fakes"), [(300, 0, 4671), (1000, 5, 4928)])
def test_the_published_certificates(sample, bad, fakes):
    assert fakes_upper(Audit(470_331, sample, bad), 0.05) == fakes


def test_five_photographs_by_hand():
    # of 5 photographs 2 are good: with 1 fake the chance is C(4,2)/C(5,2) = 0.6, with 2 fakes 3/10, with 3 fakes 1/10
    audit = Audit(5, 2, 0)
    assert [chance_of_so_few(audit, f) for f in range(5)] == pytest.approx([1, 0.6, 0.3, 0.1, 0])
    assert [fakes_upper(audit, alpha) for alpha in (0.5, 0.2, 0.05)] == [1, 2, 3]


@given(audits(), st.sampled_from([Fraction(51, 1000), Fraction(1009, 10_000), Fraction(503, 1000)]))
@quick
def test_it_is_the_largest_number_that_fractions_do_not_rule_out(audit, alpha):
    possible = range(audit.bad, audit.photos - audit.sample + audit.bad + 1)
    for fakes in possible:
        assert chance_of_so_few(audit, fakes) == pytest.approx(float(exactly(audit, fakes)), abs=1e-12)
    assert fakes_upper(audit, float(alpha)) == max(f for f in possible if exactly(audit, f) > alpha or f == audit.bad)


@given(st.integers(2, 400), st.data())
@quick
def test_the_planned_sample_is_the_smallest(photos, data):
    target = data.draw(st.integers(0, photos - 1))
    bad = data.draw(st.integers(0, min(target, 3)))
    sample = sample_needed(photos, target, 0.05, bad)
    assert fakes_upper(Audit(photos, sample, bad), 0.05) <= target
    if sample > max(bad, 1):
        assert fakes_upper(Audit(photos, sample - 1, bad), 0.05) > target


def test_the_claim_is_wrong_no_more_often_than_promised():
    rng = np.random.default_rng(3)
    bad = rng.hypergeometric(120, 1880, 90, size=2000)
    limits = {int(z): fakes_upper(Audit(2000, 90, int(z)), 0.1) for z in np.unique(bad)}
    assert np.mean([limits[int(z)] < 120 for z in bad]) <= 0.1 + 3 * (0.09 / 2000) ** 0.5


def test_what_stands_is_what_the_bounds_say():
    excesses = Excesses(np.array([3, 5, 10]), np.array([13, 15, 20]), np.array([10, 10, 10]), np.array([0, 1, 2]))
    result = certificate(Audit(48, 24, 0), 0.05, {"all": excesses, "proven": excesses}, "ab", "dice:1")
    told = result.told()
    assert told["fakes_upper"] == 4  # C(44,24)/C(48,24) = 0.055, and 0.025 for 5
    assert told["stand"]["all"] == {"stations": 2, "votes": 14} and told["grade"] == "proven"
    only = certificate(Audit(48, 24, 0), 0.05, {"all": excesses}, "ab", "")
    assert only.grade == "strong"


@given(st.integers(1, 30), st.data())
@quick
def test_chance_at_one_station(photos, data):
    votes, checked = data.draw(st.integers(0, photos)), data.draw(st.integers(0, photos))
    expected = Fraction(comb(votes, checked), comb(photos, checked)) if votes < photos else 1
    assert station_chance(photos, votes, checked) == pytest.approx(float(expected))


@pytest.mark.parametrize("numbers", [(3, 5, 0), (5, 3, 4), (5, 0, 0), (5, 3, -1)])
def test_impossible_numbers_are_refused(numbers):
    with pytest.raises(Problem, match="can't be"):
        Audit(*numbers)
