"""The numbers of the tiny election, worked out by hand from docs/counting.md; and the rules that it does not touch."""

import csv
import json
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="module")
def summary(published):
    return json.loads((published / "data/summary.json").read_bytes())


@pytest.fixture(scope="module")
def findings(published):
    return {f["id"]: f for f in json.loads((published / "data/findings.json").read_bytes())["findings"]}


def rows(published, name):
    with (published / "data" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_ballots(summary):
    # 37 voters, one voted again, one took it back, one spoilt, one forged, one with another's picture, one late.
    assert summary["ballots"] == {
        "logged": 44,
        "valid": 42,
        "invalid": 1,
        "late": 1,
        "superseded": 2,
        "withdrawn": 1,
        "winning": 39,
        "opened": 36,
        "withheld": 2,
        "spoilt": 1,
    }
    assert summary["cohorts"] == {"2020-W31": {"issued": 90, "redeemed": 40}}


@pytest.mark.parametrize(
    ("tier", "area", "votes"),
    [
        ("declared", "S1", "12 0 0"),
        ("declared", "S2", "4 4 1"),
        ("photographed", "S2", "4 2 1"),
        ("read", "S2", "5 0 1"),
        ("confirmed", "S2", "5 0 1"),
        ("declared", "S5", "4 1 0"),
        ("confirmed", "S5", "4 0 0"),
        ("confirmed", "R1", "17 0 1"),
        ("confirmed", "R2", "13 1 0"),
        ("confirmed", "N", "30 1 1"),
    ],
)
def test_tallies_by_tier(published, tier, area, votes):
    said = [r for r in rows(published, "tallies.csv") if (r["source"], r["tier"], r["area"]) == ("ballots", tier, area)]
    assert [r["option"] for r in said] == ["a", "b", "invalid"]
    assert " ".join(r["votes"] for r in said) == votes


def test_withheld_station_is_in_no_total(published):
    assert not [r for r in rows(published, "tallies.csv") if r["area"] == "S3"]
    (station,) = [r for r in rows(published, "stations.csv") if r["code"] == "S3"]
    assert (station["opened"], station["grade"]) == ("", "no data")


def test_findings(findings, election):
    observers = f"observers:{election.organisation.public.hex()[:8]}"
    graded = {name: (f["grade"], f["breaking"], f["reason"]) for name, f in findings.items()}
    assert graded == {
        "C1:president::S1:ballots:confirmed": ("proven", 7, ""),
        "C1:president::S1:ballots:read": ("strong", 7, "machine reading"),
        "C1:president::S1:ballots:photographed": ("suspicious", 7, "photographs not read"),
        "C8:president::S1:ballots:declared": ("strong", 7, "declarations"),
        **{
            f"C1:president::S4:ballots:{tier}": ("suspicious", 6, "more photos than voters")
            for tier in ("confirmed", "read", "photographed")
        },
        "C8:president::S4:ballots:declared": ("suspicious", 6, "more photos than voters"),
        "C1:president::S4:platform:confirmed": ("proven", 2, ""),
        "C1:president::S6:platform:confirmed": ("strong", 2, "one typing"),
        "C3:president:turnout:S2:door:": ("proven", 18, ""),
        f"C3:president:turnout:S5:{observers}:": ("proven", 7, ""),
        "C4:president:a:N:ballots:confirmed": ("proven", 12, ""),
        "C4:president:b:N:ballots:confirmed": ("strong", 32, "one typing"),
        "C5:president:sum:S2:typed:": ("suspicious", 1, ""),
        "C6:president::S2:::": ("suspicious", 1, "typing differences"),
    } or list(graded)
    assert findings[f"C3:president:turnout:S5:{observers}:"]["withdrawn"] == 'the watcher\nleft, "early"'


def test_c4_under_every_version(findings, election):
    numbers = findings["C4:president:a:N:ballots:confirmed"]["numbers"]
    observers = f"observers:{election.organisation.public.hex()[:8]}"
    assert (numbers["announced"], numbers["headline"]) == (30, "typed")
    assert {name: tuple(v.values()) for name, v in numbers["versions"].items()} == {
        "typed": (42, 5, 0, 12),
        "typed again": (25, 2, 13, 8),
        observers: (3, 1, 21, 0),
        "first": (42, 5, 0, 12),
    }


def test_grades_and_denominators(summary, published):
    grades = {r["code"]: r["grade"] for r in rows(published, "stations.csv")}
    # S4 has a proven finding of another source, but more photographs than voters; S5's only finding was withdrawn.
    assert grades == dict(
        zip(
            ("S1", "S2", "S3", "S4", "S5", "S6"),
            ["proven", "proven", "no data", "suspicious", "can't tell", "strong"],
            strict=True,
        )
    )
    assert summary["denominators"] == {"stations": 7, "stations_with_protocol": {"president": 5}}
    assert summary["stations"] == {"proven": 2, "no data": 1, "suspicious": 1, "can't tell": 1, "strong": 1}


def test_summary_of_c1(summary):
    contest = summary["contests"]["president"]
    assert contest["headline_source"] == "ballots"
    assert contest["sources"]["ballots"] == {
        "declared": 36,
        "confirmed": 32,
        "c1": {
            "stations": 2,
            "votes": 13,
            "by_grade": {"proven": [1, 7], "suspicious": [1, 6]},
            "by_region": {"R1": 1, "R2": 1},
            "by_option": {"a": 13},
        },
    }


def test_bounds(published):
    said = {
        (r["set"], r["parameter"], r["value"]): (int(r["stations"]), int(r["votes"]))
        for r in rows(published, "bounds.csv")
        if r["source"] == "ballots"
    }
    assert said["all", "F", "0"] == (2, 13) and said["all", "F", "100"] == (0, 0)
    assert said["all", "k", "5"] == (2, 3) and said["proven", "k", "5"] == (1, 2)
    assert said["all", "x", "100"] == (2, 12) and said["all", "x", "200"] == (2, 10)


def test_adversary_takes_the_smallest_first(verifier):
    found = [SimpleNamespace(numbers={"K": k, "options": {}}) for k in (90, 10, 300)]
    bounds = {(p, v): figures for p, v, figures in verifier._bounds_of(found)}
    assert bounds["F", 100] == (1, 300) and bounds["F", 500] == (0, 0) and bounds["k", 50] == (2, 290)


def test_coverage(published):
    said = {r["area"]: tuple(r.values())[1:] for r in rows(published, "coverage.csv")}
    assert said == {"N": ("6", "5", "5", "5"), "R1": ("3", "2", "2", "2"), "R2": ("3", "3", "3", "3")}


def test_c7_counts_made_from_per_mille(verifier):
    made = {"a": 800_000, "b": 100_000, "c": 60_000, "d": 40_000}
    numbers = verifier.rounded(made, 1_000_000)
    assert numbers == {
        "total": 1_000_000,
        "chance": "1.0e-09",
        "options": {"a": [800_000, 800], "b": [100_000, 100], "c": [60_000, 60], "d": [40_000, 40]},
    }
    assert verifier.rounded({**made, "c": 60_001, "d": 39_999}, 1_000_000) is None
    assert verifier.rounded({"a": 600_000, "b": 400_000}, 1_000_000) is None  # the chance is 1 in 1,000
    assert verifier.rounded({"a": 3, "b": 1}, 4) is None


@pytest.mark.parametrize(
    ("choices", "votes"),
    [
        ([["x", ["a"]]], ("a",)),
        ([["x", ["b", "a"]]], ("b", "a")),
        ([["x", ["a", "b", "c"]]], ("invalid",)),
        ([["x", ["a", "a"]]], ("invalid",)),
        ([["x", ["z"]]], ("invalid",)),
        ([["x", ["invalid"]]], ("invalid",)),
        ([["x", ["a", "invalid"]]], ("invalid",)),
        ([["x", ["a"]], ["x", ["a"]]], ("invalid",)),
        ([["x", []]], ()),
        ([["y", ["a"]]], ()),
    ],
)
def test_marks(verifier, choices, votes):
    assert verifier.marks(verifier.Contest("x", ("a", "b", "c"), 2), choices) == votes


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("1000000000", 10**9),
        ("1000000001", None),
        ("", None),
        ("-1", -1),
        ("--1", None),
        ("-1000000001", None),
        ("1.0", None),
        ("٣", None),
    ],
)
def test_cells(verifier, cell, value):
    assert verifier.number(cell) == value


