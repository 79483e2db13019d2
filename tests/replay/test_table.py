"""The table as ballots: how many there are, and what they contradict, before any of them is sent."""

import subprocess
import sys
from dataclasses import replace

import phonenumbers
import pytest
from tests.replay.conftest import DATA

from golos.demo.replay.table import CHOICES, number_of, phone_of, read_sample
from golos.model.problem import Problem

FILE = DATA / "stations.csv"
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(scope="module")
def nation(table):
    return read_sample(FILE, 1)


def test_every_declaration_is_a_ballot_and_every_photograph_one_of_them(nation, table):
    declared, photographed = (
        sum(int(row[f"golos_{kind}_{choice}"] or 0) for row in table for choice in CHOICES)
        for kind in ("declared", "photo")
    )
    assert (nation.size, nation.photographs) == (declared, photographed)
    assert sum(station.added for station in nation.chosen) == 0
    votes = [vote for station in nation.chosen[:50] for vote in station.votes()]
    assert [vote.number for vote in votes] == list(range(len(votes)))
    assert all(nation.station_of(vote.number) == vote.station for vote in votes)


def test_the_contradicted_stations_of_the_nation(nation):
    """The figures of data/README: under the first typing alone, and under the higher of the two."""
    assert [sum(station.contradicted(typings) for station in nation.chosen) for typings in (1, 2)] == [422, 465]


def test_more_photographs_than_declarations_are_more_ballots(nation):
    station = nation.chosen[0]
    more = replace(station, photographed={**station.photographed, "cherachen": station.declared["cherachen"] + 3})
    assert (more.size, more.added) == (station.size + 3, 3)
    votes = [vote for vote in more.votes() if vote.choice == "cherachen"]
    assert all(vote.photographed for vote in votes) and len(votes) == more.photographed["cherachen"]


def test_a_smaller_share_is_part_of_a_greater_one():
    small, large = read_sample(FILE, 0.01), read_sample(FILE, 0.02)
    assert {station.code for station in small.chosen} < {station.code for station in large.chosen}
    assert {(s.code, s.first) for s in small.chosen} < {(s.code, s.first) for s in large.chosen}


def test_every_voter_has_a_phone_that_can_exist(nation):
    for number in (0, 1, 123_456, nation.size - 1):
        phone = phone_of(number)
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone, None))
        assert number_of(phone) == number


def test_wrong_shares_and_tables_are_refused(tmp_path):
    for share in (0, -1, 1.5):
        with pytest.raises(Problem, match="share"):
            read_sample(FILE, share)
    with pytest.raises(Problem, match=r"stations\.csv"):
        read_sample(tmp_path / "stations.csv", 1)


def test_wrong_numbers_of_workers_and_long_paths_are_refused(tmp_path):
    long = str(tmp_path / ("x" * 90))
    for named, *arguments in (
        ["workers", "--workers", "0"],
        ["workers", "--workers", "17"],
        [long, "--directory", long],
    ):
        command = [sys.executable, "-m", "golos", "replay", str(DATA), "--share", "0.0001", *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.startswith(named), done.stderr
