"""A phone whose key was re-issued can send two ballots. They never stand in one total."""

import csv

from tests.review.election import Whole


def tallies(whole: Whole) -> dict[tuple[str, str, str], int]:
    rows = csv.DictReader((whole.folder / "public" / "data" / "tallies.csv").read_text().splitlines())
    return {
        (row["source"], row["area"], row["option"]): int(row["votes"])
        for row in rows
        if row["tier"] == "declared" and row["contest"] == "president"
    }


def test_ballots_under_reissued_keys_are_a_source_of_their_own(whole: Whole):
    again = [whole.honest("S1", voter=whole.voter(reissued=True)) for _ in range(2)]
    whole.cast([whole.honest("S1"), whole.honest("S1", "b"), *again, whole.honest("S2")])
    whole.freeze()
    assert whole.open().draft.opened == 4  # S1 has k = 3 and more, of both kinds together; S2 has one
    summary = whole.publish()  # the verifier agrees, or raises
    found = tallies(whole)
    assert (found["ballots", "S1", "a"], found["ballots", "S1", "b"]) == (1, 1)
    assert (found["reissued", "S1", "a"], found["reissued", "S1", "b"]) == (2, 0)
    assert (found["ballots", "N", "a"], found["reissued", "N", "a"]) == (1, 2)
    assert not any(area == "S2" for _, area, _ in found)
    assert summary["cohorts"]["reissue"] == {"issued": 0, "redeemed": 2}


def test_without_reissued_keys_there_is_no_such_source(whole: Whole):
    whole.cast([whole.honest("S1") for _ in range(3)])
    whole.freeze()
    whole.open()
    whole.publish()
    assert {source for source, _, _ in tallies(whole)} == {"ballots"}
