"""What is said about an election: on a small log with weeks, and on Belarus 2020."""

import csv
import io
from pathlib import Path

import msgspec
import numpy as np
import pytest
from count_support import announced, photos, protocol, run, small_pack

from golos.count import known
from golos.count.compare import compare
from golos.count.evidence.cohorts import cohort_study, weeks
from golos.count.evidence.frozen import frozen_list, read_frozen
from golos.count.evidence.power import power
from golos.count.evidence.result import Method, Result, Rows
from golos.count.evidence.statements import excesses_of, sides, statements
from golos.count.figures import NONE
from golos.count.recount import recount
from golos.model.ballot import Ballot, Inner
from golos.model.finding import Grade
from golos.model.problem import Problem
from golos.model.record import decode, digest, encode, signed


@pytest.fixture
def compared():
    pack = small_pack({"s1": "A", "s2": "A", "s3": "B"})
    votes = {"s1": {"ann": 90, "bob": 3}, "s2": {"ann": 10, "bob": 1}, "s3": {"ann": 40, "bob": 50}}
    lines = {"s1": {"ann": 20, "bob": 100}, "s2": {"ann": 12, "bob": 5}, "s3": {"ann": 40, "bob": 51}}
    official = [announced("N", {"ann": 100, "bob": 900})]
    return run(pack, photos(votes), protocol(lines, readings=2), official=official)


def test_statements_carry_everything(compared):
    (side,) = sides(compared)
    found = statements(side, 0.05)
    assert set(found) == {"multiplicity", "selection", "power"}
    for result in found.values():
        assert result.input and result.method.citations and result.method.assumptions and result.method.confounds
    rates = found["multiplicity"].numbers["rates"]
    assert [row["closed_testing"] for row in rates] == [1, 1, 1, 1]
    ann = found["selection"].numbers["options"]["ann"]
    assert ann["break_even"] == pytest.approx((140 / 54) / (100 / 900))
    assert ann["manski"] == (0.14, (140 + 1000 - 194) / 1000)


def test_power_by_hand(compared):
    (side,) = sides(compared)
    told = statements(side, 0.05)["power"].numbers
    assert told["invisible_below"] == {"s1": 98, "s2": 5, "s3": 2}
    assert told["consistent"] == 1  # s3: a transfer of 1 of 91 votes could have gone unseen


def test_power_is_the_grade_of_the_count(compared):
    (side,) = sides(compared)
    consistent = power(side.p, side.v).consistent
    named = [s for s, yes in zip(compared.count.tree.stations, consistent, strict=True) if yes]
    assert named == [s for s in compared.count.tree.stations if compared.grade_of(s) == Grade.CONSISTENT]
    gap = power(np.array([[5, NONE]]), np.array([[5, 5]]))
    assert gap.visible[0] == NONE and not gap.consistent[0]


def test_the_frozen_list_is_every_photograph_behind_a_finding(compared, tmp_path):
    frozen = frozen_list(compared, "president", "golos")
    assert frozen.rows == tuple(("s1", "ann", at) for at in range(1, 91))
    assert read_frozen(frozen.data) == frozen
    assert list(csv.reader(io.StringIO(frozen.data.decode())))[2] == ["1", "s1", "ann", "1"]
    for broken in (b"", frozen.data + b"91,s1,ann\n", frozen.data.replace(b"\n7,", b"\n8,"), b"\xff"):
        with pytest.raises(Problem, match="no list"):
            read_frozen(broken)
    (side,) = sides(compared)
    assert excesses_of(side)["proven"].against(0) == (1, 70)


def test_a_result_is_never_graded_above_its_method():
    method = Method("m", (), (), (), Grade.SUSPICIOUS)
    with pytest.raises(ValueError, match="can't be graded"):
        Result(method, Grade.STRONG, "", Rows(1), "")


def cast(writer, voter, choices, photo):
    """Log a ballot whose inner part is known; return its index and the inner part."""
    inner = encode(Inner(1, "s1", choices, bytes(32)))
    sealed = decode(voter.ballot("s1", choices, 1, photo).record, Ballot)
    draft = msgspec.structs.replace(sealed, inner=digest(inner), signature=bytes(64))
    return writer.add(signed(draft, voter.key.sign)), inner


@pytest.fixture
def log(writer):
    """Four ballots of the first week and three of the second, all for ann at s1; the protocol admits two."""
    reader_one, reader_two, clerk = (writer.staff(role) for role in ("reader", "reader", "clerk"))
    inners, choices = {}, (("president", ("ann",)),)
    for week, number in ((0, 4), (1, 3)):
        for at in range(number):
            photo = bytes([week, at]) * 16
            voter = writer.country.voter(week)
            writer.enrolment(week)
            index, inner = cast(writer, voter, choices, photo)
            inners[index] = inner
            writer.received(photo)
            for reader in (reader_one, reader_two):
                writer.add(reader.verdict(photo, "ballot", choices))
    writer.table(protocol({"s1": {"ann": 2, "bob": 50}}, readings=2), clerk)
    writer.open(inners)
    return writer.log()


def test_every_count_for_those_registered_before_a_week(log):
    first, second = weeks(log)
    assert (first.issued, first.redeemed, second.issued, second.redeemed) == (4, 4, 7, 7)
    full = compare(recount(log))
    assert second.comparison.findings == full.findings
    assert [f.breaking for f in first.comparison.findings if f.rule == "C1" and f.tier == "confirmed"] == [2]


def test_the_cost_of_faking_a_claim(log, monkeypatch):
    verified, check = [], known.findings
    monkeypatch.setattr(known, "findings", lambda pack, records: verified.extend(records) or check(pack, records))
    told = cohort_study(log, price=5.0).numbers
    assert len(verified) == sum(record is not None for record in log.records)
    assert told["phones_for_all"] == max(c["phones"] for c in told["claims"])  # one station: one ballot serves them all
    claim = next(c for c in told["claims"] if c["id"].startswith("C1") and c["id"].endswith("confirmed"))
    assert (claim["phones"], claim["cost"], claim["since"]) == (5, 25.0, "week 0")
    assert claim["breaking_by_week"] == {"week 0": 2, "week 1": 5}


def test_belarus(tmp_path):
    shared = Path(__file__).parents[3] / "shared" / "data" / "belarus-2020"
    if not (shared / "stations.csv").exists():
        pytest.skip("the tables of Belarus 2020 are not beside the project")
    import sys

    sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "belarus-2020"))
    try:
        import belarus
    finally:
        sys.path.pop(0)
    (side,) = sides(compare(belarus.counted(shared, tmp_path), ["zubr"]))
    found = statements(side, 0.05)
    assert len(frozen_list(side.comparison, side.contest, side.source).rows) > 48_319
    assert excesses_of(side)["all"].against(4671)[1] == 48_319 - 4_671
    assert found["multiplicity"].numbers["rates"][1]["closed_testing"] > 300
    assert found["selection"].numbers["options"]["tsikhanouskaya"]["break_even"] > 100
