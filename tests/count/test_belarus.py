"""Belarus 2020: every figure that the published tables are known to give, through the example that people run."""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "belarus-2020"
RUN = ROOT / "examples" / "belarus-2020" / "run"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    if not DATA.is_dir():
        pytest.skip("the published tables of Belarus 2020 are not there (../shared/data/belarus-2020)")
    build = tmp_path_factory.mktemp("belarus")
    command = [str(RUN), str(DATA), "--json", "--dir", str(build)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True), build


@pytest.fixture(scope="module")
def found(run):
    return json.loads(run[0].stdout)


@pytest.mark.parametrize(
    ("key", "figure"),
    [
        ("stations_announced", 5767),
        ("stations_with_protocol", 1329),
        ("stations_with_all_options", 692),
        ("c1_stations", 422),
        ("c1_votes", 48_319),
        ("c1_votes_by_option", {"tsikhanouskaya": 48_290, "against_all": 28, "dmitriyeu": 1}),
        (
            "c1_by_region",
            {
                "Minsk city": 275,
                "Mogilev": 43,
                "Brest": 31,
                "Minsk region": 25,
                "Gomel": 24,
                "Vitebsk": 17,
                "Grodno": 7,
            },
        ),
        ("c2_stations", ["07-006-0042"]),
        ("c8_stations", 622),
        (
            "adversary",
            {
                "100": [397, 48_219],
                "500": [365, 47_819],
                "1000": [342, 47_319],
                "5000": [243, 43_319],
                "10000": [169, 38_319],
            },
        ),
        ("cap", {"10": [387, 44_253], "50": [256, 31_231], "100": [144, 21_657]}),
        ("c1_both", {"stations": 465, "votes": 51_897}),
        (
            "graded",
            {
                "proven": [389, 43_707],
                "strong_one_typing": [67, 5_939],
                "strong_typings_differ": [8, 630],
                "suspicious_lower": [4, 0],
                "suspicious_voters": [1, 1_621],
            },
        ),
        (
            "c5",
            {
                "sum": [81, 659],
                "parts": [81, 1321],
                "ballots": [77, 529],
                "turnout_issued": [13, 1325],
                "turnout_voters": [6, 1325],
            },
        ),
        ("c7", []),
        ("ratio_13", 13.454),
        ("typings", {"common": 1212, "equal": 1179, "stations_in_both": 1221, "stations_that_differ": 191}),
        ("photos_total", 540_344),
        ("declared_total", 929_869),
    ],
)
def test_figure(found, key, figure):
    assert found[key] == figure


@pytest.mark.parametrize(
    ("area", "figures"),
    [
        (
            "nation",
            {"protocols": 471_575, "photos_elsewhere": 276_560, "announced": 588_622, "gap": 159_513},
        ),
        ("Minsk city", {"protocols": 136_647, "stations": 442, "announced": 126_950, "grade": "strong"}),
        ("Minsk region", {"protocols": 125_557, "stations": 294, "announced": 115_350, "grade": "strong"}),
    ],
)
def test_parts_exceed_the_whole(found, area, figures):
    assert figures.items() <= found["c4"][area].items()
    assert set(found["c4"]) == {"nation", "Minsk city", "Minsk region"}


def test_shares_and_regions_add_up(found):
    assert sum(found["c1_by_region"].values()) == found["c1_stations"]
    assert round(100 * found["c1_stations"] / found["stations_with_protocol"], 1) == 31.8
    assert round(100 * found["c1_stations"] / found["stations_announced"], 1) == 7.3
    assert sum(stations for stations, _ in found["graded"].values()) == 469


def test_defects_of_the_source_are_said(run):
    process, _ = run
    for station in ("03-093-0020", "05-035-0033", "06-012-0021", "06-139-0001", "05-031-0013", "06-135-0017"):
        assert station in process.stderr
    assert "5,768 stations are listed, more than the 5,767 announced" in process.stderr


def test_it_speaks_to_people_too(found, run):
    _, build = run
    command = [str(RUN), str(DATA), "--dir", str(build)]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "48319" in text and "Minsk region" in text


def test_a_wrong_folder_is_an_error_in_words(tmp_path):
    process = subprocess.run(
        [str(RUN), str(tmp_path), "--dir", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert process.returncode == 1
    assert "stations.csv" in process.stderr and "Traceback" not in process.stderr
