"""One small demo, run once through the real doors; what it left is what these tests look at."""

import io
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from rich.console import Console
from tests.e2e.living import Living, found

from golos.count.compare import Comparison
from golos.count.log import Log
from golos.demo import run as demo
from golos.demo.road import Road
from golos.office import LocalOffice

sys.path.insert(0, str(Path(__file__).parents[1] / "verify"))  # its folder.py and tamper.py are used here

AGENT = "Recognisable-Telephone/7.3 (Voter; be-BY)"
ADDRESS = "127.0.0.77"
SIZE = demo.Size(stations=28, voters=300, photos=100, falsified=0.3, seed=271)


class TellTaleRoad(Road):
    """A road whose every request comes from an address of its own and says what is asking, as browsers do."""

    def _exchange(self, method, path, body, headers):
        if getattr(self._local, "connection", None) is None:
            self._local.connection = HTTPConnection(*self._address, timeout=30, source_address=(ADDRESS, 0))
        return super()._exchange(method, path, body, {**headers, "User-Agent": AGENT})


@dataclass(frozen=True)
class Whole:
    """The run, its log as the stewards' machine reads it, its console, and the seconds between which it ran."""

    ran: demo.Ran
    log: Log
    console: str
    began: float
    ended: float

    @property
    def folder(self) -> Path:
        return self.ran.folder

    @property
    def public(self) -> Path:
        return self.ran.public

    @property
    def comparison(self) -> Comparison:
        return self.ran.comparison

    @property
    def office(self) -> LocalOffice:
        return LocalOffice(self.folder)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    folder, said, began = tmp_path_factory.mktemp("demo"), io.StringIO(), time.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "Road", TellTaleRoad)
        ran = demo.run(folder, SIZE, Console(file=said, width=200))
    yield Whole(ran, LocalOffice(folder).log(), said.getvalue(), began, time.time())


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded election of four stations; tests copy it."""
    return found(tmp_path_factory.mktemp("founded") / "election")


@pytest.fixture
def living(founded: Path, tmp_path: Path) -> Iterator[Living]:
    """The founded election, to be started, killed and started again; it is stopped at the end."""
    living = Living.copy(founded, tmp_path / "election")
    yield living
    living.kill()
