"""The commands of the documents: every `sh` block of each runs, in order, in an empty folder, as for a reader."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
WALK = "operations.md"


def documents():
    """Return every document of the project that has `sh` blocks."""
    texts = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md"), *ROOT.glob("web/*.md")]
    return [path for path in sorted(texts) if BLOCK.search(path.read_text(encoding="utf-8"))]


def blocks(path):
    return BLOCK.findall(path.read_text(encoding="utf-8"))


def commands(block):
    """Leave out what would install or start all over again: `make` calls this test, not this test `make`."""
    return "".join(line for line in block.splitlines(keepends=True) if not re.match(r"(git clone|cd|make)\b", line))


def environment(folder):
    """Return the environment of a reader: the project's programs first, a home of its own, no colours."""
    programs = folder / "programs"
    programs.mkdir()
    for name in ("python", "python3"):
        (programs / name).symlink_to(sys.executable)
    path = os.pathsep.join([str(Path(sys.executable).parent), str(programs), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "GOLOS": str(ROOT), "HOME": str(folder), "NO_COLOR": "1"}


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
@pytest.mark.xdist_group("e2e")
def test_the_commands_of_a_document_run(path, tmp_path):
    here, env = tmp_path / "empty", environment(tmp_path)
    here.mkdir()
    for block in blocks(path):
        script = commands(block)
        shell = ["/bin/sh", "-eu", "-c", script]
        done = subprocess.run(shell, cwd=here, env=env, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, f"{path.name}:\n{script}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    if path.name == WALK:
        assert (here / "drill/public/index.html").is_file()
        assert "x-9" in (here / "results.csv.rejects.csv").read_text()


def test_the_walk_through_an_election_is_run():
    walked = [path for path in documents() if path.name == WALK]
    assert walked and sum(map(len, blocks(walked[0]))) > 500


def test_only_make_and_fetching_the_project_are_left_out():
    assert commands("git clone x\ncd golos\nmake demo\ngolos count x\n") == "golos count x\n"
