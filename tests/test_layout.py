"""The shape that the project keeps: small files, one noun each, and a map on which every folder is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "golos"
FILES = sorted(SOURCE.rglob("*.py"))


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_four_hundred_lines():
    assert len(FILES) > 50
    assert [f"{path.relative_to(ROOT)}: {lines(path)}" for path in FILES if lines(path) > 400] == []


def test_the_composition_root_stays_readable():
    assert lines(SOURCE / "app.py") <= 150


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "helper", "manager", "common", "misc"])
def test_modules_are_named_after_what_they_hold(name):
    assert [path for path in FILES if name in (path.stem, path.parent.name)] == []


def test_every_package_is_on_the_map():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = {path.parent.relative_to(SOURCE) for path in FILES if path.name == "__init__.py"} - {Path()}
    assert len(packages) > 8
    missing = [str(p) for p in sorted(packages) if not re.search(rf"\b{re.escape(p.parts[-1])}\b", text)]
    assert missing == []


def test_nothing_but_the_composition_root_knows_a_store():
    """import-linter says the same; this says it where the linter is not run."""
    knows = {
        path.relative_to(SOURCE).as_posix() for path in FILES if "golos.stores" in path.read_text(encoding="utf-8")
    }
    assert {name for name in knows if not name.startswith("stores/")} == {"app.py"}


def test_tests_have_names_of_their_own():
    """Two test files of one name can't be collected in one run."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
