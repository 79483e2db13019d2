from pathlib import Path

import pytest
from tests.e2e.living import Living, found


@pytest.fixture(scope="session")
def founded(tmp_path_factory) -> Path:
    """A founded election; tests copy it."""
    return found(tmp_path_factory.mktemp("founded") / "election")


@pytest.fixture
def living(founded, tmp_path):
    """A real server over a copy; it is stopped at the end."""
    living = Living.copy(founded, tmp_path / "election")
    yield living
    living.kill()
