"""C1, C8 and C2: photographs and declarations against the protocol of their station."""

from count_support import of_rule, one, photos, protocol, quick, run, small_pack
from hypothesis import given
from hypothesis import strategies as st

ONE = small_pack({"s1": "N"})
ORDER = ("proven", "strong", "suspicious")


def test_c1_by_hand():
    # ann: 120 photos, 100 votes: 20 missing; bob: 30 photos, 40 votes: none. K = 20.
    found = one(
        run(ONE, photos({"s1": {"ann": 120, "bob": 30}}), protocol({"s1": {"ann": 100, "bob": 40}}, readings=2)), "C1"
    )
    assert found.id == "C1:president::s1:golos:confirmed"
    assert (found.grade, found.breaking, found.reason) == ("proven", 20, "")
    assert found.numbers == {
        "K": 20,
        "K_low": 20,
        "photos": 150,
        "voters": None,
        "options": {"ann": {"p": 120, "v": 100, "v_low": 100, "e": 20, "status": "twice"}},
    }


def test_c1_sums_over_options_and_needs_both_numbers():
    # ann 5 - 3 = 2 and bob 9 - 2 = 7: K = 9. At s2 bob has no photos known, ann no protocol: nothing to compare.
    pack = small_pack({"s1": "N", "s2": "N"})
    found = one(
        run(
            pack,
            photos({"s1": {"ann": 5, "bob": 9}, "s2": {"ann": 50, "bob": None}}),
            protocol({"s1": {"ann": 3, "bob": 2}, "s2": {"ann": None, "bob": 0}}),
        ),
        "C1",
    )
    assert found.breaking == 9


def grade(tier="confirmed", versions=((1, False, 10),), p=12, **figures):
    sheets = [
        protocol({"s1": {"ann": v, **figures}}, source=f"v{at}", readings=r, authority=a)
        for at, (r, a, v) in enumerate(versions)
    ]
    found = [f for f in run(ONE, photos({"s1": {"ann": p}}, tier=tier), *sheets).findings if f.rule in ("C1", "C8")]
    return (found[0].grade.value, found[0].reason, found[0].breaking) if found else None


def test_grades_follow_reading_and_tier():
    assert grade() == ("strong", "one typing", 2)
    assert grade(versions=((2, False, 10),)) == ("proven", "", 2)
    assert grade(versions=((1, True, 10),)) == ("proven", "", 2)
    assert grade(versions=((1, False, 10), (1, False, 10))) == ("proven", "", 2)
    assert grade(versions=((1, False, 10), (1, False, 11))) == ("strong", "typings differ", 1)
    assert grade(versions=((1, False, 10), (1, False, 12))) == ("suspicious", "only under the lower version", 2)
    assert grade(versions=((1, False, 10), (1, True, 13))) == ("suspicious", "only under the lower version", 2)
    assert grade(tier="read", versions=((2, False, 10),)) == ("strong", "machine reading", 2)
    assert grade(tier="declared", versions=((2, False, 10),)) == ("strong", "declarations", 2)
    assert grade(tier="photographed", versions=((2, False, 10),)) == ("suspicious", "photographs not read", 2)
    assert grade(versions=((2, False, 10),), voters=11) == ("suspicious", "more photos than voters", 2)
    assert grade(versions=((2, False, 10),), voters=12) == ("proven", "", 2)
    assert grade(p=10) is None


def test_a_contradiction_of_another_option_decides_the_grade():
    # ann is typed twice and equal, bob once: the weakest reading among the contradicted options counts.
    sheets = [protocol({"s1": {"ann": 1, "bob": 1}}), protocol({"s1": {"ann": 1}}, source="again")]
    assert one(run(ONE, photos({"s1": {"ann": 2, "bob": 0}}), *sheets), "C1").grade == "proven"
    assert one(run(ONE, photos({"s1": {"ann": 2, "bob": 2}}), *sheets), "C1").reason == "one typing"


