"""Checkers: many processes find what one would, in order, and none that dies is taken for a forged log."""

import pytest

from golos.count import checker
from golos.count.checker import INVALID, NO_COHORT, Judge, findings
from golos.count.log import leaves_of


@pytest.fixture
def log(writer, country, monkeypatch):
    """Two voters, an enrolment, a forged ballot, a closed record and noise, over and over."""
    monkeypatch.setattr(checker, "FEW", 20)
    monkeypatch.setattr(checker, "_PORTION", 7)
    monkeypatch.setattr(checker, "_processors", lambda: 2)
    for cohort in (0, 1):
        good = country.voter(cohort).ballot("s1", (), 1).record
        writer.records += [good, good[:-1] + bytes([good[-1] ^ 1])]
    writer.enrolment()
    writer.records += [None, b"noise"]
    writer.records *= 8
    return writer.log()


def test_two_processes_find_what_one_does(log, country):
    alone = list(map(Judge(country.pack).finding, log.records))
    assert list(findings(country.pack, log.records)) == alone
    assert set(alone) == {INVALID, NO_COHORT, 0, 1}


def test_the_leaves_are_in_order_and_have_their_cohort(log, country):
    leaves = leaves_of(log)
    assert [leaf.index for leaf in leaves[:3]] == [1, 3, 5]
    assert [leaf.cohort and leaf.cohort.name for leaf in leaves[:3]] == ["week 0", "week 1", None]
    assert len(leaves) == 3 * 8
    assert all(log.records[leaf.index] == leaf.record for leaf in leaves)


def test_a_checker_that_is_killed_ends_the_count(log, country, monkeypatch):
    real = checker._Checker.check

    def killed(self, records):
        self._process.kill()
        self._process.wait()
        return real(self, records)

    monkeypatch.setattr(checker._Checker, "check", killed)
    with pytest.raises((EOFError, OSError)):
        list(findings(country.pack, log.records))


def test_a_checker_is_no_larger_than_it_must_be(country):
    """It verifies and knows nothing else: no server, no tables, no pictures are loaded with it."""
    import subprocess
    import sys

    said = subprocess.run(
        [sys.executable, "-c", "import golos.count.checker, sys; print([*sys.modules])"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert not {"litestar", "numpy", "cv2", "duckdb"} & set(eval(said))
