"""Nobody chooses what to read, nobody reads the same twice, and a flood of pictures starves nobody."""

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from golos.desk.agreement import readers_needed
from golos.desk.assignment import Assignment
from golos.model.ballot import Ballot, Withdrawal
from golos.model.entry import Reading, Verdict
from golos.model.problem import Problem

ONE, TWO = (("president", ("one",)),), (("president", ("two",)),)


def name(number):
    return number.to_bytes(32)


def ballot(key, photo, sequence=1):
    return Ballot(1, bytes(32), name(key), bytes(354), sequence, photo, bytes(32), bytes(32), bytes(64))


def verdict(photo, reader, status="ballot", choices=ONE):
    return Verdict(1, bytes(32), photo, reader, status, choices, bytes(16), bytes(64))


def offer(assignment, *photos):
    for photo in photos:
        number = int.from_bytes(photo)
        assignment.apply(ballot(number, photo), name(number), number)
        assignment.ready(photo)


ANN, BOB, CAT, DAN = (bytes([n]) * 32 for n in range(1, 5))


def test_a_photograph_waits_for_the_log_and_for_the_room():
    assignment = Assignment()
    assignment.ready(name(1))
    assert assignment.next(ANN) is None, "no ballot names it"
    assignment.apply(ballot(1, name(1)), name(9), None)
    assert assignment.next(ANN) is None, "the ballot has no place in the log yet"
    assignment.apply(ballot(1, name(1)), name(9), 7)
    assert assignment.next(ANN) == name(1)
    assignment.apply(ballot(2, name(2)), name(8), 8)
    assert assignment.next(BOB) == name(1), "the room has not seen the other"


def test_two_readers_and_a_third_only_where_they_differ():
    assignment = Assignment()
    offer(assignment, name(1))
    assert [assignment.next(r) for r in (ANN, BOB, CAT)] == [name(1), name(1), None]
    assignment.apply(verdict(name(1), ANN), name(11), None)
    assert assignment.next(CAT) is None and assignment.next(ANN) is None
    assignment.apply(verdict(name(1), BOB, choices=TWO), name(12), None)
    assert [assignment.next(r) for r in (ANN, BOB, CAT, DAN)] == [None, None, name(1), None]
    assignment.apply(verdict(name(1), CAT), name(13), None)
    assert assignment.next(DAN) is None


def test_a_reader_keeps_the_photograph_until_the_verdict():
    assignment = Assignment()
    offer(assignment, *map(name, range(1, 50)))
    given = assignment.next(ANN)
    assert {assignment.next(ANN) for _ in range(20)} == {given}
    with pytest.raises(Problem, match="not the photograph"):
        assignment.expect(ANN, name(1) if given != name(1) else name(2), "x")
    assignment.expect(ANN, given, "x")
    assignment.apply(verdict(given, ANN), name(99), None)
    assert assignment.next(ANN) != given


def test_a_reader_who_does_not_come_back_holds_nothing_up():
    now = [0.0]
    assignment = Assignment(loan=60, clock=lambda: now[0])
    offer(assignment, name(1))
    assert [assignment.next(r) for r in (ANN, BOB, CAT)] == [name(1), name(1), None]
    now[0] = 61.0
    assert assignment.next(CAT) == name(1)
    assignment.expect(ANN, name(1), "the late verdict is welcome")


def test_copies_are_set_aside():
    assignment = Assignment()
    offer(assignment, name(1))
    copy = Reading(1, bytes(32), name(1), ANN, "copy", (), name(2), bytes(16), bytes(64))
    assignment.apply(copy, name(3), None)
    assert assignment.next(BOB) is None


def test_a_key_that_floods_holds_one_place():
    """Ten thousand pictures of one credential, one of another: one half of the queue each."""
    assignment = Assignment()
    for number in range(1, 10_001):
        assignment.apply(ballot(1, name(number), number), name(number), number)
        assignment.ready(name(number))
    offer(assignment, name(77_777))
    assert len(assignment) == 2
    assert {assignment.next(ANN), assignment.next(BOB)} <= {name(10_000), name(77_777)}


def test_a_withdrawal_takes_the_photograph_out():
    assignment = Assignment()
    offer(assignment, name(1))
    gone = Withdrawal(1, bytes(32), name(1), bytes(354), 2, bytes(64))
    assignment.apply(gone, name(5), 5)
    assert assignment.next(ANN) is None
    assignment.apply(ballot(1, name(1), 1), name(1), 6)
    assert assignment.next(ANN) is None, "an older ballot shown later changes nothing"


def test_the_order_is_drawn():
    first = Counter()
    for _ in range(200):
        assignment = Assignment()
        offer(assignment, *map(name, range(1, 5)))
        first[assignment.next(ANN)] += 1
    assert len(first) == 4 and min(first.values()) > 20


class Desk(RuleBasedStateMachine):
    """Whatever readers do in whatever order: blind, at most once each, never more readers than needed."""

    @initialize(photos=st.integers(1, 6))
    def begin(self, photos):
        self.now = 0.0
        self.assignment = Assignment(loan=10, clock=lambda: self.now)
        self.photos = [name(n) for n in range(1, photos + 1)]
        offer(self.assignment, *self.photos)
        self.said, self.given = {photo: {} for photo in self.photos}, {}

    readers = st.sampled_from([ANN, BOB, CAT, DAN])

    @rule(reader=readers)
    def ask(self, reader):
        photo = self.assignment.next(reader)
        if photo is not None:
            assert reader not in self.said[photo], "given twice"
            assert readers_needed(list(self.said[photo].values())) > 0, "needs nobody"
            self.given[reader] = photo

    @rule(reader=readers, choices=st.sampled_from([ONE, TWO]), status=st.sampled_from(["ballot", "unreadable"]))
    def say(self, reader, choices, status):
        photo = self.given.pop(reader, None)
        if photo is not None:
            self.said[photo][reader] = verdict(photo, reader, status, choices)
            self.assignment.apply(self.said[photo][reader], name(0), None)

    @rule(seconds=st.integers(1, 20))
    def wait(self, seconds):
        self.now += seconds

    @invariant()
    def whoever_is_needed_is_found(self):
        if not hasattr(self, "said"):
            return
        self.now += 100  # all loans are over
        for reader in (b"e" * 32, b"f" * 32, b"g" * 32):
            open_photos = [p for p in self.photos if readers_needed(list(self.said[p].values())) > 0]
            photo = self.assignment.next(reader)
            assert (photo is None) == (not open_photos)
            self.now += 100


Desk.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestDesk = Desk.TestCase
