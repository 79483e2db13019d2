"""The notebook goes from the published Parquet files to each headline number; its cells run here as they stand."""

import contextlib
import io
import json
from pathlib import Path

import pytest
from tests.publish.conftest import published
from tests.publish.nation import nation

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebook" / "headlines.ipynb"


def cells():
    return json.loads(NOTEBOOK.read_text("utf-8"))["cells"]


def executed(folder, monkeypatch):
    """Run the code cells in order in one fresh namespace, as a kernel would; return what they print."""
    monkeypatch.setenv("GOLOS_FOLDER", str(folder))
    space, said = {"__name__": "__main__"}, io.StringIO()
    with contextlib.redirect_stdout(said):
        for cell in cells():
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
    return said.getvalue()


def test_it_comes_to_what_the_site_says(tmp_path, monkeypatch):
    said = executed(published(tmp_path / "public", nation()).out, monkeypatch)
    assert "proven stations: 1\n" in said and "votes missing there, at the least: 120\n" in said
    assert "100 fakes leave (stations, votes): (1, 20)\n" in said and "missing in the nation:" in said


def test_it_fails_where_the_site_says_something_else(tmp_path, monkeypatch):
    out = published(tmp_path / "public", nation()).out
    told = json.loads((out / "data/summary.json").read_text())
    told["contests"]["president"]["sources"]["photos"]["c1"]["votes"] += 1
    (out / "data/summary.json").unlink()
    (out / "data/summary.json").write_text(json.dumps(told))
    with pytest.raises(AssertionError, match="the site says 121"):
        executed(out, monkeypatch)


def test_it_is_kept_without_outputs_and_needs_no_part_of_golos():
    for cell in cells():
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            assert "golos" not in "".join(cell["source"]).replace("GOLOS_FOLDER", "")
