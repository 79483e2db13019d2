"""An election pack: a good one is read, and every mistake is named where it is."""

import base64
import hashlib
import tracemalloc
from time import perf_counter

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.model.pack import Cohort, Keys, Organisation
from golos.model.pack_keys import write_keys
from golos.model.packfiles import parse

ELECTION = """
[election]
names = { ru = "Выборы", en = "Election" }
date = 2026-05-03
languages = ["ru", "en"]
stations_announced = 3
incidents = ["pushed_out"]

[[contest]]
id = "mayor"
names = { ru = "Мэр", en = "Mayor" }

[[contest]]
id = "council"
names = { ru = "Совет", en = "Council" }
max_choices = 2

[[check]]
id = "sum"
rule = "turnout == options + invalid"
names = { ru = "Сумма", en = "Sum" }

[[map]]
file = "map/regions.topo.json"
object = "data"
property = "name"
equals = "name_en"

[policy]
k = 7
"""
OPTIONS = """contest,id,name_ru,name_en
mayor,a,А,A
mayor,b,Б,B
council,a,А,A
council,c,В,C
"""
LINES = """id,role,name_ru,name_en
voters,voters,Список,Voters
turnout,turnout,Явка,Turnout
invalid,invalid,Брак,Invalid
"""
AREAS = """code,parent,level,name_ru,name_en
N,,nation,Страна,Country
R,N,region,Область,Region
D,R,district,Район,District
"""
STATIONS = """code,area,name_ru,name_en,address,place,lat,lon
D-1,D,Участок 1,Station 1,"Улица, 1",Школа,53.9,27.5
D-2,D,Участок 2,Station 2,,Школа 2,53.8,27.4
R-1,R,Участок 3,Station 3,,Школа 3,53.7,27.3
"""


def files(**changed: str | None) -> dict[str, bytes]:
    """The good pack with some files replaced (names without their ending), None for left out."""
    good = {
        "election.toml": ELECTION,
        "options.csv": OPTIONS,
        "lines.csv": LINES,
        "areas.csv": AREAS,
        "stations.csv": STATIONS,
        "succession.csv": "old,new,note\nX-9,D-1,merged\nX-8,D-1,merged\n",
        "map/regions.topo.json": "{}",
    }
    by_stem = {name.split(".")[0].replace("map/", ""): name for name in good}
    for stem, content in changed.items():
        name = by_stem[stem]
        if content is None:
            del good[name]
        else:
            good[name] = content
    return {name: text.encode() for name, text in good.items()}


def places(found, level="mistake"):
    return [(m.file, m.line, m.column) for m in found if m.level == level]


def test_a_good_pack_is_read_whole() -> None:
    pack, found = parse(files())
    assert not found
    assert pack is not None
    assert pack.contest_ids == ("mayor", "council")
    assert [o.id for o in pack.contest("council").options] == ["a", "c"]
    assert pack.contest("council").max_choices == 2
    assert pack.root == "N"
    assert pack.areas["D"].parent == "R"
    assert pack.stations["D-1"].address == "Улица, 1"
    assert pack.stations["D-1"].lat == 53.9
    assert pack.checks[0].left == ("turnout",)
    assert pack.checks[0].right == ("options", "invalid")
    assert pack.policy.k == 7
    assert pack.succession == {"X-9": "D-1", "X-8": "D-1"}
    assert pack.outlines[0].equals == "name_en"
    assert pack.date == "2026-05-03"


def test_the_id_is_the_hash_of_the_files_that_belong() -> None:
    content = files()
    listed = [[n, hashlib.sha256(content[n]).digest(), len(content[n])] for n in sorted(content)]
    expected = hashlib.sha256(b"golos/election/v1\n" + cbor2.dumps(listed)).digest()
    pack, _ = parse(content)
    with_note, found = parse({**content, "notes.txt": b"for ourselves"})
    assert pack is not None
    assert with_note is not None
    assert pack.id == with_note.id == expected
    assert [(m.file, m.level) for m in found] == [("notes.txt", "warning")]


