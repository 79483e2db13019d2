"""From signed entries to numbers: which ballots win, what a tier holds, which entries of staff and observers count."""

import dataclasses

import msgspec
import pytest
from count_support import photos, protocol

from golos.count.compare import compare
from golos.count.log import inners_of, opening_blob
from golos.count.recount import recount
from golos.count.winners import winners
from golos.credential.steward import jointly_signed, retraction
from golos.model.ballot import Ballot, Inner
from golos.model.ed25519 import SigningKey
from golos.model.entry import Freeze
from golos.model.problem import Problem
from golos.model.record import decode, digest, encode, signed

ANN, BOB, NOBODY = ((("president", (o,)),) for o in ("ann", "bob", "nobody"))
SALT = bytes(32)


def cast(writer, voter, choices=ANN, sequence=1, station="s1", photo=None):
    """Log a ballot; return its index and inner part."""
    inner = encode(Inner(1, station, choices, SALT))
    sealed = decode(voter.ballot(station, choices, sequence, photo).record, Ballot)
    draft = unsigned(sealed, inner=digest(inner))
    return writer.add(signed(draft, voter.key.sign)), inner


def unsigned(entry, **fields):
    return msgspec.structs.replace(entry, signature=bytes(64), **fields)


def votes(count, tier="declared", source="ballots"):
    return {(t.area, t.option): t.votes for t in count.tallies() if (t.tier, t.source) == (tier, source) and t.votes}


def test_the_highest_sequence_wins_then_the_lower_hash(writer, country):
    changed, withdrawn, tied = (country.voter() for _ in range(3))
    cast(writer, changed, ANN, 1)
    last, _ = cast(writer, changed, BOB, 7)
    cast(writer, changed, ANN, 3)
    cast(writer, withdrawn, ANN, 1)
    writer.add(withdrawn.withdrawal(2).record)
    pair = sorted(
        (cast(writer, tied, choices, 4)[0] for choices in (ANN, BOB)), key=lambda i: digest(writer.records[i])
    )
    found = winners(writer.log())
    assert list(found.ballots) == sorted([last, pair[0]])
    assert (found.logged, found.valid, found.superseded, found.withdrawn) == (7, 7, 4, 1)
    assert found.redeemed == {"week 0": 3}


def test_a_forged_ballot_is_invalid_and_one_after_the_freeze_late(writer, country):
    voter, thief = country.voter(), country.voter()
    good, inner = cast(writer, voter)
    record = writer.records[good]
    writer.add(record[:-1] + bytes([record[-1] ^ 1]))  # signature
    stolen = decode(record, Ballot)
    writer.add(signed(unsigned(stolen, key=thief.key.public), thief.key.sign))  # another's token
    writer.add(signed(unsigned(stolen, election=bytes([1]) * 32), voter.key.sign))
    writer.freeze(stewards=1)  # one steward freezes nothing
    in_time, other = cast(writer, thief)
    writer.freeze()
    cast(writer, voter, BOB, 9)
    opened = {good: inner, in_time: other}
    writer.open(opened)
    count = writer.count()
    assert votes(count) == {("s1", "ann"): 2, ("A", "ann"): 2, ("N", "ann"): 2}
    ballots = count.ballots
    assert (ballots.logged, ballots.late, ballots.invalid, ballots.valid, ballots.winning) == (6, 1, 3, 2, 2)


def test_a_freeze_or_an_opening_of_what_is_still_to_come_counts_nothing(writer, country):
    index, inner = cast(writer, country.voter())
    ahead = Freeze(1, writer.pack.id, 1, bytes(32), ())
    writer.add(jointly_signed(msgspec.structs.replace(ahead, size=99), country.stewards))
    cast(writer, country.voter())
    assert winners(writer.log()).late == 0
    writer.open({index: inner}, ahead=9)
    assert writer.count().opening is None
    writer.add(jointly_signed(ahead, country.stewards))  # the first that counts: all ballots are late
    assert winners(writer.log()).late == 2


def test_the_order_of_the_log_and_closed_records_change_nothing(writer, country):
    voters = [country.voter() for _ in range(4)]
    cast_at = [cast(writer, v, c, s) for v, c, s in zip(voters, (ANN, BOB, ANN, ANN), (1, 1, 2, 3), strict=True)]
    writer.freeze()
    writer.open(dict(cast_at))
    late = writer.add(writer.staff("reader").verdict(b"p" * 32, "ballot", ANN))
    before = writer.count()
    assert votes(before)["s1", "ann"] == 3
    writer.records[late] = None
    after = writer.count()
    assert list(after.tallies()) == list(before.tallies()) and after.ballots == before.ballots
    shuffled = [writer.records[index] for index, _ in reversed(cast_at)]
    log = dataclasses.replace(writer.log(), records=[b"", *shuffled])
    assert {digest(log.records[i]) for i in winners(log).ballots} == {digest(writer.records[i]) for i, _ in cast_at}


