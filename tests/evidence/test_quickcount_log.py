"""A sample is drawn, logged, filled in and found in the log again; it changes no number of the count."""

import csv
import io
import json
import subprocess
import sys

import msgspec
import pytest
from cyclopts import App
from rich.console import Console
from tests.bench.living import Living

from golos.count.recount import recount
from golos.doors.cli import quickcount
from golos.doors.cli.results import publish_election, verifier
from golos.doors.cli.sample import sample_record
from golos.model.entry import Table, decode_entry
from golos.model.problem import Problem
from golos.model.record import encode, signed
from golos.office import LocalOffices

DICE = "0123456789 0123456789"


@pytest.fixture
def election(tmp_path):
    return Living(tmp_path / "election", 0).folder


@pytest.fixture
def golos(election):
    screen = io.StringIO()
    app = App(name="golos", result_action="return_value")
    quickcount.register(app, LocalOffices(), Console(file=screen, width=200))

    def run(*arguments):
        app(["quickcount", *map(str, arguments)], exit_on_error=False)
        return screen.getvalue()

    return run


def test_the_sample_is_an_entry_of_the_log_from_before_the_votes(golos, election, tmp_path, capsys):
    drawn, filled = tmp_path / "drawn.csv", tmp_path / "filled.csv"
    before = recount(LocalOffices().log(election))
    golos("draw", election, "--sample", 6, "--dice", DICE, "--log", "president", "--out", drawn)
    log = LocalOffices().log(election)
    (entry,) = [e for r in log.records if r and isinstance(e := decode_entry(r), Table)]
    assert entry.kind == "sample" and log.rows(entry.rows) == drawn.read_bytes()
    filled.write_text(filled_in(drawn.read_text()))
    golos("estimate", filled, "--election", election, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["logged"] == {"leaf": log.size - 1, "ballots_before": 0} and told["share"] == pytest.approx(0.4)
    after = recount(log)
    assert (after.votes, after.versions, after.doors) == (before.votes, before.versions, before.doors)


def test_a_sample_counts_nowhere_and_a_stranger_agrees(election, tmp_path):
    """Also one that claims a tier, and has votes in it."""
    office = LocalOffices().open(election)
    clerk, data = office.keys.signing("clerk"), b"area,zaria\n" + next(iter(office.pack.stations)).encode() + b",9\n"
    twisted = msgspec.structs.replace(
        decode_entry(sample_record(data, "dice", "president", office.pack, clerk)), tier="confirmed"
    )
    before = recount(office.log())
    office.write([encode(signed(twisted, clerk.sign))], [data])
    assert recount(LocalOffices().log(election)).votes == before.votes
    publish_election(LocalOffices().open(election), tmp_path / "public")
    done = subprocess.run(
        [sys.executable, verifier(), tmp_path / "public"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert len(list((tmp_path / "public" / "tables").iterdir())) == 1


def test_another_sample_than_the_logged_one_is_refused(golos, election, tmp_path):
    drawn, other = tmp_path / "drawn.csv", tmp_path / "other.csv"
    golos("draw", election, "--sample", 6, "--dice", DICE, "--log", "president", "--out", drawn)
    golos("draw", election, "--sample", 6, "--dice", DICE[::-1], "--out", other)
    other.write_text(filled_in(other.read_text()))
    with pytest.raises(Problem, match="than any sample in the log"):
        golos("estimate", other, "--election", election)
    with pytest.raises(Problem, match="names no contest"):
        golos("draw", election, "--sample", 6, "--dice", DICE, "--log", "mayor")


def filled_in(text):
    """As a spreadsheet writes it: other line ends, every cell quoted."""
    comment, *lines = text.splitlines()
    out = io.StringIO()
    writer = csv.DictWriter(out, lines[0].split(","), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writeheader()
    for row in csv.DictReader(lines):
        writer.writerow(row | {"registered": "900", "valid": "500", "votes": "200"})
    return f"{comment}\r\n{out.getvalue()}"
