"""The commands: golos election new, check, stations, and golos import."""

import csv
import hashlib
import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from cyclopts import App
from rich.console import Console

from golos.doors.cli import election, imports
from golos.intake.pack import load, write_folder
from golos.intake.skeleton import skeleton
from golos.model.ed25519 import SigningKey, verify
from golos.model.entry import Official, Table
from golos.model.problem import Problem
from golos.model.record import decode, signing_input
from golos.ports import Row

MAP = """
[file]
station = "id"
[[table]]
source = "typed"
kind = "protocol"
contest = "mayor"
columns = { first = "a", second = "b" }
[[table]]
source = "commission"
kind = "official"
contest = "mayor"
authority = true
area = "area"
announced = "2027-05-03"
columns = { first = "total" }
"""


class Office:
    """An election whose log is a list."""

    def __init__(self, folder: Path) -> None:
        self.pack = load(folder)
        self.clerk = SigningKey(bytes(32))
        self.keys = SimpleNamespace(signing=lambda role: {"clerk": self.clerk}[role])
        self.journal = self
        self.rows: list[Row] = []
        self.blobs: dict[bytes, bytes] = {}

    def open(self, folder: Path):
        return self

    def head(self):
        return SimpleNamespace(size=len(self.rows))

    def read(self, what):
        return self.rows[what.start : what.stop]

    def write(self, records, blobs=()):
        self.blobs |= {hashlib.sha256(blob).digest(): blob for blob in blobs}
        self.rows += [Row(record) for record in records]


def run(*words: str, office: Office | None = None) -> str:
    out = io.StringIO()
    console = Console(file=out, width=200)
    app = App(name="golos", result_action="return_value")
    election.register(app, console)
    if office:
        imports.register(app, office, console)
    app(list(words))
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "pack", skeleton())
    return tmp_path / "pack"


def test_the_skeleton_passes_the_check_without_a_warning(tmp_path: Path) -> None:
    run("election", "new", str(tmp_path / "new"))
    assert "0 mistakes, 0 warnings" in run("election", "check", str(tmp_path / "new"))


def test_new_never_overwrites(folder: Path) -> None:
    (folder / "lines.csv").write_text("mine")
    with pytest.raises(Problem, match="already"):
        run("election", "new", str(folder))
    assert (folder / "lines.csv").read_text() == "mine"


def test_check_names_the_place_and_exits_with_1(folder: Path, capsys) -> None:
    text = (folder / "areas.csv").read_text().replace("south,city", "south,town")
    (folder / "areas.csv").write_text(text)
    out = io.StringIO()
    app = App(name="golos")
    election.register(app, Console(file=out, width=40))
    with pytest.raises(SystemExit) as ended:
        app(["election", "check", str(folder)])
    assert ended.value.code == 1
    assert "areas.csv:4:2: mistake: parent: 'town' is no area of this file" in out.getvalue()


def test_load_lists_the_mistakes(folder: Path) -> None:
    (folder / "options.csv").unlink()
    with pytest.raises(Problem, match=r"options\.csv: the file is missing"):
        load(folder)


def test_import_signs_stores_lists_and_is_idempotent(folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    office, file, mapping = Office(folder), tmp_path / "t.csv", tmp_path / "map.toml"
    file.write_text("id,a,b,area,total\nn-1,5,6,city,11\nnowhere,1,x,,\n")
    mapping.write_text(MAP)
    words = ("import", str(file), "--map", str(mapping), "--to", str(folder))
    assert "new" in run(*words, office=office)
    table, official = (decode(row.record, kind) for row, kind in zip(office.rows, (Table, Official), strict=True))
    assert office.blobs[table.rows] == b"area,first,second\nn-1,5,6\n"
    assert (table.file, table.mapping) == tuple(hashlib.sha256(f.read_bytes()).digest() for f in (file, mapping))
    assert (table.rejected, official.values, official.area) == (1, (("first", 11),), "city")
    assert all(verify(office.clerk.public, signing_input(row.record), row.record[-64:]) for row in office.rows)
    rejects = list(csv.reader((tmp_path / "t.csv.rejects.csv").open()))
    assert rejects == [["line", "column", "value", "reason"], ["3", "id", "nowhere", "is no station of the pack"]]

    assert "in the log already" in run(*words, office=office)
    assert len(office.rows) == 2

    file.write_text("id,a,b,area,total\nn-1,5,7,city,11\n")
    run(*words, office=office)
    assert len(office.rows) == 3
    assert office.blobs[decode(office.rows[2].record, Table).rows] == b"area,first,second\nn-1,5,7\n"
    assert (tmp_path / "t.csv.rejects.csv").read_text() == "line,column,value,reason\n"


def test_stations_replaces_only_when_asked(folder: Path, tmp_path: Path) -> None:
    file, mapping = tmp_path / "s.csv", tmp_path / "map.toml"
    file.write_text("id,name\n1,One\n")
    mapping.write_text(
        '[stations]\ncode = "id"\nnames = { en = "name" }\n[stations.nation]\ncode = "city"\nnames = { en = "City" }\n'
    )
    words = ("election", "stations", str(file), str(folder), "--map", str(mapping))
    with pytest.raises(Problem, match="already"):
        run(*words)
    assert "1 station." in run(*words, "--replace")
    assert (folder / "stations.csv").read_text() == "code,area,name_en\n1,city,One\n"
