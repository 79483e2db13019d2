"""Making the tree of an election from somebody's list of stations."""

from pathlib import Path

import pytest

from golos.intake.places import make_places, parse_stations_map
from golos.model.packfiles import parse
from golos.model.problem import Problem

MAP = """
[stations]
code = ["d", "no"]
join = "."
names = { ru = "name" }
address = "addr"

[stations.nation]
code = "N"
names = { ru = "Страна", en = "Country" }

[[stations.level]]
level = "region"
code = "d"
first = 1
by = "r"

[stations.level.translations]
"Nord" = { ru = "Север", en = "North" }

[[stations.level]]
level = "district"
code = "d"

[stations.level.names_from]
file = "districts.csv"
code = "id"
names = { ru = "title" }
"""
STATIONS = 'd,no,name,addr,r\nA1,1,Один,"ул. 1, дом 2",Nord\nA1,2,,,Nord\nA2,1,Два,,Nord\nB1,1,Три,,Süd\n'
LANGUAGES = ("ru", "en")


def made(tmp_path: Path, stations: str = STATIONS, mapping: str = MAP) -> dict[str, str]:
    (tmp_path / "s.csv").write_text(stations, encoding="utf-8")
    (tmp_path / "districts.csv").write_text("id,title\nA1,Первый\nB1,Третий\n", encoding="utf-8")
    files = make_places(tmp_path / "s.csv", parse_stations_map(mapping.encode(), LANGUAGES), LANGUAGES)
    return {name: data.decode() for name, data in files.items()}


def test_areas_and_stations_are_made_and_stand_as_a_pack(tmp_path: Path) -> None:
    files = made(tmp_path)
    assert files["areas.csv"].splitlines() == [
        "code,parent,level,name_ru,name_en",
        "N,,nation,Страна,Country",
        "A,N,region,Север,North",
        "A1,A,district,Первый,",
        "A2,A,district,A2,",
        "B,N,region,B,",
        "B1,B,district,Третий,",
    ]
    assert files["stations.csv"].splitlines()[:3] == [
        "code,area,name_ru,address",
        'A1.1,A1,Один,"ул. 1, дом 2"',
        "A1.2,A1,,",
    ]
    rest = {
        "election.toml": '[election]\nlanguages = ["ru", "en"]\nnames = { ru = "В", en = "E" }\ndate = 2027-05-02\n'
        '[[contest]]\nid = "c"\nnames = { ru = "К", en = "C" }\n',
        "options.csv": "contest,id,name_ru,name_en\nc,a,А,A\n",
        "lines.csv": "id,role,name_ru,name_en\n",
    }
    pack, found = parse({name: text.encode() for name, text in {**rest, **files}.items()})
    assert pack is not None, [str(m) for m in found]
    assert pack.areas["A1"].names == {"ru": "Первый", "en": "Первый"}


def test_an_area_with_two_parents_is_a_problem(tmp_path: Path) -> None:
    mapping = MAP.replace('code = "d"\n\n[stations.level.names_from]', 'code = "no"\n\n[stations.level.names_from]')
    with pytest.raises(Problem) as caught:
        made(tmp_path, mapping=mapping)
    assert caught.value.code == "import.area"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('names = { ru = "name" }', 'names = { be = "name" }', 5),
        ('code = "N"', "", 8),
        ('by = "r"', "", 12),
        ('file = "districts.csv"', "", 25),
        ("[stations]", "[station]", 2),
    ],
)
def test_a_mistake_in_the_mapping_is_named(tmp_path: Path, old: str, new: str, line: int) -> None:
    with pytest.raises(Problem) as caught:
        made(tmp_path, mapping=MAP.replace(old, new, 1))
    assert f"mapping:{line}:" in caught.value.problem


def test_a_missing_file_of_names_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"other\.csv"):
        made(tmp_path, mapping=MAP.replace("districts.csv", "other.csv"))


def test_without_an_optional_file_of_names_areas_are_called_by_their_codes(tmp_path: Path) -> None:
    files = made(tmp_path, mapping=MAP.replace('"districts.csv"', '"gone.csv"\noptional = true'))
    assert "A1,A,district,A1," in files["areas.csv"].splitlines()
    assert files["stations.csv"].count("\n") == 5
