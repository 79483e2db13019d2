"""Indonesia 2019: two honest counts that differ by errors on both sides. Nothing here may be proven or strong."""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "indonesia-2019"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_differences_are_found_and_prove_nothing():
    if not DATA.is_dir():
        pytest.skip("the published table of Indonesia 2019 is not there (../shared/data/indonesia-2019)")
    command = [str(ROOT / "examples" / "indonesia-2019" / "run"), str(DATA), "--json"]
    found = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert (found["stations"], found["both"], found["equal"], found["different"]) == (813_336, 796_468, 789_880, 6_588)
    assert found["net"] == {"pas1": 154_629, "pas2": 125_541}
    assert {finding.split()[1] for finding in found["findings"]} == {"suspicious"}
    assert found["grades"]["proven"] == found["grades"]["strong"] == 0
