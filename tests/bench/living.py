"""Living: a founded election with enrolled voters, their ballots ready to be sent, and a server to send them to."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from golos.ceremony.keys import REISSUE, KeyFolder, Plan
from golos.credential.blindrsa import PrivateKey, blind_sign
from golos.credential.keys import keys_of
from golos.credential.submission import Submission
from golos.credential.voter import Voter
from golos.demo import election
from golos.demo.nation import OPTIONS, make
from golos.demo.run import HOST, start_server, wait_for_doors
from golos.model.pack import Cohort
from golos.office import LocalOffice, LocalOffices

_STATIONS = 20


class Living:
    """An election of twenty stations with a checkpoint every second, in ``folder``."""

    def __init__(self, folder: Path, ballots: int) -> None:
        self.folder = folder
        self._ballots = ballots
        self.port = _free_port()
        election.write_pack(make(_STATIONS, 2_000, 0, 1), folder / "pack", k=1, every=1)
        found(folder)
        (folder / "golos.toml").write_text(f'[web]\nhost = "{HOST}"\nport = {self.port}\n')

    @property
    def office(self) -> LocalOffice:
        """The election as it is now."""
        return LocalOffice(self.folder)

    @cached_property
    def keys(self) -> KeyFolder:
        """All private keys."""
        return KeyFolder(self.folder / "keys")

    @cached_property
    def cohort(self) -> tuple[Cohort, PrivateKey]:
        """The first cohort and its key."""
        cohorts = keys_of(self.office.pack).cohorts
        return next((c, key) for c, key in self.keys.issuer(cohorts) if c.name != REISSUE)

    @cached_property
    def submissions(self) -> list[Submission]:
        """One ballot each of so many voters, whose tokens were issued without the gate."""
        pack, (cohort, key) = self.office.pack, self.cohort
        stations, made = list(pack.stations), []
        for number in range(self._ballots):
            voter = Voter(pack)
            voter.enrolled(blind_sign(key, voter.enrol(cohort)[3:]))
            choices = (("president", (OPTIONS[number % len(OPTIONS)],)),)
            made.append(voter.ballot(stations[number % len(stations)], choices, 1))
        return made

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run `golos serve` as a process of its own."""
        with (self.folder / "server.log").open("ab") as log:
            process = start_server(self.folder, log.fileno())
        try:
            wait_for_doors(process, self.port)
            yield process
        finally:
            process.terminate()
            process.wait(30)


def found(folder: Path) -> None:
    """Found the election whose pack is in ``folder/pack``."""
    monday = date.today() - timedelta(days=date.today().weekday())
    LocalOffices().found(folder, Plan("golos.invalid/bench", 3, 2, monday, 1))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
