"""C4: the parts of an area against what was announced for it."""

from count_support import announced, of_rule, one, photos, protocol, quick, run, small_pack
from hypothesis import given
from hypothesis import strategies as st

PACK = small_pack({"s1": "A", "s2": "A", "s3": "B"})


def test_by_hand_with_photos_elsewhere():
    # s1's protocol has 60, s2 has none: its 50 photos stand in. 60 + 50 - 100 announced for A = 10.
    found = one(
        run(
            PACK,
            photos({"s1": {"ann": 5}, "s2": {"ann": 50}, "s3": {"ann": 999}}),
            protocol({"s1": {"ann": 60}}, readings=2),
            official=[announced("A", {"ann": 100})],
        ),
        "C4",
    )
    assert found.id == "C4:president:ann:A:golos:confirmed"
    assert (found.grade, found.breaking) == ("proven", 10)
    assert found.numbers == {
        "announced": 100,
        "unit": 1,
        "authority": True,
        "headline": "typed",
        "versions": {"typed": {"protocols": 60, "stations": 1, "photos_elsewhere": 50, "gap": 10}},
    }


def test_once_typed_protocols_are_replaced_by_photos_in_the_proof():
    # Typed once, s1's 60 do not count: its 5 photos stand in, 5 + 50 < 100.
    sheets = [photos({"s1": {"ann": 5}, "s2": {"ann": 50}}), protocol({"s1": {"ann": 60}})]
    found = one(run(PACK, *sheets, official=[announced("A", {"ann": 100})]), "C4")
    assert (found.grade, found.reason) == ("strong", "one typing")


def test_a_rounded_announcement_counts_at_its_upper_edge():
    # 100 rounded to tens may be 105: 106 exceed it by one, 105 do not.
    official = [announced("A", {"ann": 100}, unit=10)]
    assert one(run(PACK, protocol({"s1": {"ann": 106}}), official=official), "C4").breaking == 1
    assert not of_rule(run(PACK, protocol({"s1": {"ann": 105}}), official=official), "C4")


def test_the_highest_announcement_counts_and_another_source_is_at_most_strong():
    official = [announced("A", {"ann": 50}), announced("A", {"ann": 90}, source="paper", authority=False, leaf=2)]
    found = one(run(PACK, protocol({"s1": {"ann": 95}}, readings=2), official=official), "C4")
    assert (found.numbers["announced"], found.grade, found.reason) == (90, "strong", "announcement from another source")


def test_headline_is_the_first_source_then_first_then_the_others():
    # a holds three figures and leads; b holds two. a alone: 40. first: 40 + 30 (s2 of b). b alone: 90 + 30, more
    # than the 60 announced, but first comes earlier.
    sheets = [
        protocol({"s1": {"ann": 40, "bob": 0, "spare": 1}}, source="a"),
        protocol({"s1": {"ann": 90}, "s2": {"ann": 30}}, source="b"),
    ]
    numbers = one(run(PACK, *sheets, official=[announced("A", {"ann": 60})]), "C4").numbers
    assert numbers["headline"] == "first"
    assert {name: v["protocols"] for name, v in numbers["versions"].items()} == {"a": 40, "first": 70, "b": 120}
    assert one(run(PACK, *sheets, official=[announced("A", {"ann": 100})]), "C4").numbers["headline"] == "b"


def test_photos_of_suspect_stations_prove_nothing():
    # 50 photos at s2 of 40 voters: without them 60 is not over 100.
    figures = {"s1": {"ann": 60}, "s2": {"voters": 40}}
    sheets = [photos({"s2": {"ann": 50}}), protocol(figures, readings=2)]
    assert one(run(PACK, *sheets, official=[announced("A", {"ann": 100})]), "C4").grade == "strong"


numbers = st.one_of(st.none(), st.integers(0, 30))


@quick
@given(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=3), st.integers(0, 60))
def test_gap_equals_a_loop_over_the_stations(pairs, total):
    codes = ("s1", "s2", "s3")
    official = {s: {"ann": v} for s, (_, v) in zip(codes, pairs, strict=True)}
    seen = {s: {"ann": p} for s, (p, _) in zip(codes, pairs, strict=True)}
    gap = sum(v if v is not None else (p or 0) for p, v in pairs) - total
    found = of_rule(run(PACK, photos(seen), protocol(official), official=[announced("N", {"ann": total})]), "C4")
    assert [f.breaking for f in found] == ([gap] if gap > 0 else [])
