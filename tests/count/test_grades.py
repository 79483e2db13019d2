"""Station grades, coverage, summary, withdrawals and the sums up the tree."""

import dataclasses

from count_support import of_rule, photos, protocol, quick, run, small_pack
from hypothesis import given
from hypothesis import strategies as st

from golos.count.compare import compare
from golos.count.remainder import remainder

PACK = small_pack({"s1": "A", "s2": "A", "s3": "B", "s4": "N"}, stations_announced=5)


def test_no_data_consistent_and_cant_tell():
    # s1: of 1,000 votes at most 49 of one option lack a photo; s2: 50 do; s3: a protocol alone; s4: nothing.
    figures = {"ann": 600, "bob": 400}
    comparison = run(
        PACK,
        photos({"s1": {"ann": 551, "bob": 400}, "s2": {"ann": 550, "bob": 400}, "s4": {"spare": 3}}),
        protocol({"s1": figures, "s2": figures, "s3": {"turnout": 5}}),
    )
    assert comparison.grades == ("consistent", "can't tell", "can't tell", "no data")
    assert comparison.summary["stations"] == {
        "proven": 0, "strong": 0, "suspicious": 0, "consistent": 1, "can't tell": 2, "no data": 1,
    }  # fmt: skip
    assert comparison.summary["denominators"] == {"stations": 5, "stations_with_protocol": {"president": 2}}


def test_consistent_needs_every_contest():
    pack = small_pack({"s1": "N"}, {"president": ("ann",), "council": ("cy",)})
    sheets = [photos({"s1": {"ann": 9}}), protocol({"s1": {"ann": 9}})]
    assert run(pack, *sheets).grades == ("can't tell",)
    more = [photos({"s1": {"cy": 9}}, contest="council"), protocol({"s1": {"cy": 9}}, contest="council")]
    assert run(pack, *sheets, *more).grades == ("consistent",)


def test_a_withdrawn_finding_stays_listed_and_enters_no_total():
    comparison = run(
        PACK, photos({"s1": {"ann": 9}, "s3": {"ann": 7}}), protocol({s: {"ann": 4} for s in PACK.stations})
    )
    name = of_rule(comparison, "C1")[0].id
    after = compare(dataclasses.replace(comparison.count, retractions={name: "two photos are of another station"}))
    assert [f.withdrawn for f in of_rule(after, "C1")] == ["two photos are of another station", ""]
    assert after.grade_of("s1") == "can't tell"
    c1 = after.summary["contests"]["president"]["sources"]["golos"]["c1"]
    assert c1 == {
        "stations": 1, "votes": 3, "by_grade": {"strong": [1, 3]}, "by_region": {"B": 1}, "by_option": {"ann": 3},
    }  # fmt: skip
    assert after.bounds[0].votes == 3


def test_headline_source_has_the_most_confirmed_votes():
    sheets = [photos({"s1": {"ann": 5, "invalid": 99}}, source="b"), photos({"s1": {"ann": 6}}, source="c")]
    assert run(PACK, *sheets).headline == {"president": "c"}
    assert run(PACK, *sheets, photos({"s1": {"ann": 6}}, source="a")).headline == {"president": "a"}
    assert run(PACK).headline == {"president": None}


def test_coverage():
    comparison = run(PACK, photos({"s1": {"ann": 0}, "s2": {"ann": 3}, "s3": {"ann": 1}}), protocol({"s2": {"bob": 0}}))
    assert [dataclasses.astuple(row) for row in comparison.coverage] == [
        ("A", 2, 1, 1, 1),
        ("B", 1, 0, 1, 0),
        ("N", 4, 1, 2, 1),
    ]


def test_tallies_add_up_the_tree_and_blank_is_not_zero():
    count = run(PACK, photos({"s1": {"ann": 2, "bob": None}, "s2": {"ann": 3, "bob": None}})).count
    assert [(t.area, t.option, t.votes) for t in count.tallies()] == [
        ("A", "ann", 5),
        ("N", "ann", 5),
        ("s1", "ann", 2),
        ("s2", "ann", 3),
    ]


@quick
@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=4, max_size=4))
def test_an_area_is_the_sum_of_its_stations(votes):
    seen = {f"s{i + 1}": {"ann": v} for i, v in enumerate(votes)}
    found = {t.area: t.votes for t in run(PACK, photos(seen)).count.tallies()}
    for area, inside in (("A", votes[:2]), ("B", votes[2:3]), ("N", votes)):
        there = [v for v in inside if v is not None]
        assert found.get(area) == (sum(there) if there else None)


def test_only_the_named_protocols_are_compared():
    sheets = [photos({"s1": {"ann": 9}}), protocol({"s1": {"ann": 9}}), protocol({"s1": {"ann": 4}}, source="low")]
    count = run(PACK, *sheets).count
    assert not compare(count, ["typed"]).findings
    assert [f.breaking for f in compare(count, ["low"]).findings] == [5]


def test_nothing_is_counted_in_a_cancelled_election():
    pack = small_pack({"s1": "N"}, cancelled="The ballots burned.")
    comparison = run(pack, photos({"s1": {"ann": 9}}), protocol({"s1": {"ann": 4}}))
    assert not comparison.findings
    assert comparison.grades == ("no data",)
    assert not list(comparison.count.tallies())


def test_remainder_by_hand():
    # Two known stations of five hold 30: mean 15. 45 announced leave 15 for three: mean 5. Three times.
    comparison = run(PACK, protocol({"s1": {"ann": 10}, "s2": {"ann": 20}}))
    found = remainder(comparison.standings["president"].high.column("ann"), 45, 5)
    assert (found.known, found.rest, found.ratio) == (15, 5, 3)
    assert remainder(comparison.standings["president"].high.column("ann"), 30, 5).ratio is None
    assert remainder(comparison.standings["president"].high.column("bob"), 45, 5) is None