def photographed(writer, country, *says, status="ballot", received=True, readings=()):
    """One opened ballot for ann with a photograph, and what readers and a machine say of it; the votes by tier."""
    photo = b"p" * 32
    index, inner = cast(writer, country.voter(), ANN, photo=photo)
    if received:
        writer.received(photo)
    machine = writer.staff("machine")
    for seen, choices in readings:
        writer.add(machine.reading(photo, seen, choices))
    for choices in says:
        writer.add(writer.staff("reader").verdict(photo, status, choices))
    writer.freeze()
    writer.open({index: inner})
    count = writer.count()
    return [votes(count, tier).get(("s1", "ann"), 0) for tier in ("declared", "photographed", "read", "confirmed")]


def test_two_equal_verdicts_confirm(writer, country):
    assert photographed(writer, country, ANN, ANN, readings=[("ballot", ANN)]) == [1, 1, 1, 1]


def test_a_third_reader_decides(writer, country):
    assert photographed(writer, country, BOB, ANN, ANN) == [1, 1, 0, 1]


def test_a_fourth_reader_is_too_late(writer, country):
    assert photographed(writer, country, BOB, NOBODY, ANN, ANN) == [1, 1, 0, 0]


def test_the_picture_counts_not_the_declaration(writer, country):
    photographed(writer, country, BOB, BOB, readings=[("ballot", BOB)])
    count = writer.count()
    assert votes(count, "confirmed")["s1", "bob"] == votes(count, "read")["s1", "bob"] == 1
    assert votes(count, "photographed") == votes(count, "declared")


def test_an_unreceived_photo_is_only_a_declaration(writer, country):
    assert photographed(writer, country, ANN, ANN, received=False, readings=[("ballot", ANN)]) == [1, 0, 0, 0]


def test_a_copy_is_not_read(writer, country):
    assert photographed(writer, country, ANN, ANN, readings=[("ballot", ANN), ("copy", ())]) == [1, 1, 0, 0]


def test_one_reader_twice_is_one_reader(writer, country):
    photo = b"p" * 32
    index, inner = cast(writer, country.voter(), photo=photo)
    writer.received(photo)
    reader = writer.staff("reader")
    writer.add(reader.verdict(photo, "ballot", ANN))
    writer.add(reader.verdict(photo, "ballot", ANN))
    stranger = type(reader)(writer.pack.id, SigningKey.generate())
    writer.add(stranger.verdict(photo, "ballot", ANN))  # nobody granted it a role
    dismissed = writer.staff("reader")
    writer.staff("reader", "revoke", dismissed.key)
    writer.add(dismissed.verdict(photo, "ballot", ANN))
    early = type(reader)(writer.pack.id, SigningKey.generate())
    writer.add(early.verdict(photo, "ballot", ANN))
    writer.staff("reader", key=early.key)  # too late for that verdict
    writer.freeze()
    writer.open({index: inner})
    assert votes(writer.count(), "confirmed") == {}


def test_a_photo_belongs_to_one_ballot(writer, country):
    photo = b"p" * 32
    first, second = (cast(writer, country.voter(), choices, photo=photo) for choices in (ANN, BOB))
    writer.received(photo)
    writer.freeze()
    writer.open(dict([first, second]))
    count = writer.count()
    assert votes(count)["s1", "bob"] == 1
    assert ("s1", "bob") not in votes(count, "photographed")


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (NOBODY, {"invalid": 1}),
        ((("president", ("ann", "bob")),), {"invalid": 1}),
        ((("president", ("invalid",)),), {"invalid": 1}),
        ((*ANN, *ANN), {"invalid": 1}),
        ((("president", ()),), {}),
        ((), {}),
        ((("council", ("ann",)),), {}),
        (ANN, {"ann": 1}),
    ],
)
def test_marks(writer, country, choices, expected):
    index, inner = cast(writer, country.voter(), choices)
    writer.freeze()
    writer.open({index: inner})
    assert {o: n for (area, o), n in votes(writer.count()).items() if area == "s1"} == expected


def test_stations_that_are_not_opened_have_no_number(writer, country):
    index, inner = cast(writer, country.voter(), station="old")  # renumbered: s1 today
    cast(writer, country.voter(), station="s2")
    writer.freeze()
    writer.open({index: inner}, withheld=1)
    areas = {t.area: t.votes for t in writer.count().tallies() if t.option == "bob" and t.tier == "confirmed"}
    assert areas == {"s1": 0, "A": 0, "N": 0}


