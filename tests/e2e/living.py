"""Living: a small election of this machine, with the server as a process of its own that a test may kill."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from golos.ceremony.keys import REISSUE, KeyFolder, Plan
from golos.credential.blindrsa import blind_sign
from golos.credential.keys import keys_of
from golos.credential.voter import Voter
from golos.demo import election
from golos.demo.nation import make
from golos.demo.road import Road
from golos.demo.run import HOST, start_server, wait_for_doors
from golos.model.pack import Organisation
from golos.office import LocalOffice, LocalOffices

CONTEST = "president"


def found(
    folder: Path,
    witnesses: tuple[str, ...] = (),
    quorum: int = 0,
    extra: str = "",
    organisations: tuple[Organisation, ...] = (),
    complete: Callable[[Path], object] = lambda pack: None,
) -> Path:
    """Found an election with a checkpoint every second.

    ``extra`` is appended to golos.toml; ``complete`` may add to the pack's folder before the election is founded.
    """
    election.write_pack(make(4, 200, 0, 1), folder / "pack", 2, 1)
    complete(folder / "pack")
    (folder / "golos.toml").write_text(f'[web]\nhost = "{HOST}"\nport = {_free_port()}\n{extra}')
    monday = date.today() - timedelta(days=date.today().weekday())
    LocalOffices().found(folder, Plan("golos.invalid/e2e", 3, 2, monday, 1, witnesses, quorum, organisations))
    return folder


class Living:
    """An election's folder and, while it runs, its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = int((folder / "golos.toml").read_text().partition("port = ")[2].split()[0])
        self.road = Road(HOST, self.port)
        self.process: subprocess.Popen[bytes] | None = None
        self.pack = self.office.pack

    @classmethod
    def copy(cls, founded: Path, folder: Path) -> "Living":
        shutil.copytree(founded, folder)
        text = (folder / "golos.toml").read_text()
        port = text.partition("port = ")[2].split()[0]
        (folder / "golos.toml").write_text(text.replace(f"port = {port}", f"port = {_free_port()}"))
        return cls(folder)

    @property
    def office(self) -> LocalOffice:
        return LocalOffice(self.folder)

    @property
    def said(self) -> str:
        """What the servers have said so far."""
        return (self.folder / "server.log").read_text()

    def start(self) -> None:
        """Start the server; its doors are open when this returns."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = start_server(self.folder, log.fileno())
        wait_for_doors(self.process, self.port)

    def stop(self) -> None:
        """Ask the server to end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the server and all it started, wherever it is."""
        self._end(signal.SIGKILL)

    def _end(self, how: int) -> None:
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, how)
            self.process.wait(30)
        self.process = None

    def voters(self, count: int) -> list[Voter]:
        """Return voters with tokens of the first cohort, issued without the gate."""
        keys = KeyFolder(self.folder / "keys")
        cohort, key = next((c, k) for c, k in keys.issuer(keys_of(self.pack).cohorts) if c.name != REISSUE)
        voters = [Voter(self.pack) for _ in range(count)]
        for voter in voters:
            voter.enrolled(blind_sign(key, voter.enrol(cohort)[3:]))
        return voters

    @property
    def station(self) -> str:
        return next(iter(self.pack.stations))


def golos(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command as people do."""
    command = [sys.executable, "-m", "golos", *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, cwd=cwd)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
