"""Importing tallies: what is taken, what is refused and named, and that nothing is invented."""

import contextlib
import csv
import gzip
import io
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.intake.mapping import parse_mapping
from golos.intake.official import read_officials
from golos.intake.table import read_tables
from golos.model.pack import Pack
from golos.model.packfiles import parse
from golos.model.problem import Problem

PACK = {
    "election.toml": '[election]\nlanguages = ["en"]\nnames = { en = "E" }\ndate = 2027-05-02\n'
    '[[contest]]\nid = "mayor"\nnames = { en = "Mayor" }\n',
    "options.csv": "contest,id,name_en\nmayor,ann,Ann\nmayor,bob,Bob\n",
    "lines.csv": "id,role,name_en\nvoters,voters,Voters\nturnout,turnout,Turnout\n",
    "areas.csv": "code,parent,level,name_en\nN,,nation,N\nR,N,region,R\n",
    "stations.csv": "code,area,name_en\n1,R,One\n2,R,Two\n3,R,Three\n4,R,Four\n",
    "succession.csv": "old,new\nold-3,3\nold-4a,4\nold-4b,4\n",
}
MAP = """
[file]
station = "id"
{file}
[[table]]
source = "photos"
kind = "citizens"
tier = "confirmed"
contest = "mayor"
columns = {{ ann = "p_ann", bob = "p_bob" }}

[[table]]
source = "typed"
kind = "protocol"
contest = "mayor"
columns = {{ bob = "v_bob", ann = "v_ann", voters = "n" }}
"""
HEADER = "id,p_ann,p_bob,v_ann,v_bob,n\n"


@pytest.fixture(scope="module")
def pack() -> Pack:
    found, mistakes = parse({name: text.encode() for name, text in PACK.items()})
    assert found is not None, mistakes
    return found


def read(pack: Pack, path: Path, content: str | bytes, file: str = ""):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_tables(path, parse_mapping(MAP.format(file=file).encode(), pack), pack)


def cells(table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.rows.decode())))


def test_figures_land_at_their_option_and_station_sorted(pack: Pack, tmp_path: Path) -> None:
    photos, typed = read(pack, tmp_path / "t.csv", HEADER + "2,3,4,5,6,100\n1,1,0,7,8,90\n")
    assert cells(photos) == [["area", "ann", "bob"], ["1", "1", "0"], ["2", "3", "4"]]
    assert cells(typed) == [["area", "ann", "bob", "voters"], ["1", "7", "8", "90"], ["2", "5", "6", "100"]]
    assert not photos.rejects
    assert photos.stations == 2


def test_the_same_figures_in_another_order_are_the_same_rows(pack: Pack, tmp_path: Path) -> None:
    one = read(pack, tmp_path / "1.csv", HEADER + "2,3,4,5,6,100\n1,1,0,7,8,90\n")
    two = read(pack, tmp_path / "2.csv", "n,v_bob,v_ann,p_bob,p_ann,id\n90,8,7,0,1,1\n100,6,5,4,3,2\n")
    assert [t.rows for t in one] == [t.rows for t in two]


def test_blank_and_dash_are_no_number_and_a_bad_cell_is_named(pack: Pack, tmp_path: Path) -> None:
    content = HEADER + "1,-,—,,12.5,x\n2,0,-3,4.0,9007199254740992,2\n3,-, ,1,1,1\n"
    photos, typed = read(pack, tmp_path / "t.csv", content)
    assert cells(photos)[1:] == [["2", "0", ""]]
    assert cells(typed)[1:] == [["2", "4", "", "2"], ["3", "1", "1", "1"]]
    assert [(r.line, r.column, r.value, r.reason) for r in photos.rejects] == [(3, "p_bob", "-3", "is negative")]
    assert [(r.line, r.column) for r in typed.rejects] == [(2, "n"), (2, "v_bob"), (3, "v_bob")]


def test_a_negative_figure_stands_only_where_the_mapping_says_so(pack: Pack, tmp_path: Path) -> None:
    photos, _ = read(pack, tmp_path / "t.csv", HEADER + "2,0,-3,1,1,2\n", "keep_negative = true\n")
    assert cells(photos)[1:] == [["2", "0", "-3"]]
    assert not photos.rejects