def swap(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


MISTAKES = {
    "unknown parent": ({"areas": swap(AREAS, "D,R,", "D,Q,")}, ("areas.csv", 4, 2)),
    "cycle": ({"areas": swap(AREAS, "R,N,", "R,D,")}, ("areas.csv", 3, 2)),
    "its own parent": ({"areas": swap(AREAS, "D,R,", "D,D,")}, ("areas.csv", 4, 2)),
    "two nations": ({"areas": swap(AREAS, "R,N,", "R,,")}, ("areas.csv", 3, 2)),
    "no nation": ({"areas": swap(AREAS, "N,,", "N,R,")}, ("areas.csv", 1, 2)),
    "duplicate area": ({"areas": swap(AREAS, "D,R,", "R,N,")}, ("areas.csv", 4, 1)),
    "area without name": ({"areas": swap(AREAS, "Район,District", ",")}, ("areas.csv", 4, 4)),
    "area without level": ({"areas": swap(AREAS, "district", "")}, ("areas.csv", 4, 3)),
    "duplicate station": ({"stations": swap(STATIONS, "D-2,", "D-1,")}, ("stations.csv", 3, 1)),
    "station of unknown area": ({"stations": swap(STATIONS, "R-1,R", "R-1,Q")}, ("stations.csv", 4, 2)),
    "station with an area's code": ({"stations": swap(STATIONS, "R-1,", "R,")}, ("stations.csv", 4, 1)),
    "code with a slash": ({"stations": swap(STATIONS, "R-1,", "R/1,")}, ("stations.csv", 4, 1)),
    "unknown column": ({"stations": swap(STATIONS, ",lon", ",long")}, ("stations.csv", 1, 8)),
    "column twice": ({"stations": swap(STATIONS, ",lon", ",lat")}, ("stations.csv", 1, 8)),
    "missing column": ({"options": swap(OPTIONS, ",name_en", "")}, ("options.csv", 1, 4)),
    "too many cells": ({"stations": swap(STATIONS, "27.3", "27.3,x")}, ("stations.csv", 4, 9)),
    "too few cells": ({"stations": swap(STATIONS, ",27.3", "")}, ("stations.csv", 4, 8)),
    "open quote": ({"stations": swap(STATIONS, "Школа 3", '"Школа 3')}, ("stations.csv", 4, 1)),
    "control character": ({"stations": swap(STATIONS, "Школа 3", "Шко\x07ла")}, ("stations.csv", 4, 6)),
    "missing translation of an option": ({"options": swap(OPTIONS, "b,Б,B", "b,Б,")}, ("options.csv", 3, 4)),
    "duplicate option": ({"options": swap(OPTIONS, "mayor,b", "mayor,a")}, ("options.csv", 3, 2)),
    "option called invalid": ({"options": swap(OPTIONS, "mayor,b", "mayor,invalid")}, ("options.csv", 3, 2)),
    "option of no contest": ({"options": swap(OPTIONS, "mayor,b", "major,b")}, ("options.csv", 3, 1)),
    "missing translation of a line": ({"lines": swap(LINES, "Явка", "")}, ("lines.csv", 3, 3)),
    "unknown role": ({"lines": swap(LINES, "turnout,turnout", "turnout,ballots")}, ("lines.csv", 3, 2)),
    "role twice": ({"lines": swap(LINES, "turnout,turnout", "turnout,voters")}, ("lines.csv", 3, 2)),
    "line with an option's id": ({"lines": swap(LINES, "voters,", "a,")}, ("lines.csv", 2, 1)),
    "check of an unknown line": ({"election": swap(ELECTION, "+ invalid", "+ spoilt")}, ("election.toml", 20, 1)),
    "no relation": ({"election": swap(ELECTION, "turnout ==", "turnout =")}, ("election.toml", 20, 1)),
    "wrong date": ({"election": swap(ELECTION, "2026-05-03", '"3 May"')}, ("election.toml", 4, 1)),
    "impossible date": ({"election": swap(ELECTION, "2026-05-03", '"2026-02-30"')}, ("election.toml", 4, 1)),
    "unknown key": ({"election": swap(ELECTION, "k = 7", "kk = 7")}, ("election.toml", 30, 1)),
    "k of 0": ({"election": swap(ELECTION, "k = 7", "k = 0")}, ("election.toml", 30, 1)),
    "ballots larger than they may be": ({"election": ELECTION + "inner_size = 64\n"}, ("election.toml", 31, 1)),
    "contest without translation": ({"election": swap(ELECTION, ', en = "Council"', "")}, ("election.toml", 15, 1)),
    "contest without option": ({"options": OPTIONS[: OPTIONS.index("council")]}, ("options.csv", 1, 1)),
    "contest twice": ({"election": swap(ELECTION, '"council"', '"mayor"')}, ("election.toml", 13, 3)),
    "outlines by what no area has": ({"election": swap(ELECTION, '"name_en"', '"name_be"')}, ("election.toml", 27, 1)),
    "no TOML": ({"election": swap(ELECTION, "[policy]", "[policy")}, ("election.toml", 29, 8)),
    "succession to nowhere": ({"succession": "old,new\nX,Y\n"}, ("succession.csv", 2, 2)),
    "succession of a living station": ({"succession": "old,new\nD-1,D-2\n"}, ("succession.csv", 2, 1)),
    "missing file": ({"lines": None}, ("lines.csv", 0, 0)),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_where_it_is(name: str) -> None:
    changed, place = MISTAKES[name]
    pack, found = parse(files(**changed))
    assert pack is None
    assert place in places(found), [str(m) for m in found]


WARNINGS = {
    "a coordinate that is no number": ({"stations": swap(STATIONS, "53.7", "x")}, ("stations.csv", 4, 7)),
    "a coordinate off the Earth": ({"stations": swap(STATIONS, "27.3", "271.3")}, ("stations.csv", 4, 8)),
    "a coordinate nan": ({"stations": swap(STATIONS, "27.3", "nan")}, ("stations.csv", 4, 8)),
    "one coordinate without the other": ({"stations": swap(STATIONS, "53.7", "")}, ("stations.csv", 4, 7)),
    "no coordinates": ({"stations": swap(STATIONS, "53.7,27.3", ",")}, ("stations.csv", 4, 7)),
    "no place": ({"stations": swap(STATIONS, "Школа 3", "")}, ("stations.csv", 4, 6)),
    "no name": ({"stations": swap(STATIONS, "Участок 3,Station 3", ",")}, ("stations.csv", 4, 3)),
    "fewer than announced": ({"election": swap(ELECTION, "announced = 3", "announced = 4")}, ("stations.csv", 1, 1)),
    "outlines that are not there": ({"regions": None}, ("election.toml", 24, 1)),
    "an area in one language": ({"areas": swap(AREAS, ",District", ",")}, ("areas.csv", 4, 5)),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_a_warning_leaves_the_pack_usable(name: str) -> None:
    changed, place = WARNINGS[name]
    pack, found = parse(files(**changed))
    assert pack is not None
    assert (places(found), places(found, "warning")) == ([], [place])
    assert set(pack.stations["R-1"].names) == {"ru", "en"}
    assert "coordinate" not in name or pack.stations["R-1"].lat is pack.stations["R-1"].lon is None


def test_names_fall_back_and_never_lack_a_language() -> None:
    pack, _ = parse(files(areas=swap(AREAS, ",District", ","), stations="code,area\nD-1,D\nD-2,D\nR-1,R\n"))
    assert pack is not None
    assert pack.areas["D"].names == {"ru": "Район", "en": "Район"}
    assert pack.stations["D-2"].names == {"ru": "D-2", "en": "D-2"}


def test_columns_in_another_order_a_bom_and_crlf() -> None:
    text = "\ufeff" + "area,code,name_en,name_ru\r\nD,D-1,One,Один\r\nD,D-2,Two,Два\r\nR,R-1,Three,Три\r\n"
    pack, found = parse(files(stations=text))
    assert pack is not None, found
    assert pack.stations["D-1"].names == {"ru": "Один", "en": "One"}


def test_a_byte_that_is_not_utf8_is_placed() -> None:
    content = files()
    content["stations.csv"] = STATIONS.encode().replace("Школа 3".encode(), b"\xd8\xea")
    _, found = parse(content)
    line = content["stations.csv"].splitlines()[3]
    assert places(found) == [("stations.csv", 4, line.index(b"\xd8") + 1)]


def keys() -> Keys:
    def verifier(name: str) -> str:
        key = b"\x01" + bytes(range(32))
        digest = hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
        return f"{name}+{digest}+{base64.b64encode(key).decode()}"

    return Keys(
        log=verifier("golos.example/log"),
        publisher=verifier("golos.example/publisher"),
        witnesses=(verifier("w1"), verifier("w2")),
        quorum=1,
        stewards=(b"a" * 32, b"b" * 32, b"c" * 32),
        threshold=2,
        intake=b"1" * 32,
        room=b"2" * 32,
        opening=b"3" * 32,
        registrar=b"4" * 32,
        receiver=b"5" * 32,
        issuer='issuer "one"\x7f',
        cohorts=(Cohort("week 1", "2026-04-01", b"\x30\x82xyz"), Cohort("reissue", "", b"\x30abc", reissue=True)),
        organisations=(Organisation("Наблюдатели", b"6" * 32),),
    )


def test_keys_are_read_back_as_written() -> None:
    pack, found = parse({**files(), "keys.toml": write_keys(keys()).encode()})
    assert pack is not None, found
    assert pack.keys == keys()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("golos.example/log+", "golos.example/other+", 2),
        ("quorum = 1", "quorum = 3", 8),
        ("threshold = 2", "threshold = 4", 14),
        ('"3131', '"31', 15),
        ("[[cohort]]", "[[cohorts]]", 22),
    ],
)
def test_a_wrong_key_is_named(old: str, new: str, line: int) -> None:
    _, found = parse({**files(), "keys.toml": swap(write_keys(keys()), old, new).encode()})
    assert {(m.file, m.line) for m in found} == {("keys.toml", line)}, [str(m) for m in found]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(files())), st.data())
