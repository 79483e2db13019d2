"""One replay of one station in a hundred, killed and interrupted on the way; tests look at what it left."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from golos.model.record import kind_of
from golos.office import LocalOffice
from golos.ports import Positions

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "belarus-2020"
SHARE = "0.01"
STATIONS, BALLOTS, PHOTOGRAPHS = 58, 12_193, 7_187


@dataclass(frozen=True)
class Whole:
    """The replay's folder, how each of its runs ended, and what the last one said."""

    folder: Path
    ends: list[int]
    said: str


class Run:
    """`golos replay` as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "golos", "replay", DATA, "--share", SHARE, "--directory", folder]
        self._process = subprocess.Popen(
            [*map(str, command), "--no-site", "--workers", "2"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "COLUMNS": "200"},
            preexec_fn=_interruptible,
        )

    def stop(self, how: signal.Signals, when: Callable[[], bool]) -> int:
        """Send a signal once ``when`` holds; return how the process ended."""
        while not when() and self._process.poll() is None:
            time.sleep(0.02)
        self._process.send_signal(how)
        self.end()
        return self._process.returncode

    def end(self) -> str:
        """Wait for the end; return what was said."""
        said, _ = self._process.communicate(timeout=1800)
        return said

    @property
    def status(self) -> int:
        return self._process.returncode


@pytest.fixture(scope="session")
def table() -> list[dict[str, str]]:
    """The published table, row by row."""
    if not DATA.is_dir():
        pytest.skip("../shared/data/belarus-2020 is not there")
    with (DATA / "stations.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, table: list[dict[str, str]]) -> Iterator[Whole]:
    """Killed while voters register, interrupted while readers read, then run to the end."""
    folder = tmp_path_factory.mktemp("replay")
    sent = folder / "outbox" / "sent.txt"
    sealed = [Run(folder).stop(signal.SIGKILL, lambda: sent.exists() and len(sent.read_text().split()) >= 3)]
    sealed.append(Run(folder).stop(signal.SIGINT, _reading(folder)))
    last = Run(folder)
    said = last.end()
    yield Whole(folder, [*sealed, last.status], said)


def _interruptible() -> None:
    """Tests started in the background by a script ignore Ctrl-C, and so would what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _reading(folder: Path) -> Callable[[], bool]:
    """Return what says whether readers have begun; each time it looks at what came since."""
    seen = verdicts = 0

    def begun() -> bool:
        nonlocal seen, verdicts
        time.sleep(0.2)
        journal = LocalOffice(folder / "election").journal
        size = journal.head().size
        verdicts += sum(kind_of(row.record) == "verdict" for row in journal.read(Positions(seen, size)))
        seen = size
        return verdicts > 50

    return begun


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these on one worker: the replay runs once. -m "not slow" leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("replay"))
            if "whole" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.slow)
