"""What the count says of the synthetic nation, beside what only its generator knows."""

from collections import Counter

import pytest

from golos.app import App
from golos.count.count import OWN
from golos.credential.keys import keys_of
from golos.demo.nation import OPTIONS
from golos.demo.voters import Photo, copied
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.model.entry import Reading, Verdict, decode_entry
from golos.model.record import digest, kind_of

pytestmark = pytest.mark.xdist_group("e2e")  # the demo runs once, on one worker

K = 5
MISREAD = 2
"""Of a hundred photographs, how many two of three readers, who err in one of a hundred, may read wrongly."""


@pytest.fixture(scope="module")
def on_time(whole):
    return [voter for voter in whole.ran.voters if not voter.late]


@pytest.fixture(scope="module")
def opened(whole, on_time):
    """The stations with at least k ballots that came in time."""
    ballots = Counter(voter.station for voter in on_time)
    return {station for station, number in ballots.items() if number >= K}


@pytest.fixture(scope="module")
def entries(whole):
    return [decode_entry(record) for record in whole.log.records if kind_of(record) in ("reading", "verdict")]


@pytest.fixture(scope="module")
def seen(entries):
    """What two of the first three readers of each photograph agree on, read off the log by this test itself."""
    said = {}
    for verdict in [e for e in entries if isinstance(e, Verdict)]:
        said.setdefault(verdict.photo, {}).setdefault(verdict.key, (verdict.status, verdict.choices))
    shown = {}
    for photo, verdicts in said.items():
        (what, times), *_ = Counter(list(verdicts.values())[:3]).most_common()
        shown[photo] = what if times >= 2 else ("", ())
    return shown


@pytest.fixture(scope="module")
def copies(entries):
    return {e.photo for e in entries if isinstance(e, Reading) and e.status == "copy"}


def tallies(whole, tier):
    """Return votes by station and option."""
    found = {(t.area, t.option): t.votes for t in whole.comparison.count.tallies() if (t.source, t.tier) == (OWN, tier)}
    return {key: votes for key, votes in found.items() if key[0] in whole.ran.nation.stations}


def findings(whole, rule, tier):
    return [f for f in whole.comparison.findings if f.rule == rule and f.tier == tier]


def test_the_nation_holds_every_case(whole, on_time, opened):
    """Otherwise the tests below would say nothing."""
    voters = whole.ran.voters
    assert {voter.photo for voter in on_time} == set(Photo)
    assert any(v.changes for v in voters) and any(v.repeats for v in voters) and sum(v.late for v in voters) >= 2
    assert whole.ran.nation.falsified and opened < {voter.station for voter in on_time}
    assert any(f.grade == "proven" for f in findings(whole, "C1", "confirmed"))


def test_declared_votes_are_the_ballots_that_came_in_time(whole, on_time, opened):
    cast = Counter((voter.station, voter.choice) for voter in on_time if voter.station in opened)
    expected = {(s, option): cast[s, option] for s in opened for option in (*OPTIONS, "invalid")}
    assert tallies(whole, "declared") == expected


def test_confirmed_votes_are_what_two_readers_saw(whole, on_time, opened, seen, copies):
    photographs = {photo: voter for photo, voter in whole.ran.crowd.sent.photos.items() if not voter.late}
    expected = Counter()
    for photo, voter in photographs.items():
        status, choices = seen.get(photo, ("copy", ()))
        if voter.station in opened and status == "ballot" and photo not in copies:
            expected.update((voter.station, option) for _, options in choices for option in options)
    assert tallies(whole, "confirmed") == {
        (s, option): expected[s, option] for s in opened for option in (*OPTIONS, "invalid")
    }


def test_readers_saw_what_the_pictures_show(whole, seen, copies):
    """Honest and staged pictures as they were drawn, junk as none, and of each pair of equal pictures one is a copy."""
    sent = {voter.number: photo for photo, voter in whole.ran.crowd.sent.photos.items() if not voter.late}
    by_number = {voter.number: voter for voter in whole.ran.voters}
    pairs = [(copier.number, original.number) for copier, original in copied(whole.ran.voters)]
    pairs = [pair for pair in pairs if pair[0] in sent and pair[1] in sent]
    for pair in pairs:
        assert sum(sent[number] in copies for number in pair) == 1
    assert len(copies) == len(pairs)
    single = set(sent) - {number for pair in pairs for number in pair}
    wrong = 0
    for number in single:
        voter = by_number[number]
        truth = ("ballot", (("president", (voter.shown,)),)) if voter.shown else ("not_a_ballot", ())
        wrong += seen[sent[number]] != truth
    assert wrong <= MISREAD


@pytest.fixture(scope="module")
def read(entries):
    """What the machine was sure of, by photograph."""
    return {e.photo: e.choices for e in entries if isinstance(e, Reading) and e.status == "ballot"}


def test_the_machine_reads_nearly_all_and_nothing_wrongly(whole, read):
    shown = {photo: voter.shown for photo, voter in whole.ran.crowd.sent.photos.items()}
    assert all(choices == (("president", (shown[photo],)),) for photo, choices in read.items())
    assert len(read) > 0.8 * sum(shown[photo] != "" for photo in shown)


