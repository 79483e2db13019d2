"""Elections for the tests of forensics: published ones by their mappings, and small ones made by hand."""

from functools import cache
from pathlib import Path

import pytest

from golos.intake.returns import parse_returns_map, read_returns

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
MAPS = ROOT / "examples" / "forensics"
FILES = {
    "ru2011": "russia/ru2011.parquet",
    "ru2018": "russia/ru2018.parquet",
    "ru2021": "russia/ru2021.parquet",
    "pl2020": "poland-2020/pl2020_r1.parquet",
}


@cache
def published_returns(name):
    mapping = MAPS / f"{name}.toml"
    return read_returns(SHARED / FILES[name], parse_returns_map(mapping.read_bytes(), mapping.name))


@pytest.fixture(scope="session")
def published():
    """Return a function from the name of an election to its returns."""

    def of(name):
        if not (SHARED / FILES[name]).exists():
            pytest.skip(f"the published table {FILES[name]} is not beside the project")
        return published_returns(name)

    return of
