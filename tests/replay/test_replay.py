"""The table as individual voters: killed, interrupted, continued, and in the end equal to the table."""

import csv
import fcntl
import os
from collections import Counter, defaultdict
from dataclasses import replace

from tests.replay.conftest import BALLOTS, PHOTOGRAPHS, STATIONS

from golos.count.compare import compare
from golos.count.log import Log
from golos.count.recount import recount
from golos.demo.replay.plan import Plan
from golos.demo.replay.report import report
from golos.model.entry import PhotoReceived, Verdict, decode_entry
from golos.office import LocalOffice

OPTIONS = ("dmitriyeu", "kanapatskaya", "lukashenka", "tsikhanouskaya", "cherachen", "against_all")
TIERS = {"declared": "golos_declared", "confirmed": "golos_photo"}


def test_stops_say_how_to_go_on_and_the_last_run_succeeds(whole):
    assert whole.ends == [-9, 130, 0], whole.said


def test_published_tallies_equal_the_table(whole, table):
    published = defaultdict(dict)
    with (whole.folder / "public" / "data" / "tallies.csv").open(newline="") as text:
        for row in csv.DictReader(text):
            if row["source"] == "ballots" and row["tier"] in TIERS:
                published[row["area"], row["tier"]][row["option"]] = int(row["votes"])
    replayed = [row for row in table if (row["station_id"], "declared") in published]
    assert len(replayed) == STATIONS
    for row in replayed:
        for tier, prefix in TIERS.items():
            wanted = {option: int(row[f"{prefix}_{option}"]) for option in (*OPTIONS, "invalid")}
            assert published[row["station_id"], tier] == wanted


def test_contradicted_stations_are_those_of_the_table(whole, table):
    with (whole.folder / "public" / "data" / "findings.csv").open(newline="") as text:
        found = {
            row["area"]
            for row in csv.DictReader(text)
            if (row["rule"], row["source"], row["tier"]) == ("C1", "ballots", "confirmed")
        }
    with (whole.folder / "public" / "data" / "stations.csv").open(newline="") as text:
        opened = {row["code"] for row in csv.DictReader(text) if row["opened"]}
    wanted = {row["station_id"] for row in table if row["station_id"] in opened and _contradicted(row)}
    assert found == wanted
    assert found


def test_nothing_is_there_twice(whole, table):
    """What the killed run had sent and what the next one sent again are the same records."""
    log = LocalOffice(whole.folder / "election").log()
    kinds = Counter(type(entry).__name__ for entry in _entries(log))
    photographs = {e.photo for e in _entries(log) if isinstance(e, PhotoReceived)}
    readers = Counter(e.photo for e in _entries(log) if isinstance(e, Verdict))
    assert kinds["Ballot"] == kinds["Enrolment"] == BALLOTS
    assert kinds["PhotoReceived"] == len(photographs) == len(readers) == PHOTOGRAPHS
    assert set(readers.values()) == {2}
    assert kinds["Reading"] == 0


def test_a_tally_that_is_not_the_tables_is_named(whole):
    """The report's own check: a table that says something else is seen to differ, station by station."""
    plan = Plan.read(whole.folder)
    comparison, sample = compare(recount(LocalOffice(plan.election).log())), plan.sample()
    assert report(comparison, sample, verified=True).equal
    first, *others = sample.chosen
    more = replace(first, photographed={**first.photographed, "cherachen": first.photographed["cherachen"] + 1})
    told = report(comparison, replace(sample, chosen=[more, *others]), verified=True)
    assert not told.equal
    assert ("confirmed", first.code, "cherachen") in {(d.tier, d.station, d.choice) for d in told.differences}
    assert not report(comparison, replace(sample, chosen=others), verified=True).equal


def test_no_process_is_left(whole):
    """Server and workers inherit the lock: who gets it is alone."""
    lock = os.open(whole.folder / "lock", os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(lock)


def _entries(log: Log):
    return [decode_entry(record) for record in log.records]


def _contradicted(row: dict[str, str]) -> bool:
    return any(
        int(row[f"golos_photo_{option}"]) > int(cell)
        for option in OPTIONS
        for cell in [row[f"{prefix}_{option}"] for prefix in ("prot", "golosite_official")]
        if cell
    )
