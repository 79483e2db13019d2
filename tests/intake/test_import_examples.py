"""The examples on the real data: what the readme of the data says has to come in."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from golos.intake.mapping import parse_mapping
from golos.intake.official import read_officials
from golos.intake.pack import read_folder
from golos.intake.places import make_places, parse_stations_map
from golos.intake.table import read_tables
from golos.model.packfiles import parse

ROOT = Path(__file__).parents[2]
BELARUS = ROOT / "examples" / "belarus-2020"
DATA = ROOT.parent / "shared" / "data" / "belarus-2020"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the published tables are not beside the project")


@pytest.fixture(scope="module")
def belarus():
    files, mapping = read_folder(BELARUS / "pack"), (BELARUS / "map.toml").read_bytes()
    languages = ("be", "ru", "en")
    files |= make_places(DATA / "stations.csv", parse_stations_map(mapping, languages), languages)
    pack, found = parse(files)
    assert pack is not None, [str(m) for m in found]
    return pack, found


def test_the_pack_of_belarus_stands_and_its_known_defects_are_warnings(belarus) -> None:
    pack, found = belarus
    assert (len(pack.stations), pack.stations_announced) == (5768, 5767)
    assert Counter(area.level for area in pack.areas.values()) == {"nation": 1, "region": 7, "district": 146}
    warned = [m.text for m in found]
    nowhere = {"03-093-0020", "05-035-0033", "06-012-0021", "06-139-0001"}
    assert {t.split()[3] for t in warned if "has no name" in t} == nowhere
    assert {t.split()[3] for t in warned if "has no place" in t} == nowhere | {"05-031-0013", "06-135-0017"}
    assert {t.split()[3] for t in warned if "has no coordinates" in t} == {"06-012-0021"}
    assert any("5,768 stations are listed, more than the 5,767 announced" in t for t in warned)


def test_the_tables_of_belarus_come_in_whole(belarus) -> None:
    pack, _ = belarus
    mapping = parse_mapping((BELARUS / "map.toml").read_bytes(), pack)
    declared, photos, typed, again = read_tables(DATA / "stations.csv", mapping, pack)
    rows = [list(csv.DictReader(io.StringIO(t.rows.decode()))) for t in (declared, photos, typed, again)]
    options = [o.id for o in pack.contest("president").options]

    def total(table) -> int:
        return sum(int(v) for row in table for key, v in row.items() if v and key != "area")

    assert (total(rows[0]), total(rows[1])) == (929_869, 540_344)
    assert sum(1 for row in rows[2] if row["tsikhanouskaya"]) == 1329
    assert sum(1 for row in rows[2] if all(row[o] for o in options)) == 692
    assert not typed.rejects
    assert not again.rejects
    typed_negative = [row["against_all"] for row in rows[3] if row["against_all"].startswith("-")]
    assert sorted(typed_negative) == ["-23", "-48", "-7"]


def test_announcements_of_belarus(belarus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack, _ = belarus
    monkeypatch.syspath_prepend(str(BELARUS))
    from officials import official_csv

    path = tmp_path / "official.csv"
    path.write_bytes(official_csv((DATA / "official.json").read_bytes()))
    mapping = parse_mapping((BELARUS / "official-map.toml").read_bytes(), pack)
    drafts, rejects = read_officials(path, mapping, pack)
    assert not rejects
    assert [(d.area, d.authority, d.unit, dict(d.values)["tsikhanouskaya"]) for d in drafts] == [
        ("BY", True, 1, 588_622),
        ("07", False, 100, 126_900),
        ("05", False, 100, 115_300),
    ]
