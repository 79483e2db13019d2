"""The commands over an election: a stand-in for the office gives them a log or a pack."""

import csv
import io
import json
from types import SimpleNamespace

import pytest
from count_support import small_pack
from cyclopts import App
from rich.console import Console
from test_statements import log  # noqa: F401 - a fixture

from golos.doors.cli import audit, evidence, quickcount
from golos.ledger.checkpoint import Checkpoint
from golos.model.problem import Problem

DICE = "0123456789 0123456789"


@pytest.fixture
def golos(log):  # noqa: F811
    """Return a function that runs a command over the small log of the statements' tests."""
    head = SimpleNamespace(size=log.size + 5, root=bytes(32))
    head.checkpoint = Checkpoint("log", head.size, head.root).text() + b"\n"
    office = SimpleNamespace(log=lambda: log, pack=log.pack, head=lambda: head)
    return commands(office)


def commands(office):
    screen = io.StringIO()
    app = App(name="golos", result_action="return_value")
    for part in (audit, evidence, quickcount):
        part.register(app, SimpleNamespace(open=lambda _: office), Console(file=screen, width=200))

    def run(*arguments):
        app([str(a) for a in arguments], exit_on_error=False)
        return screen.getvalue()

    return run


def test_certificate_on_the_command_line(golos, capsys):
    golos("audit", "certify", "--photos", 470331, "--sample", 300, "--bad", 0, "--alpha", 0.05, "--json")
    assert json.loads(capsys.readouterr().out)["fakes_upper"] == 4671


def test_from_the_frozen_list_to_the_certificate(golos, tmp_path, capsys):
    listed, sample = tmp_path / "list.csv", tmp_path / "sample.csv"
    golos("audit", "plan", "x", "--out", listed, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["photos"] == 7 and told["size"] > 0
    golos("audit", "draw", listed, "--sample", 4, "--dice", DICE, "--out", sample)
    head, *rows = sample.read_text().splitlines()
    assert told["list"] in head and "dice:01234567890123456789" in head and len(rows) == 5
    golos("audit", "draw", listed, "--sample", 4, "--dice", DICE)
    assert capsys.readouterr().out == sample.read_text()
    golos("audit", "draw", listed, "--sample", 7, "--election", "x")
    assert "seed=checkpoint:log:" in capsys.readouterr().out
    golos("audit", "certify", "x", "--sample", 7, "--bad", 0, "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["fakes_upper"], told["stand"]["proven"], told["grade"]) == (0, {"stations": 1, "votes": 5}, "proven")


def test_a_seed_has_to_be_later_and_only_one(golos, tmp_path):
    listed = tmp_path / "list.csv"
    golos("audit", "plan", "x", "--out", listed)
    late = listed.read_text().replace("size=", "size=9")
    (tmp_path / "late.csv").write_text(late)
    with pytest.raises(Problem, match="frozen at"):
        golos("audit", "draw", tmp_path / "late.csv", "--sample", 1, "--election", "x")
    for seeds in ((), ("--dice", DICE, "--election", "x"), ("--dice", "12")):
        with pytest.raises(Problem):
            golos("audit", "draw", listed, "--sample", 1, *seeds)


def test_sequential_audit_stops_as_soon_as_it_may(golos, tmp_path, capsys):
    sample = tmp_path / "s.csv"
    sample.write_text("number,verdict\n" + "1,good\n" * 60 + "2,\n")
    golos("audit", "sequential", sample, "--photos", 1000, "--target", 100, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["grade"] == "proven" and 25 <= told["stop"] <= 60 and told["rows"]["used"] == 60
    sample.write_text("number,verdict\n1,fine\n")
    with pytest.raises(Problem, match="neither good nor bad"):
        golos("audit", "sequential", sample, "--photos", 1000, "--target", 100)


def test_evidence_and_cohorts(golos, capsys):
    golos("cohorts", "x", "--price", 5, "--json")
    told = json.loads(capsys.readouterr().out)
    assert [week["cohort"] for week in told["weeks"]] == ["week 0", "week 1"]
    golos("evidence", "x", "--json")
    told = json.loads(capsys.readouterr().out)["president"]
    assert told["multiplicity"]["grade"] == "strong" and told["selection"]["grade"] == "no data"
    assert "week 1" in golos("cohorts", "x") and "multiplicity" in golos("evidence", "x")


def test_quick_count_from_the_draw_to_the_estimate(tmp_path, capsys):
    pack = small_pack({f"s{at:02}": f"A{at % 4}" for at in range(40)})
    golos = commands(SimpleNamespace(pack=pack))
    drawn = tmp_path / "drawn.csv"
    golos("quickcount", "draw", "x", "--sample", 12, "--dice", DICE, "--by", "region", "--out", drawn)
    comment, *lines = drawn.read_text().splitlines()
    rows = list(csv.DictReader(lines))
    assert len({row["station"] for row in rows}) == 12
    assert {row["stratum"] for row in rows} == {"A0", "A1", "A2", "A3"} and {row["units"] for row in rows} == {"10"}
    for at, row in enumerate(rows):
        row |= {"registered": "900", "valid": "" if at == 0 else "500", "votes": "" if at == 0 else str(200 + at)}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    drawn.write_text(f"{comment}\n{text.getvalue()}")
    golos("quickcount", "estimate", drawn, "--announced", 0.9, "--json")
    told = json.loads(capsys.readouterr().out)
    low, high = told["interval_with_missing"]
    assert told["missing"] == 1 and low < told["interval"][0] < told["share"] < told["interval"][1] < high
    assert told["seed"] == "dice:01234567890123456789"
    assert "suspicious" in golos("quickcount", "estimate", drawn, "--announced", 0.9) or told["grade"] == "strong"
    drawn.write_text(drawn.read_text().replace(",500,", ",50,"))
    with pytest.raises(Problem, match="votes of at most valid"):
        golos("quickcount", "estimate", drawn)


def test_clusters_are_drawn_whole(tmp_path):
    pack = small_pack({f"s{at:02}": f"A{at % 4}" for at in range(40)})
    out = tmp_path / "c.csv"
    commands(SimpleNamespace(pack=pack))(
        "quickcount", "draw", "x", "--sample", 2, "--dice", DICE, "--unit", "area", "--out", out
    )
    rows = list(csv.DictReader(out.read_text().splitlines()[1:]))
    assert len(rows) == 20 and len({row["unit"] for row in rows}) == 2