def test_read_votes_are_what_the_machine_saw(whole, opened, read, copies):
    senders = {photo: voter for photo, voter in whole.ran.crowd.sent.photos.items() if not voter.late}
    expected = Counter(
        (voter.station, read[photo][0][1][0])
        for photo, voter in senders.items()
        if photo in read and photo not in copies and voter.station in opened
    )
    assert tallies(whole, "read") == {
        (s, option): expected[s, option] for s in opened for option in (*OPTIONS, "invalid")
    }


def fakes(whole, station):
    """Return how many pictures of ballots not cast as shown came from a station."""
    kinds = (Photo.STAGED, Photo.COPY)
    return sum(voter.photo in kinds for voter in whole.ran.crowd.sent.photos.values() if voter.station == station)


def test_what_is_missing_is_at_most_what_was_stolen_and_faked(whole):
    confirmed = findings(whole, "C1", "confirmed")
    assert confirmed
    spare = MISREAD
    for finding in confirmed:
        station = whole.ran.nation.stations[finding.area]
        excess = finding.numbers["K"] - station.stolen - fakes(whole, finding.area)
        spare -= max(excess, 0)
    assert spare >= 0
    votes = whole.comparison.summary["contests"]["president"]["sources"][OWN]["c1"]["votes"]
    assert 0 < votes <= whole.ran.nation.stolen + sum(fakes(whole, s) for s in whole.ran.nation.stations) + MISREAD


def test_an_honest_station_is_named_only_as_far_as_fakes_reach(whole):
    honest = set(whole.ran.nation.stations) - whole.ran.nation.falsified
    spare = MISREAD
    for finding in whole.comparison.findings:
        if finding.area in honest and finding.grade in ("proven", "strong"):
            assert finding.rule == "C1", finding.id
            spare -= max(finding.numbers["K"] - fakes(whole, finding.area), 0)
    assert spare >= 0


def test_declarations_accuse_falsified_stations_alone_and_miss_none(whole, on_time, opened):
    """Declarations are honest here: C8 finds exactly the open stations with more declared than announced."""
    stations = whole.ran.nation.stations
    declared = Counter((voter.station, voter.choice) for voter in on_time)
    expected = {
        code: sum(max(declared[code, o] - stations[code].announced[o], 0) for o in OPTIONS) for code in sorted(opened)
    }
    found = {f.area: f.numbers["K"] for f in findings(whole, "C8", "declared")}
    assert found == {code: k for code, k in expected.items() if k}
    assert set(found) <= whole.ran.nation.falsified


def test_each_ballot_has_one_fate(whole, on_time, opened):
    voters = whole.ran.voters
    changed, frozen = sum(voter.changes for voter in voters), refused_by_freeze(whole)
    in_open = sum(voter.station in opened for voter in on_time)
    ballots = whole.comparison.summary["ballots"]
    assert ballots == {
        "logged": len(voters) + changed - frozen,
        "valid": len(on_time) + changed,
        "invalid": 0,
        "late": len(voters) - len(on_time) - frozen,
        "superseded": changed,
        "withdrawn": 0,
        "winning": len(on_time),
        "opened": in_open,
        "withheld": len(on_time) - in_open,
        "spoilt": 0,
    }
    assert ballots["withheld"] > 0
    week = [numbers for name, numbers in whole.comparison.summary["cohorts"].items() if numbers["issued"]]
    assert week == [{"issued": len(voters), "redeemed": len(on_time)}]


def refused_by_freeze(whole):
    """Return how many the door refused because the freeze was in the log; there is no other reason to refuse."""
    refused = whole.ran.crowd.sent.refused
    assert set(refused) <= {"election.frozen"}
    return refused.get("election.frozen", 0)


def test_those_who_send_after_the_freeze_are_told_so_and_those_just_before_are_logged_as_late(whole):
    """Every second of the late ones sends between the checkpoint that the freeze names and the freeze."""
    late = sum(voter.late for voter in whole.ran.voters)
    assert 0 < refused_by_freeze(whole) <= late // 2


def test_every_accepted_record_is_in_the_log_once(whole):
    """Also those whose envelope was sent twice, or that came in a second envelope."""
    sent = whole.ran.crowd.sent
    logged = Counter(digest(record) for record in whole.log.records)
    assert set(logged.values()) == {1}
    assert (
        len(set(sent.accepted))
        == len(sent.accepted)
        == len(whole.ran.voters) - refused_by_freeze(whole) + sum(voter.changes for voter in whole.ran.voters)
    )
    assert set(sent.accepted) <= set(logged)
    received = [decode_entry(record).photo for record in whole.log.records if kind_of(record) == "photo"]
    assert sorted(received) == sorted(sent.photos)


def test_every_receipt_verifies(whole):
    asked, good = whole.ran.receipts
    assert asked == good > 0
    keys = keys_of(whole.office.pack)
    policy = Policy.of(keys.log, keys.witnesses, keys.quorum)
    app = App(whole.folder)
    try:
        for name in whole.ran.crowd.sent.accepted:
            Receipt.parse(app.sequencer.receipt(name)).verify(name, policy)
    finally:
        app.close()
