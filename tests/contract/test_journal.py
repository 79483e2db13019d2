"""Every sentence of golos.ports.Journal."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from golos.ports import Head, HeadMoved, Job, Missing, Positions, Row, Waiting

from .sequencing import append, sha

A, B, C = Row(b"a", b"sealed a"), Row(b"b"), Row(b"c", b"sealed c")
EMPTY_ROOT = sha(b"")


def waiting(store):
    return store.journal.read(Waiting(1000))


def after(head: Head, count: int, mark: bytes = b"x") -> Head:
    return Head(head.size + count, sha(head.root + mark), mark)


def test_a_new_log_is_empty(store):
    assert store.journal.head() == Head(0, EMPTY_ROOT, b"")
    assert store.journal.read(Positions(0, 10)) == []
    assert waiting(store) == []


def test_admit_says_which_rows_are_new_and_keeps_the_first_sealed(store):
    assert store.journal.admit([A, B]) == [True, True]
    assert store.journal.admit([Row(b"a", b"other"), C, C]) == [False, True, False]
    assert {row.record: row.sealed for row in waiting(store)} == {b"a": b"sealed a", b"b": b"", b"c": b"sealed c"}


def test_admitting_nothing_is_no_error(store):
    assert store.journal.admit([]) == []


def test_a_committed_record_is_not_admitted_again(store):
    append(store.journal, [A])
    assert store.journal.admit([Row(b"a", b"other")]) == [False]
    assert waiting(store) == []
    assert store.journal.read(Positions(0, 1)) == [A]


def test_rows_survive_a_restart(store):
    head = append(store.journal, [A, B])
    store.journal.admit([C])
    store.restart()
    assert waiting(store) == [C]
    assert sorted(row.record for row in store.journal.read(Positions(0, 9))) == [b"a", b"b"]
    assert store.journal.head() == head


def test_commit_puts_rows_at_their_positions_in_the_given_order(store):
    store.journal.admit([A, B, C])
    empty = store.journal.head()
    first = after(empty, 2)
    store.journal.commit([sha(b"c"), sha(b"a")], [], empty, first)
    assert store.journal.read(Positions(0, 2)) == [C, A]
    store.journal.commit([sha(b"b")], [], first, after(first, 1))
    assert store.journal.read(Positions(0, 100)) == [C, A, B]
    assert store.journal.read(Positions(1, 2)) == [A]
    assert store.journal.read(Positions(2, 2)) == []
    assert waiting(store) == []


def test_a_head_can_be_set_without_rows(store):
    empty = store.journal.head()
    store.journal.commit([], [], empty, Head(0, EMPTY_ROOT, b"signed"))
    assert store.journal.head().checkpoint == b"signed"


def test_commit_refuses_an_unexpected_head_and_changes_nothing(store):
    head = append(store.journal, [A])
    store.journal.admit([B])
    for stale in (Head(0, EMPTY_ROOT, b""), Head(head.size, EMPTY_ROOT, head.checkpoint), Head(1, head.root, b"")):
        with pytest.raises(HeadMoved):
            store.journal.commit([sha(b"b")], [Job("k", "n")], stale, after(stale, 1))
    assert store.journal.head() == head
    assert waiting(store) == [B]
    assert store.work.lease("k", 1, 60) == []


@pytest.mark.parametrize("bad", [[sha(b"a"), sha(b"nobody")], [sha(b"a"), sha(b"a")], [sha(b"gone")]])
def test_commit_refuses_what_is_not_waiting_and_changes_nothing(store, bad):
    append(store.journal, [Row(b"gone")])
    store.journal.admit([A])
    head = store.journal.head()
    with pytest.raises(Missing):
        store.journal.commit(bad, [Job("k", "n")], head, after(head, len(bad)))
    assert store.journal.head() == head
    assert waiting(store) == [A]
    assert store.journal.read(Positions(0, 9)) == [Row(b"gone")]
    assert store.work.lease("k", 1, 60) == []


def test_commit_refuses_a_size_that_does_not_follow(store):
    store.journal.admit([A])
    head = store.journal.head()
    with pytest.raises(ValueError):
        store.journal.commit([sha(b"a")], [], head, after(head, 2))
    assert waiting(store) == [A]


def test_of_parallel_commits_on_one_head_exactly_one_wins(store):
    rows = [Row(b"%d" % i) for i in range(20)]
    store.journal.admit(rows)
    head = store.journal.head()

    def commit(row):
        try:
            store.journal.commit([sha(row.record)], [], head, after(head, 1, row.record))
        except HeadMoved:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        won = [row for row, ok in zip(rows, pool.map(commit, rows), strict=True) if ok]
    assert len(won) == 1
    assert store.journal.read(Positions(0, 99)) == won
    assert store.journal.head().checkpoint == won[0].record


def test_of_parallel_admissions_of_one_record_exactly_one_is_new(store):
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda i: store.journal.admit([Row(b"same", b"%d" % i)]), range(50)))
    assert sorted(answers) == [[False]] * 49 + [[True]]
    assert len(waiting(store)) == 1


def test_a_refused_commit_takes_nobody_elses_rows_with_it(store):
    """Group commit: an operation that is refused shares its transaction with others that are not."""
    head = store.journal.head()

    def mixed(i):
        if i % 2:
            return store.journal.admit([Row(b"%d" % i)])
        with pytest.raises(Missing):
            store.journal.commit([sha(b"nobody")], [], head, after(head, 1))
        return [True]

    with ThreadPoolExecutor(40) as pool:
        assert list(pool.map(mixed, range(40))) == [[True]] * 40
    assert len(waiting(store)) == 20


def test_waiting_rows_come_by_hash_and_at_most_as_many_as_asked(store):
    rows = [Row(b"%d" % i) for i in range(50)]
    store.journal.admit(rows)
    by_hash = sorted(rows, key=lambda row: sha(row.record))
    assert store.journal.read(Waiting(7)) == by_hash[:7]
    assert waiting(store) == by_hash
    assert store.journal.read(Waiting(0)) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.binary(max_size=4), max_size=5), max_size=6))
def test_any_admissions_in_any_order_leave_each_record_once(store, groups):
    for group in groups:
        store.journal.admit([Row(record) for record in group])
    log = [row.record for row in store.journal.read(Positions(0, 10**6))]
    append(store.journal, waiting(store))
    now = [row.record for row in store.journal.read(Positions(0, 10**6))]
    assert now[: len(log)] == log, "what was read once has changed"
    assert len(set(now)) == len(now)
    assert set(now) >= {record for group in groups for record in group}
