"""C3, C5, C6 and C7."""

from fractions import Fraction

from count_support import CHECKS, announced, of_rule, one, photos, protocol, quick, run, small_pack
from hypothesis import given
from hypothesis import strategies as st

from golos.count.rounding import share
from golos.count.sheets import Sheet

ONE = small_pack({"s1": "N"})


def door(*lines: str) -> Sheet:
    text = "\n".join(("area,line,voters,double_count,organisation", *lines)) + "\n"
    return Sheet("watch", "turnout", "", "president", 1, False, text.encode())


def test_c3_by_hand():
    # The protocol has 950 ballots; observers saw 700 and admit to 20 double counts: 230 too many.
    comparison = run(ONE, door("s1,turnout,700,20,Honest People"), protocol({"s1": {"turnout": 950}}, readings=2))
    found = one(comparison, "C3")
    assert found.id == "C3:president:turnout:s1:watch:"
    assert (found.grade, found.breaking) == ("proven", 230)
    assert found.numbers == {
        "protocol": 950, "observed": 700, "double_count": 20, "organisation": "Honest People",
    }  # fmt: skip
    assert comparison.grade_of("s1") == "proven"


def test_c3_takes_the_lower_version_and_the_more_cautious_observer():
    # Versions 950 and 720: against 720, and of 700 + 0 and 690 + 25 the latter: 5.
    sheets = [protocol({"s1": {"turnout": 950}}), protocol({"s1": {"turnout": 720}}, source="b")]
    found = one(run(ONE, door("s1,turnout,700,,a", "s1,turnout,690,25,a"), *sheets), "C3")
    assert (found.grade, found.reason, found.breaking) == ("strong", "typings differ", 5)


@quick
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_c3_is_the_plain_difference(ballots, seen, double):
    found = of_rule(run(ONE, door(f"s1,turnout,{seen},{double},a"), protocol({"s1": {"turnout": ballots}})), "C3")
    assert [f.breaking for f in found] == [d for d in [ballots - seen - double] if d > 0]


def test_c5_by_hand():
    # 40 + 50 + 5 = 95 is not the turnout of 100; 100 ballots from 98 issued ones.
    figures = {"s1": {"ann": 40, "bob": 50, "invalid": 5, "turnout": 100, "issued": 98}}
    comparison = run(ONE, protocol(figures))
    assert [(f.id, f.grade, f.breaking, f.numbers) for f in of_rule(comparison, "C5")] == [
        ("C5:president:issued:s1:typed:", "suspicious", 2, {"left": 100, "right": 98}),
        ("C5:president:sum:s1:typed:", "suspicious", 5, {"left": 100, "right": 95}),
    ]
    assert comparison.checks == {("president", "sum", "typed"): (1, 1), ("president", "issued", "typed"): (1, 1)}
    assert comparison.grade_of("s1") == "can't tell"


@quick
@given(st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=4, max_size=4))
def test_c5_needs_every_figure(cells):
    ann, bob, invalid, turnout = cells
    comparison = run(ONE, protocol({"s1": {"ann": ann, "bob": bob, "invalid": invalid, "turnout": turnout}}))
    complete = None not in cells
    broken = complete and ann + bob + invalid != turnout
    assert comparison.checks["president", CHECKS[0].id, "typed"] == (broken, complete)


def test_c6_by_hand():
    # The commission's own web page and its own signed paper differ in ann's votes.
    sheets = [
        protocol({"s1": {"ann": 300, "bob": 100}}, source="web", authority=True),
        protocol({"s1": {"ann": 200, "bob": 100}}, source="paper", authority=True),
    ]
    found = one(run(ONE, *sheets), "C6")
    assert (found.id, found.grade, found.breaking) == ("C6:president::s1::", "proven", 1)
    assert found.numbers == {"lines": {"ann": {"web": 300, "paper": 200}}}


def c6_grade(*versions):
    sheets = [
        protocol({"s1": {"ann": at}}, source=f"v{at}", readings=readings, authority=authority)
        for at, (readings, authority) in enumerate(versions)
    ]
    return one(run(ONE, *sheets), "C6").grade


def test_c6_only_two_of_a_kind_prove():
    assert c6_grade((2, False), (2, False)) == "proven"  # two images, each read twice
    assert c6_grade((1, False), (2, False)) == "suspicious"  # a typing error is enough
    assert c6_grade((1, False), (1, True)) == "suspicious"  # a citizens' count and the authority's
    assert c6_grade((9, False), (1, True)) == "suspicious"
    assert c6_grade((1, False), (1, True), (1, True)) == "proven"


@quick
@given(st.lists(st.one_of(st.none(), st.integers(0, 2)), min_size=3, max_size=3))
def test_c6_exists_where_two_figures_differ(values):
    sheets = [protocol({"s1": {"ann": v}}, source=f"v{at}") for at, v in enumerate(values)]
    assert bool(of_rule(run(ONE, *sheets), "C6")) == (len(set(values) - {None}) > 1)


THREE = small_pack({"s1": "N"}, {"president": ("ann", "bob", "cy")})


def test_c7_by_hand():
    # Made as Venezuela's were in 2024, from percentages with one decimal: 51.2 %, 44.2 % and 4.6 % of 10,058,774:
    # 5,150,092.288 -> 5,150,092; 4,445,978.108 -> 4,445,978; 462,703.604 -> 462,704; they add up to the total.
    # chance (1000 / 10,058,774)^2 = 9.9e-09
    values = {"ann": 5_150_092, "bob": 4_445_978, "cy": 462_704}
    found = one(run(THREE, official=[announced("N", values)]), "C7")
    assert (found.id, found.grade, found.breaking) == ("C7:president::N:commission:", "strong", 1)
    assert found.numbers == {
        "total": 10_058_774,
        "chance": "9.9e-09",
        "options": {"ann": [5_150_092, 512], "bob": [4_445_978, 442], "cy": [462_704, 46]},
    }


def test_c7_one_vote_off_or_a_likely_chance_is_none():
    values = {"ann": 5_150_093, "bob": 4_445_977, "cy": 462_704}
    assert not of_rule(run(THREE, official=[announced("N", values)]), "C7")
    # 500,000 + 499,000 + 1,000 = 1,000,000: chance (1/1000)^2 is 1e-6, not under it.
    assert not of_rule(run(THREE, official=[announced("N", {"ann": 500_000, "bob": 499_000, "cy": 1_000})]), "C7")


def test_c7_counts_against_the_turnout_too():
    # Percentages of the turnout: 50.0 %, 30.0 % and 10.0 % of 20,000,000; the rest was invalid.
    values = {"ann": 10_000_000, "bob": 6_000_000, "cy": 2_000_000, "turnout": 20_000_000}
    found = of_rule(run(THREE, official=[announced("N", values)]), "C7")
    assert "C7:president:turnout:N:commission:" in {f.id for f in found}


@quick
@given(st.integers(1, 3_000_000), st.integers(0, 1000))
def test_share_finds_every_rounded_percentage(total, k):
    value = (k * total + 500) // 1000
    found = share(value, total)
    assert found is not None and found <= k
    assert abs(Fraction(found * total, 1000) - value) <= Fraction(1, 2)


@quick
@given(st.integers(1, 5000), st.integers(0, 40))
def test_share_equals_a_search(total, value):
    hits = [k for k in range(1000 * value // total + 2) if (k * total + 500) // 1000 == value]
    assert share(value, total) == (hits[0] if hits else None)


def test_photos_alone_contradict_nothing():
    assert not run(ONE, photos({"s1": {"ann": 5}})).findings