def test_any_bytes_give_a_pack_or_a_mistake(name: str, data: st.DataObject) -> None:
    content = files()
    good = content[name]
    at = data.draw(st.integers(0, len(good)))
    junk = data.draw(st.binary(max_size=4) | st.sampled_from([b'"', b",", b"\n", b"\r", b"\x00", b"[", b"=", b"'''"]))
    content[name] = good[:at] + junk + good[at + data.draw(st.integers(0, 3)) :]
    pack, found = parse(content)
    assert (pack is None) == any(m.level == "mistake" for m in found)
    lines = {file: text.count(b"\n") + text.count(b"\r") + 1 for file, text in content.items()}
    assert all(m.line <= lines.get(m.file, 0) for m in found)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_one_corrupted_row_is_named_by_file_and_line(data: st.DataObject) -> None:
    content = files()
    name = data.draw(st.sampled_from([n for n in content if n.endswith(".csv") and n != "succession.csv"]))
    rows = content[name].decode().splitlines()
    at = data.draw(st.integers(1, len(rows) - 1))
    damage = {
        "cell too many": lambda row: row + ",x",
        "code gone": lambda row: "," + row.partition(",")[2],
        "code of nobody": lambda row: "?" + row,
        "all but the code gone": lambda row: row.partition(",")[0],
    }
    rows[at] = damage[data.draw(st.sampled_from(sorted(damage)))](rows[at])
    content[name] = "\n".join(rows).encode()
    pack, found = parse(content)
    assert pack is None
    assert (name, at + 1) in {(m.file, m.line) for m in found if m.level == "mistake"}


def test_many_stations_in_time_and_memory() -> None:
    """A tenth of the largest nation: a tenth of 10 s and of 2 GB, with room for a slow machine."""
    head, number = STATIONS.splitlines()[0], 100_000
    rows = (
        f'S-{i},D,Участок № {i % 90},Station {i % 90},"г. Город, ул. {i}",Школа № {i},53.9,27.5' for i in range(number)
    )
    content = files(stations=head + "\n" + "\n".join(rows), succession=None)
    tracemalloc.start()
    before = perf_counter()
    pack, _ = parse(content)
    traced = perf_counter() - before
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pack is not None
    assert len(pack.stations) == number
    assert peak < 150e6
    assert traced < 30