def test_unknown_and_repeated_stations_and_torn_rows_are_refused_the_rest_kept(pack: Pack, tmp_path: Path) -> None:
    content = HEADER + "1,1,1,1,1,1\n9,1,1,1,1,1\n2,5,5,5,5,5\n2,5,5,5,5,6\n3,1,1\n\n1,1,1,1,1,1\n"
    photos, _ = read(pack, tmp_path / "t.csv", content)
    assert cells(photos)[1:] == [["1", "1", "1"]]
    assert [(r.line, r.column) for r in photos.rejects] == [(3, "id"), (4, "id"), (5, "id"), (6, ""), (8, "id")]


def test_rows_of_merged_stations_are_added_up_only_if_all_are_there(pack: Pack, tmp_path: Path) -> None:
    photos, typed = read(pack, tmp_path / "t.csv", HEADER + "old-4a,1,2,3,,5\nold-4b,10,20,30,40,50\nold-3,1,1,1,1,1\n")
    assert cells(photos)[1:] == [["3", "1", "1"], ["4", "11", "22"]]
    assert cells(typed)[1:] == [["3", "1", "1", "1"], ["4", "33", "", "55"]]
    photos, _ = read(pack, tmp_path / "t.csv", HEADER + "old-4a,1,2,3,4,5\n3,1,1,1,1,1\nold-3,9,9,9,9,9\n")
    assert len(cells(photos)) == 1
    assert [r.line for r in photos.rejects] == [2, 3, 4]


def test_other_encodings_delimiters_separators_boms_and_gzip(pack: Pack, tmp_path: Path) -> None:
    expected = [["1", "1200", "3"]]
    text = "id;p_ann;p_bob;v_ann;v_bob;n\n1;1 200;3;1;1;1\n"
    form = 'delimiter = ";"\nthousands = " "\n'
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1251"):
        name = "utf-8" if encoding == "utf-8-sig" else encoding
        photos, _ = read(pack, tmp_path / "t.csv", text.encode(encoding), form + f'encoding = "{name}"\n')
        assert cells(photos)[1:] == expected, encoding
    photos, _ = read(pack, tmp_path / "t.csv.gz", gzip.compress(text.encode()), form)
    assert cells(photos)[1:] == expected


