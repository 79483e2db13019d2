"""Two blind readers, a third where they differ (docs/counting.md section 2)."""

from golos.desk.agreement import agreed, readers_needed
from golos.model.entry import Verdict

ONE, TWO = (("president", ("one",)),), (("president", ("two",)),)


def verdict(reader, status="ballot", choices=ONE):
    return Verdict(1, bytes(32), bytes(32), bytes([reader]) * 32, status, choices, bytes(16), bytes(64))


def test_two_equal_verdicts_are_enough():
    both = [verdict(1), verdict(2)]
    assert agreed(both) == both[0] and readers_needed(both) == 0


def test_two_that_differ_need_a_third_who_decides():
    both = [verdict(1), verdict(2, choices=TWO)]
    assert agreed(both) is None and readers_needed(both) == 1
    three = [*both, verdict(3, choices=TWO)]
    assert agreed(three).choices == TWO and readers_needed(three) == 0


def test_three_that_all_differ_settle_nothing_and_need_nobody():
    three = [verdict(1), verdict(2, choices=TWO), verdict(3, "unreadable", ())]
    assert agreed(three) is None and readers_needed(three) == 0


def test_a_fourth_verdict_changes_nothing():
    three = [verdict(1), verdict(2, choices=TWO), verdict(3, "unreadable", ())]
    assert agreed([*three, verdict(4)]) is None


def test_marks_matter_only_on_a_ballot():
    both = [verdict(1, "copy", ()), verdict(2, "copy", ONE)]
    assert agreed(both) == both[0]
    assert agreed([verdict(1, choices=()), verdict(2, "unreadable", ())]) is None


def test_readers_needed_at_first():
    assert readers_needed([]) == 2 and readers_needed([verdict(1)]) == 1