def test_suspicion_stays_with_its_source_and_tier():
    # Declarations exceed the 20 voters, photographs do not.
    comparison = run(
        ONE,
        photos({"s1": {"ann": 21}}, tier="declared"),
        photos({"s1": {"ann": 12}}),
        protocol({"s1": {"ann": 10, "voters": 20}}, readings=2),
    )
    assert one(comparison, "C8").grade == "suspicious"
    assert one(comparison, "C1").grade == "proven"
    assert comparison.grade_of("s1") == "proven"


def test_c2_by_hand():
    # 60 + 45 photos and 5 invalid: 110 against 100 ballots. 10 too many.
    comparison = run(
        ONE,
        photos({"s1": {"ann": 60, "bob": 45, "invalid": 5}}),
        protocol({"s1": {"turnout": 100, "voters": 110}}, readings=2),
    )
    found = one(comparison, "C2")
    assert (found.grade, found.breaking) == ("proven", 10)
    assert found.numbers == {"photos": 110, "ballots": 100, "voters": 110}


def test_c2_beyond_the_voters_suspects_our_own_data():
    figures = {"s1": {"turnout": 100, "voters": 109, "ann": 0}}
    comparison = run(ONE, photos({"s1": {"ann": 110}}), protocol(figures, readings=2))
    assert one(comparison, "C2").grade == one(comparison, "C1").grade == comparison.grade_of("s1") == "suspicious"


@quick
@given(
    st.lists(st.integers(0, 50), min_size=4, max_size=4),
    st.lists(st.integers(0, 50), min_size=4, max_size=4),
    st.integers(0, 3),
    st.integers(1, 9),
)
def test_more_photos_never_make_fewer_missing(p, v, which, more):
    def excess(counts):
        figures = {f"s{i}": {"ann": counts[2 * i], "bob": counts[2 * i + 1]} for i in range(2)}
        comparison = run(pack, photos(figures), protocol(official))
        return {f.area: f.numbers["K"] for f in of_rule(comparison, "C1")}

    pack = small_pack({"s0": "N", "s1": "N"})
    official = {f"s{i}": {"ann": v[2 * i], "bob": v[2 * i + 1]} for i in range(2)}
    before = excess(p)
    after = excess([n + more * (at == which) for at, n in enumerate(p)])
    expected = {f"s{i}": sum(max(p[j] - v[j], 0) for j in (2 * i, 2 * i + 1)) for i in range(2)}
    assert before == {station: k for station, k in expected.items() if k}
    assert all(after.get(station, 0) >= k for station, k in before.items())


@quick
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), min_size=1, max_size=3), st.integers(0, 3), st.booleans()
)
def test_a_version_that_takes_nothing_back_never_weakens_and_a_higher_one_never_adds_votes(typed, readings, authority):
    versions = [(r, False, v) for r, v in typed]
    before = grade(versions=versions)
    same = max(v for _, v in typed)
    higher = grade(versions=[*versions, (readings, authority, same + 1)])
    if before and len({v for _, v in typed}) == 1:
        again = grade(versions=[*versions, (readings, authority, same)])
        assert ORDER.index(again[0]) <= ORDER.index(before[0])
    assert not higher or higher[2] <= 12 - min(v for _, v in typed)
    if higher and before:
        assert ORDER.index(higher[0]) >= 1  # versions that differ prove nothing


@quick
@given(st.permutations(range(4)), st.permutations(range(3)))
def test_order_of_stations_and_tables_changes_nothing(stations, tables):
    figures = {f"s{i}": {"ann": 5 * i, "bob": 7} for i in range(4)}
    official = {f"s{i}": {"ann": 9, "bob": i, "turnout": 30} for i in range(4)}
    sheets = [photos(figures), protocol(official), protocol(official, source="other")]
    plain = run(small_pack({f"s{i}": "N" for i in range(4)}), *sheets)
    shuffled = run(small_pack({f"s{i}": "N" for i in stations}), *(sheets[i] for i in tables))
    numbers = [(f.id, f.grade, f.breaking, f.numbers) for f in plain.findings]
    assert numbers == [(f.id, f.grade, f.breaking, f.numbers) for f in shuffled.findings]
    assert plain.summary == shuffled.summary
