"""Any country's table: a result or a clear refusal, never a crash; and the command itself."""

import gzip
import io
import json
import xml.etree.ElementTree as ET

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from golos.__main__ import create
from golos.count.forensics.plots import plots
from golos.count.forensics.study import METHODS, study
from golos.intake.returns import parse_returns_map, read_returns
from golos.model.problem import Problem

COLUMNS = ("registered", "issued", "counted", "valid", "invalid", "region", "commission")
GRADES = {"strong", "suspicious", "can't tell", "no data"}
CARRIED = {"grade", "reason", "method", "citations", "assumptions", "confounds", "rows", "seed", "input"}
cell = st.one_of(st.integers(0, 3000).map(str), st.sampled_from(["", "-", "x", "-5", "0", "1000000000", "99999999999"]))


def mapping(columns=COLUMNS, options=("ann", "bob"), extra="", handwritten=True):
    lines = ['title = "t"', f'leader = "{options[0]}"', f"handwritten = {str(handwritten).lower()}", extra, "[columns]"]
    lines += [f'{c} = "{c}"' for c in columns] + ["[options]"] + [f'{o} = "{o}"' for o in options]
    return parse_returns_map("\n".join(lines).encode())


def table(tmp_path, rows, columns, name="t.csv"):
    path = tmp_path / name
    path.write_text("\n".join(",".join(r) for r in [columns, *rows]) + "\n", encoding="utf-8")
    return path


@given(
    columns=st.sets(st.sampled_from(COLUMNS)).map(sorted),
    options=st.sampled_from([("ann",), ("ann", "bob"), ("ann", "bob", "cyn")]),
    data=st.data(),
)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_tables_give_a_result_of_each_method_and_every_plot(tmp_path, columns, options, data):
    header = [*columns, *options]
    rows = data.draw(st.lists(st.lists(cell, min_size=len(header), max_size=len(header)), min_size=1, max_size=12))
    returns = read_returns(table(tmp_path, rows, header), mapping(columns, options))
    results = study(returns)
    assert set(results) == set(METHODS)
    for result in results.values():
        told = json.loads(msgspec.json.encode(result.told()))
        assert set(told) >= CARRIED and told["grade"] in GRADES
        assert told["rows"]["used"] + sum(told["rows"]["excluded"].values()) == returns.stations
    for *_, svg in plots(returns, returns):
        ET.fromstring(svg)


def test_a_referendum_of_two_options_with_nothing_but_votes(tmp_path):
    returns = read_returns(table(tmp_path, [["60", "40"], ["10", "90"]], ["ann", "bob"]), mapping(()))
    results = study(returns)
    assert results["integer_anomaly"].grade == "no data"
    assert returns.valid.tolist() == returns.counted.tolist() == [100, 100]


def test_stations_without_voters_are_left_out_and_counted(tmp_path):
    rows = [["0", "0", "0", "0"], ["1000", "500", "300", "200"]]
    returns = read_returns(
        table(tmp_path, rows, ["registered", "issued", "ann", "bob"]), mapping(("registered", "issued"))
    )
    told = study(returns)["integer_anomaly"]
    assert told.rows.used == 1 and told.rows.excluded == {"no ballots": 1}


@pytest.mark.parametrize(("encoding", "delimiter", "packed"), [("cp1251", ";", False), ("utf-8", "\t", True)])
def test_other_delimiters_encodings_and_gzip(tmp_path, encoding, delimiter, packed):
    text = delimiter.join(["registered", "ann", "регион"]) + "\n" + delimiter.join(["1 000", "7", "Минск"]) + "\n"
    path = tmp_path / ("t.csv.gz" if packed else "t.csv")
    path.write_bytes(gzip.compress(text.encode(encoding)) if packed else text.encode(encoding))
    sign = "\\t" if delimiter == "\t" else delimiter
    toml = f'title="t"\nleader="ann"\n[file]\nencoding="{encoding}"\ndelimiter="{sign}"\nthousands=" "\n'
    toml += '[columns]\nregistered="registered"\nregion="регион"\n[options]\nann="ann"\n'
    returns = read_returns(path, parse_returns_map(toml.encode()))
    assert returns.registered.tolist() == [1000] and returns.regions.names == ("Минск",)


def test_a_sum_with_a_blank_part_is_no_number(tmp_path):
    toml = b'title="t"\nleader="ann"\n[columns]\nissued=["early","late"]\n[options]\nann="ann"\n'
    rows = [["1", "", "1"], ["1", "2", "1"]]
    returns = read_returns(table(tmp_path, rows, ["early", "late", "ann"]), parse_returns_map(toml))
    assert (returns.issued[0] < 0, returns.issued[1]) == (True, 3)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (b"", "title"),
        (b'title="t"\nleader="x"\n[options]\nann="a"\n', "leader"),
        (b'title="t"\nleader="ann"\n[options]\nann="a"\n[columns]\nvoters="v"\n', "unknown key"),
        (b'title="t"\nleader="ann"\n', "option"),
        (b"\xff", "UTF-8"),
    ],
)
def test_a_bad_mapping_is_refused_by_name(toml, said):
    with pytest.raises(Problem) as refused:
        parse_returns_map(toml)
    assert said in str(refused.value)


def test_bad_files_are_refused_by_name(tmp_path):
    good = mapping(("registered",), ("ann",))
    with pytest.raises(Problem, match="no column of the file"):
        read_returns(table(tmp_path, [["1"]], ["ann"]), good)
    with pytest.raises(Problem, match="no row"):
        read_returns(table(tmp_path, [], ["registered", "ann"]), good)
    with pytest.raises(Problem, match="no table that is read here"):
        read_returns(table(tmp_path, [], ["ann"], "t.xlsx"), good)
    with pytest.raises(Problem, match="no file"):
        read_returns(tmp_path / "none.csv", good)


def run(*arguments):
    create(Console(file=io.StringIO(), width=200))(
        [*map(str, arguments)], exit_on_error=False, result_action="return_value"
    )


def test_the_command_prints_one_object(tmp_path, capsys):
    path = table(tmp_path, [["1000", "500", "300", "200"]] * 3, ["registered", "issued", "ann", "bob"])
    toml = tmp_path / "m.toml"
    toml.write_text(
        'title="t"\nleader="ann"\n[columns]\nregistered="registered"\nissued="issued"\n[options]\nann="ann"\nbob="bob"\n'
    )
    run("forensics", path, "--map", toml, "--json")
    told = json.loads(capsys.readouterr().out)
    assert set(told["integer_anomaly"]["union"]) >= {"observed", "expected", "anomaly", "sd", "z"}
    assert told["integer_anomaly"]["union"]["observed"] == 3 and told["stations"] == 3
    with pytest.raises(Problem, match="clean election"):
        run("forensics", path, "--map", toml, "--out", tmp_path / "plots")
    run("forensics", path, "--map", toml, "--out", tmp_path / "plots", "--control", path, "--control-map", toml)
    assert len(list((tmp_path / "plots").glob("*.svg"))) == 6
