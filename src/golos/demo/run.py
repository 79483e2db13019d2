"""Run: the whole way, from an invented nation to a verified publication, through the real doors."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from golos.ceremony.founding import grant
from golos.ceremony.freeze import freeze, sign_jointly
from golos.ceremony.keys import REISSUE, Plan
from golos.ceremony.opening import open_ballots
from golos.ceremony.shares import restore
from golos.count.compare import Comparison
from golos.count.pictures import Picture
from golos.credential.keys import keys_of
from golos.credential.sealing import SealingKey
from golos.demo import election
from golos.demo.crowd import Crowd, Inbox
from golos.demo.fate import fates
from golos.demo.nation import Nation, make
from golos.demo.picture import Printer
from golos.demo.readers import Onlooker, Reader, read_all
from golos.demo.road import Road
from golos.demo.voters import Photo, Voter, copied, enlist
from golos.doors.cli.results import publish_election, verifier
from golos.model.ed25519 import SigningKey
from golos.office import LocalOffice, LocalOffices

HOST = "127.0.0.1"
READERS = 4
_K, _EVERY = 5, 1
_QUIET, _PATIENCE = 2, 60
"""Rounds of readers without work, a second apart, after which there is none: when every picture has been read twice,
and before that, for the machine looks at each first.
"""
_TOML = """[web]
host = "{host}"
port = {port}