@pytest.mark.parametrize(
    ("said", "right", "place"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b"),
        ({"a": 1}, {}, "a"),
        ({}, {"a": {"b": [1, 0]}}, "a.b"),
        ({"a": {}}, {"a": 5}, "a"),
        ({"a": True}, {"a": 1}, "a"),
        ({"a": False}, {"a": 0}, "a"),
        ({"a": 1.0}, {"a": 1}, "a"),
        (5, {"a": 0}, ""),
        ({"a": 0, "b": {"c": [0, 0]}}, {}, None),
        ({}, {"a": None, "b": 0}, None),
    ],
)
def test_difference_of_summaries(verifier, said, right, place):
    found = verifier.difference(said, right, "")
    assert (found[0] if found else None) == place


def test_number_of_photographs_over_ballots_is_c2(verifier):
    numbers = {"turnout": 8, "voters": 20}
    figures = {line: {"S": verifier.Figure(v, v, "twice")} for line, v in numbers.items()}
    count = verifier.Count(
        tallies={("ballots", "confirmed", "x"): {"a": {"S": 9}, "b": {"S": 2}, "line:voters": {"S": 99}}},
        versions={"x": []},
        figures={"x": figures},
    )
    pack = SimpleNamespace(
        counted=[verifier.Contest("x", ("a", "b"), 1)],
        stations={"S": {}},
        above={"S": ("N",)},
        line={"turnout": "turnout", "voters": "voters"}.get,
        lines=[],
        checks=[],
    )
    (found,) = verifier.Rules(pack, count, {}).findings
    assert (found.id, found.grade, found.breaking) == ("C2:x::S:ballots:confirmed", "proven", 3)
    assert found.numbers == {"photos": 11, "ballots": 8, "voters": 20}
    figures["voters"]["S"] = verifier.Figure(10, 10, "once")
    (found,) = verifier.Rules(pack, count, {"C2:x::S:ballots:confirmed": "ours"}).findings
    assert (found.grade, found.reason, found.withdrawn) == ("suspicious", "more photos than voters", "ours")
