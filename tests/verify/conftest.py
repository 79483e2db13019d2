"""The verifier as a module, and one published folder that every test copies."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # folder.py and tamper.py lie beside the tests

from folder import Election, tiny

PROGRAM = Path(__file__).parents[2] / "verify" / "golos_verify.py"


@pytest.fixture(scope="session")
def verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golos_verify", PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["golos_verify"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def election() -> Election:
    return tiny()


@pytest.fixture(scope="session")
def published(election: Election, verifier: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return election.publish(tmp_path_factory.mktemp("published") / "site", verifier)


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    return shutil.copytree(published, tmp_path / "copy")


@pytest.fixture
def wrong(verifier: ModuleType, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the program on a folder that is not right, and return its one line."""

    def run(folder: Path, *arguments: str) -> str:
        capsys.readouterr()
        status = verifier.main([str(folder), *arguments])
        out, err = capsys.readouterr()
        assert status == 1 and out.startswith("WRONG: ") and out.count("\n") == 1 and not err, (status, out, err)
        return out.removeprefix("WRONG: ").rstrip("\n")

    return run