def test_parquet_with_nulls_and_whole_floats(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    duckdb.sql(
        "COPY (SELECT * FROM (VALUES (1, 2.0, NULL, 3, 4, 5), (7, 1.5, 1, 1, 1, 1)) "
        f"t(id, p_ann, p_bob, v_ann, v_bob, n)) TO '{path}' (FORMAT parquet)"
    )
    photos, _ = read(pack, path, path.read_bytes())
    assert cells(photos)[1:] == [["1", "2", ""]]
    assert [(r.line, r.value) for r in photos.rejects] == [(3, "7")]


def test_station_of_several_columns(pack: Pack, tmp_path: Path) -> None:
    mapping = MAP.format(file="").replace('"id"', '["a", "b"]')
    path = tmp_path / "t.csv"
    path.write_text("a,b,p_ann,p_bob,v_ann,v_bob,n\nold,3,1,1,1,1,1\n")
    photos, _ = read_tables(path, parse_mapping(mapping.encode(), pack), pack)
    assert cells(photos)[1:] == [["3", "1", "1"]]


def test_turnout_counts_name_line_and_organisation(pack: Pack, tmp_path: Path) -> None:
    mapping = """
[file]
station = "id"
[[table]]
source = "watch"
kind = "turnout"
contest = "mayor"
line = "turnout"
organisation = "Watch, inc."
columns = { voters = "seen" }
"""
    path = tmp_path / "t.csv"
    path.write_text("id,seen\n1,44\n")
    (table,) = read_tables(path, parse_mapping(mapping.encode(), pack), pack)
    header = ["area", "line", "voters", "double_count", "organisation"]
    assert cells(table) == [header, ["1", "turnout", "44", "", "Watch, inc."]]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('tier = "confirmed"', 'tier = "sure"', 8),
        ('contest = "mayor"', 'contest = "major"', 9),
        ("p_bob", "", 10),
        ('source = "photos"', 'source = "ballots"', 6),
        ('source = "photos"', 'source = "reissued"', 6),
        ("bob = ", "rob = ", 10),
        ('station = "id"', 'stations = "id"', 3),
        ('kind = "citizens"', 'kind = "people"', 7),
        ("[file]", '[file]\nencoding = "klingon"', 3),
    ],
)
def test_a_mistake_in_the_mapping_is_named(pack: Pack, old: str, new: str, line: int) -> None:
    with pytest.raises(Problem) as caught:
        parse_mapping(MAP.format(file="").replace(old, new, 1).encode(), pack, "map.toml")
    assert f"map.toml:{line}:" in caught.value.problem


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"id,p_ann\n1,2\n", "import.column"),
        (b"", "import.csv"),
        (b"\xff\xfe\x00", "import.encoding"),
        (HEADER.encode() + b"1,\xd8,1,1,1,1\n", "import.encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem(pack: Pack, tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Problem) as caught:
        read(pack, tmp_path / "t.csv", content)
    assert caught.value.code == code


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=40),
    st.sampled_from(["utf-8", "utf-16", "cp1251", "idna", "utf-7"]),
    st.sampled_from(["t.csv", "t.csv.gz", "t.parquet"]),
    st.booleans(),
)
def test_any_bytes_are_read_or_a_problem(junk: bytes, encoding: str, name: str, with_header: bool) -> None:
    found, _ = parse({name: text.encode() for name, text in PACK.items()})
    assert found is not None
    content = (HEADER.encode() if with_header else b"") + junk
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Problem):
        read(found, Path(folder) / name, content, f'encoding = "{encoding}"\n')


def test_announcements_of_areas_with_units(pack: Pack, tmp_path: Path) -> None:
    mapping = """
[[table]]
source = "commission"
kind = "official"
contest = "mayor"
authority = true
readings = 2
area = "where"
announced = { column = "when" }
unit = { column = "unit" }
columns = { bob = "b", ann = "a", turnout = "t" }
areas = { "The region" = "R" }
"""
    path = tmp_path / "o.csv"
    path.write_text(
        "where,when,unit,a,b,t\nN,2027-05-03,1,10,20,30\nThe region,,100,1200,,x\nQ,,1,1,1,1\nN,,0,1,1,1\nN,,,,,\n"
    )
    drafts, rejects = read_officials(path, parse_mapping(mapping.encode(), pack), pack)
    assert [(d.area, d.announced, d.unit, d.values, d.readings, d.authority) for d in drafts] == [
        ("N", "2027-05-03", 1, (("ann", 10), ("bob", 20), ("turnout", 30)), 2, True),
        ("R", "", 100, (("ann", 1200),), 2, True),
    ]
    assert [(r.line, r.column) for r in rejects] == [(3, "t"), (4, "where"), (5, "unit")]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "old-3", "x", ""]),
            st.lists(
                st.integers(-2, 9).map(str) | st.sampled_from(["", "-", "7.5", "nan", "\x00"]), min_size=5, max_size=5
            ),
        ),
        max_size=6,
    )
)
def test_every_row_is_taken_or_listed(rows: list[tuple[str, list[str]]]) -> None:
    found, _ = parse({name: text.encode() for name, text in PACK.items()})
    assert found is not None
    with tempfile.TemporaryDirectory() as folder:
        text = HEADER + "".join(",".join([code, *values]) + "\n" for code, values in rows)
        photos, _ = read(found, Path(folder) / "t.csv", text)
    taken = {row[0] for row in cells(photos)[1:]}
    refused = {r.line for r in photos.rejects if r.column == "id"}
    for line, (code, values) in enumerate(rows, 2):
        numbers = [v for v in values[:2] if v.isascii() and v.isdigit()]
        assert line in refused or not numbers or {"old-3": "3"}.get(code, code) in taken
    for _, *values in cells(photos)[1:]:
        assert all(v == "" or int(v) >= 0 for v in values)
        assert any(values)
