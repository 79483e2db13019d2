"""The exports hold what data/ holds: typed tables, maps, and the report that the NIST schema admits."""

import csv
import dataclasses
import io
import json
from itertools import pairwise
from pathlib import Path

import duckdb
import jsonschema
import msgspec
import pytest

from golos.publish.exports import nist, parquet
from golos.publish.results import Announcement, Results

from .conftest import published
from .nation import ANNOUNCED, nation

SHARED = Path(__file__).parents[2].parent / "shared"
SCHEMA = SHARED / "schemas" / "NIST_V2_election_results_reporting.json"
LANGUAGES = ("be", "ru", "en")


def table(out: Path, name: str) -> duckdb.DuckDBPyRelation:
    return duckdb.sql(f"SELECT * FROM read_parquet('{out}/export/{name}.parquet')")


def as_cell(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", [name for name, _ in parquet.tables(LANGUAGES)])
def test_a_parquet_table_is_the_csv_file(site, name):
    (head, *rows) = csv.reader(io.StringIO((site.out / f"data/{name}.csv").read_text()))
    found = table(site.out, name)
    assert found.columns == head
    assert [[as_cell(value) for value in row] for row in found.fetchall()] == rows


def test_parquet_columns_have_types_and_meanings(site):
    found = table(site.out, "tallies")
    assert dict(zip(found.columns, map(str, found.types), strict=True))["votes"] == "BIGINT"
    metadata = duckdb.sql(f"SELECT * FROM parquet_kv_metadata('{site.out}/export/tallies.parquet')").fetchall()
    told = json.loads({bytes(key): bytes(value) for _, key, value in metadata}[b"dictionary"])
    assert told["votes"]["unit"] == "votes" and "lower bound" in told["votes"]["meaning"]


def test_stations_are_points_with_their_grades(site):
    found = json.loads((site.out / "export/stations.geojson").read_text())
    grades = {row["code"]: row for row in csv.DictReader(io.StringIO((site.out / "data/stations.csv").read_text()))}
    located = {code for code, row in grades.items() if row["lat"]}
    assert {f["id"] for f in found["features"]} == located
    assert found["without_coordinates"] == len(grades) - len(located)
    for feature in found["features"]:
        row = grades[feature["id"]]
        assert feature["geometry"]["coordinates"] == [float(row["lon"]), float(row["lat"])]
        assert feature["properties"]["grade"] == row["grade"]


def test_areas_are_outlines_wound_as_the_standard_has_it_or_none(site):
    found = {f["id"]: f for f in json.loads((site.out / "export/areas.geojson").read_text())["features"]}
    assert set(found) == {"N", "R1", "R2", "D1", "D2", "D3"}
    assert found["N"]["geometry"] is None and found["R1"]["geometry"]["type"] == "MultiPolygon"
    ring = found["R1"]["geometry"]["coordinates"][0][0]
    assert ring[0] == ring[-1]
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0


def nist_report(site) -> dict:
    return json.loads((site.out / "export/nist-1500-100.json").read_text())


@pytest.mark.skipif(not SCHEMA.exists(), reason="../shared/schemas with NIST's schema is not here")
def test_the_nist_report_is_valid(site, own_site):
    check = jsonschema.Draft4Validator(json.loads(SCHEMA.read_text()), format_checker=jsonschema.FormatChecker())
    for published_site in (site, own_site):
        assert [error.message for error in check.iter_errors(nist_report(published_site))] == []
    broken = nist_report(site)
    broken["Election"][0]["Contest"][0]["VotesAllowed"] = "one"
    assert list(check.iter_errors(broken))


def test_the_nist_report_names_only_what_it_defines(site):
    report = nist_report(site)
    units = {unit["@id"] for unit in report["GpUnit"]}
    (election,) = report["Election"]
    candidates = {candidate["@id"] for candidate in election["Candidate"]}
    below = {code for unit in report["GpUnit"] for code in unit.get("ComposingGpUnitIds", ())}
    assert below == units - {"unit-N"}
    for selection in election["Contest"][0]["ContestSelection"]:
        assert set(selection["CandidateIds"]) <= candidates
        assert {count["GpUnitId"] for count in selection["VoteCounts"]} <= units


def test_only_the_authority_s_announcement_is_a_total(site):
    (contest,) = nist_report(site)["Election"][0]["Contest"]
    totals = {
        selection["@id"].rpartition("-")[2]: [c["Count"] for c in selection["VoteCounts"] if c["Type"] == "total"]
        for selection in contest["ContestSelection"]
    }
    assert totals == {option: [value] for option, value in ANNOUNCED if option in totals}
    others = [c for s in contest["ContestSelection"] for c in s["VoteCounts"] if c["Type"] == "other"]
    assert others and all(
        "announced" in c["OtherType"] or "protocol" in c["OtherType"] or "no result" in c["OtherType"] for c in others
    )


def test_another_source_s_announcement_and_a_rounded_one_are_no_totals(site):
    results = Results.of(site.nation.comparison, site.nation.log)
    (said,) = results.announcements
    press = msgspec.structs.replace(said.official, source="press", authority=False)
    rounded = msgspec.structs.replace(said.official, unit=100)
    announced = [Announcement(0, press), Announcement(0, rounded), *results.announcements]
    (contest,) = nist.report(dataclasses.replace(results, announcements=announced))["Election"][0]["Contest"]
    for selection in contest["ContestSelection"]:
        kinds = [count.get("OtherType", "total") for count in selection["VoteCounts"] if count["GpUnitId"] == "unit-N"]
        assert kinds[:3] == ["announced, by press", "announced, by board, rounded to 100", "total"]


def test_a_report_on_a_very_large_nation_ends_above_the_stations(site, monkeypatch, tmp_path):
    monkeypatch.setattr(nist, "_UNITS", 4)
    report = nist_report(published(tmp_path / "public", nation()))
    assert report["Format"] == "summary-contest"
    assert {unit["@id"] for unit in report["GpUnit"]} == {"unit-N", "unit-R1", "unit-R2"}