[enrolment]
channel = "drill"
socket = "{socket}"
codes_per_hour = 1000000
"""


@dataclass(frozen=True)
class Size:
    """How large the nation is; ``falsified`` is a share of the stations."""

    stations: int = 200
    voters: int = 20_000
    photos: int = 1_500
    falsified: float = 0.3
    seed: int = 2020


@dataclass(slots=True)
class Ran:
    """What a run leaves: where the election and its publication lie, and what to hold against the truth."""

    folder: Path
    public: Path
    port: int
    nation: Nation
    voters: list[Voter]
    crowd: Crowd
    comparison: Comparison
    pictures: Mapping[bytes, Picture]
    receipts: tuple[int, int]
    verified: bool


class Stage:
    """Progress bars on the console, one per part of the way."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<39}"),
            BarColumn(14),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            refresh_per_second=4,
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bars while the block runs."""
        with self._progress:
            yield

    @contextmanager
    def part(self, name: str, total: int = 1) -> Iterator[Callable[[], None]]:
        """Give the block a function to call after each of about ``total`` steps; a block without calls is one step."""
        task = self._progress.add_task(name, total=total)
        yield lambda: self._progress.advance(task)
        done = next(t.completed for t in self._progress.tasks if t.id == task) or 1
        self._progress.update(task, completed=done, total=done)


def run(folder: Path, size: Size, console: Console) -> Ran:
    """Run everything in ``folder``, which is empty; the server is stopped at the end."""
    stage = Stage(console)
    with stage.shown():
        with stage.part("a nation, its election pack, its keys"):
            nation = make(size.stations, size.voters * 2, size.falsified, size.seed)
            voters = enlist(nation, size.voters, size.photos, size.seed)
            port, inbox, printer = _found(folder, nation)
        with _server(folder, port):
            office, road = LocalOffice(folder), Road(HOST, port)
            cohort = next(c for c in keys_of(office.pack).cohorts if c.name != REISSUE)
            crowd = Crowd(office.pack, cohort, road, inbox, printer, size.seed)
            _send(stage, office, crowd, voters, size.seed, road)
            receipts = _check_receipts(stage, crowd)
            _close(stage, office, crowd, [v for v in voters if v.late], folder, nation)
        office = LocalOffice(folder)
        with stage.part("count, compare, publish"):
            comparison, _ = publish_election(office, folder / "public")
        with stage.part("the independent program verifies it"):
            verified = _verified(folder, office.pack.id)
    pictures = fates(office.log())
    return Ran(folder, folder / "public", port, nation, voters, crowd, comparison, pictures, receipts, verified)


def _found(folder: Path, nation: Nation) -> tuple[int, Inbox, Printer]:
    election.write_pack(nation, folder / "pack", _K, _EVERY)
    printer = election.print_ballots(folder / "pack")
    port, place = _free_port(), Path("drill.sock")
    monday = date.today() - timedelta(days=date.today().weekday())
    LocalOffices().found(folder, Plan("golos.invalid/demo", 3, 2, monday, 2))
    (folder / "golos.toml").write_text(_TOML.format(host=HOST, port=port, socket=place), encoding="utf-8")
    return port, Inbox(folder / place), printer


def _send(stage: Stage, office: LocalOffice, crowd: Crowd, voters: list[Voter], seed: int, road: Road) -> None:
    on_time = [voter for voter in voters if not voter.late]
    photographs = [voter for voter in voters if voter.photo is not Photo.NONE]
    readers = [SigningKey.generate() for _ in range(READERS)]
    office.write([grant(office.pack, office.keys.stewards(), "reader", key.public) for key in readers])
    with stage.part("voters register: code, blind signature", len(voters)) as step:
        crowd.register(voters, step)
    with stage.part("marked ballots are drawn and photographed", len(photographs)) as step:
        crowd.draw(photographs, {c.number: o.number for c, o in copied(voters)}, step)
    with stage.part("sealed ballots and photographs are sent", len(on_time)) as step:
        crowd.vote(on_time, step)
    with stage.part("a machine reads; programs stand in for people", 2 * len(crowd.sent.shown)) as step:
        crowd.wait_for_checkpoint()
        shown = crowd.sent.shown
        _read([Onlooker(office.pack.id, key, road, seed + n, shown) for n, key in enumerate(readers)], shown, step)


def _read(readers: Sequence[Reader], pictures: Collection[bytes], step: Callable[[], None]) -> None:
    """Read until nothing new comes: photographs in the log are given out once the reading room has looked at them."""
    quiet = done = 0
    while quiet < (_QUIET if done >= 2 * len(pictures) else _PATIENCE):
        now = read_all(readers, step)
        done, quiet = done + now, 0 if now else quiet + 1
        if quiet:
            time.sleep(1)


def _check_receipts(stage: Stage, crowd: Crowd) -> tuple[int, int]:
    with stage.part("one in ten checks the receipt", crowd.asking(0.1)) as step:
        return crowd.receipts(0.1, step)


def _close(stage: Stage, office: LocalOffice, crowd: Crowd, late: list[Voter], folder: Path, nation: Nation) -> None:
    """The cut-off, the authority's results, the opening. Half of the late ones send between checkpoint and freeze."""
    with stage.part("the cut-off; some send after it", len(late)) as step:
        head, stewards = office.head(), office.keys.stewards()
        crowd.vote(late[::2], step)
        office.write([freeze(office.pack, head, stewards)])
        crowd.vote(late[1::2], step)
    with stage.part("the results are announced and imported"):
        results = folder / "results.csv"
        mapping = election.write_results(nation, results)
        _golos("import", results, "--map", mapping, "--to", folder, "--rejects", folder / "rejects.csv")
    with stage.part("the stewards open the ballots"):
        shares = office.keys.shares()[: keys_of(office.pack).threshold]
        opened = open_ballots(office.log(), office.sealed, SealingKey(restore(shares)))
        office.write([sign_jointly(office.pack, opened.draft, stewards)], [opened.blob])


@contextmanager
def _server(folder: Path, port: int) -> Iterator[None]:
    """Run `golos serve` as a process of its own; its output goes to server.log in ``folder``."""
    with (folder / "server.log").open("wb") as log:
        process = start_server(folder, log.fileno())
        try:
            wait_for_doors(process, port)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def start_server(folder: Path, log: int) -> subprocess.Popen[bytes]:
    """Start `golos serve`."""
    command = [sys.executable, "-m", "golos", "serve", str(folder)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def wait_for_doors(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server answers; raises RuntimeError if it ends or stays silent for half a minute."""
    for _ in range(300):
        if process.poll() is not None:
            break
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("the server did not start; see server.log")


def _golos(*arguments: object) -> None:
    """Run a command of golos as a process of its own; raises RuntimeError with what it said if it fails."""
    done = subprocess.run([sys.executable, "-m", "golos", *map(str, arguments)], check=False, capture_output=True)
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr).decode())


def _verified(folder: Path, pack_id: bytes) -> bool:
    command = [sys.executable, verifier(), str(folder / "public"), "--election", pack_id.hex()]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    (folder / "verification.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return done.returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