def test_spoilt_foreign_and_losing_openings_give_no_vote(writer, country):
    voter = country.voter()
    loser, losing_inner = cast(writer, voter, ANN, 1)
    cast(writer, voter, BOB, 2)
    spoilt, spoilt_inner = cast(writer, country.voter(), ANN)
    swapped, _ = cast(writer, country.voter(), ANN)
    writer.freeze()
    other = encode(Inner(1, "s1", BOB, SALT))
    writer.open({loser: losing_inner, spoilt: spoilt_inner, swapped: other}, spoilt=(spoilt,))
    assert votes(writer.count()) == {}


def test_other_openings_than_the_signed_ones_are_refused(writer, country):
    index, inner = cast(writer, country.voter())
    writer.freeze()
    writer.open({index: inner})
    with pytest.raises(Problem, match="not those the stewards signed"):
        recount(dataclasses.replace(writer.log(), inners={index: inner + b"x"}))


def test_nothing_is_counted_before_an_opening(writer, country):
    cast(writer, country.voter())
    writer.enrolment()
    count = writer.count()
    assert count.opening is None and count.ballots.logged == 0 and not list(count.tallies())
    assert count.cohorts == {"week 0": (1, 0), "week 1": (0, 0)}


def test_the_openings_blob_comes_back(writer):
    inners = {7: b"seven", 2: b""}
    assert inners_of(opening_blob(inners)) == inners
    for broken in (opening_blob(inners)[:-1], opening_blob({1: b"a"}) * 2):
        with pytest.raises(Problem, match="cut off or out of order"):
            inners_of(broken)


def test_the_newest_table_of_a_clerk_counts(writer):
    clerk = writer.staff("clerk")
    stranger = type(clerk)(writer.pack.id, SigningKey.generate())
    writer.table(photos({"s1": {"ann": 5}}), clerk)
    writer.table(photos({"s1": {"ann": 9}}), clerk)
    writer.table(photos({"s1": {"ann": 70}}), stranger)
    writer.table(photos({"s1": {"ann": 80}}, source="ballots"), clerk)
    writer.official("A", {"ann": 3}, clerk)
    writer.official("A", {"ann": 99}, stranger)
    count = writer.count()
    assert votes(count, "confirmed", "golos")["s1", "ann"] == 9
    assert votes(count, "confirmed") == {}
    assert [a.values for a in count.announcements] == [{"ann": 3}]


def test_rows_that_the_log_does_not_name_are_refused(writer):
    writer.table(photos({"s1": {"ann": 5}}), writer.staff("clerk"))
    with pytest.raises(Problem, match="other rows"):
        recount(dataclasses.replace(writer.log(), rows=lambda digest: b"area\n"))


def test_observers_make_one_version_and_name_their_organisation(writer, country):
    first, second = country.observer(), country.observer()
    source = f"observers:{country.organisation.public.hex()[:8]}"
    writer.add(first.protocol("s1", [("ann", 100), ("turnout", 900)], 1).record)
    writer.add(first.protocol("old", [("ann", 90), ("turnout", 900), ("ann", 1), ("bob", None), ("bob", 9)], 3).record)
    writer.add(second.protocol("s1", [("ann", 80)], 2).record)
    writer.add(second.turnout("s1", "turnout", 600, 1, double_count=10).record)
    writer.add(first.turnout("s1", "turnout", 500, 1).record)
    writer.add(first.turnout("s1", "turnout", 700, 2, throughout=False).record)
    imposter = dataclasses.replace(country, organisation=SigningKey.generate()).observer()
    writer.add(imposter.protocol("s1", [("ann", 1)], 99).record)
    clerk = writer.staff("clerk")
    writer.table(photos({"s1": {"ann": 95}}), clerk)
    writer.table(protocol({"s1": {"ann": 90}}), clerk)
    comparison = compare(writer.count())
    assert [v.source for v in comparison.count.versions_of("president")] == [source, "typed"]
    assert comparison.standings["president"].high.column("bob").max() < 0  # its first mention is not legible
    by_rule = {f.rule.value: f for f in comparison.findings}
    # ann: observers and a typing agree on 90, 95 photographs: 5. The door: 900 - 600 - 10 = 290.
    assert (by_rule["C1"].grade, by_rule["C1"].breaking) == ("proven", 5)
    assert (by_rule["C3"].source, by_rule["C3"].breaking) == (source, 290)
    assert by_rule["C3"].numbers["organisation"] == "Watchers"


def test_a_steward_takes_a_finding_back(writer, country):
    clerk = writer.staff("clerk")
    writer.table(photos({"s1": {"ann": 95}}), clerk)
    writer.table(protocol({"s1": {"ann": 90}}), clerk)
    name = compare(writer.count()).findings[0].id
    writer.add(retraction(SigningKey.generate(), writer.pack.id, name, "no steward"))
    assert compare(writer.count()).findings[0].withdrawn == ""
    writer.add(retraction(country.stewards[2], writer.pack.id, name, "misread"))
    assert compare(writer.count()).findings[0].withdrawn == "misread"
