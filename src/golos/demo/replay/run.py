"""Run: the replay from wherever it was left to the report. What is done is asked of the log and the outbox."""

import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from golos.ceremony.freeze import freeze, sign_jointly
from golos.ceremony.opening import open_ballots
from golos.ceremony.shares import restore
from golos.credential.keys import keys_of
from golos.credential.sealing import SealingKey
from golos.demo.replay.crew import Crew
from golos.demo.replay.founding import found, mappings
from golos.demo.replay.outbox import Outbox
from golos.demo.replay.plan import GO_ON, Plan
from golos.demo.replay.report import Report, report
from golos.demo.replay.server import server
from golos.demo.replay.worker import Step
from golos.doors.cli.results import publish_election, verifier
from golos.model.problem import Problem
from golos.model.record import kind_of
from golos.office import LocalOffice
from golos.ports import Journal, Positions, Waiting

_CHUNK = 4096
_PATIENCE = 600.0
"""Seconds without anything new in the log, or any verdict, after which the run is given up."""
_WORDS = {
    Step.ENROLLED: "voters register: code, blind signature",
    Step.SENT: "sealed ballots are sent",
    Step.PHOTOGRAPHED: "stand-ins for photographs are sent",
    Step.READ: "programs stand in for two readers each",
}


@dataclass(slots=True)
class Pace:
    """How many of a thing this run did, in how many seconds."""

    done: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Ran:
    """The report and the entries of the log; of this run alone the processor's seconds and each part's pace by name."""

    report: Report
    entries: int
    processor: float
    paces: dict[str, Pace] = field(default_factory=dict)


class Replay:
    """One run of a plan over its ``sample``. Raises Problem ``replay.share``, ``replay.table``."""

    def __init__(self, plan: Plan, workers: int, pages: bool, console: Console) -> None:
        self._plan, self._workers, self._pages = plan, workers, pages
        self.sample = plan.sample()
        self._paces: dict[str, Pace] = {}
        self._bars = Progress(
            TextColumn("{task.description:<39}"),
            BarColumn(14),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            console=console,
            refresh_per_second=2,
        )

    def run(self) -> Ran:
        """Do what is left to do, count, publish, verify, and report."""
        plan = self._plan
        plan.outbox.mkdir(parents=True, exist_ok=True)
        plan.write()
        with plan.locked() as lock, self._bars:
            with self._part("the election of the published table"):
                found(plan)
            if not _kinds(LocalOffice(plan.election).journal)["opening"]:
                with server(plan, lock):
                    self._hold(LocalOffice(plan.election), lock)
            return self._count(LocalOffice(plan.election))

    def _hold(self, office: LocalOffice, lock: int) -> None:
        """Hold the election from where it stands up to its opening; ``office`` knows the server's doors."""
        _settle(office.journal)
        if not _kinds(office.journal)["freeze"]:
            with Crew(self._plan, self.sample, self._workers, lock) as crew:
                self._send(crew)
                self._read(crew, office.journal)
            with self._part("the cut-off"):
                office.write([freeze(office.pack, office.head(), office.keys.stewards())])
        with self._part("protocols and announcements are imported"):
            self._import()
        with self._part("the stewards open the ballots"):
            self._open(office)

    def _send(self, crew: Crew) -> None:
        """Have the voters of all stations send that are not through yet."""
        through = Outbox(self._plan.outbox).finished()
        left = [station for station in self.sample.chosen if station.code not in through]
        photographs = sum(sum(station.photographed.values()) for station in left)
        ballots, all_photographs = self.sample.size, self.sample.photographs
        size = sum(station.size for station in left)
        with (
            self._steps(Step.ENROLLED, ballots, ballots - size) as enrolled,
            self._steps(Step.SENT, ballots, ballots - size) as sent,
            self._steps(Step.PHOTOGRAPHED, all_photographs, all_photographs - photographs) as photographed,
        ):
            steps = {Step.ENROLLED: enrolled, Step.SENT: sent, Step.PHOTOGRAPHED: photographed}
            crew.work((f"send {station.code}" for station in left), lambda step: steps[step]())

    def _read(self, crew: Crew, journal: Journal) -> None:
        """Have every photograph read twice. Raises Problem ``replay.stuck``."""
        _settle(journal)
        wanted, done = 2 * self.sample.photographs, _kinds(journal)["verdict"]
        readers = range(len(self._plan.readers()))
        with self._steps(Step.READ, wanted, done) as step:
            last = time.monotonic()
            while done < wanted:
                tasks = [" ".join(["read", *map(str, readers[n :: self._workers])]) for n in range(self._workers)]
                given = crew.work(tasks, lambda _: step())
                done += given
                if given:
                    last = time.monotonic()
                elif time.monotonic() - last > _PATIENCE:
                    raise _stuck(f"has nothing more to be read, though {wanted - done:,} verdicts are missing.")
                else:
                    time.sleep(0.5)
        _settle(journal)

    def _import(self) -> None:
        """Import what the log lacks; the command sees to that."""
        for file, mapping in mappings(self._plan):
            rejects = self._plan.folder / f"{file.stem}.rejects.csv"
            _golos("import", file, "--map", mapping, "--to", self._plan.election, "--rejects", rejects)

    def _open(self, office: LocalOffice) -> None:
        stewards = office.keys.stewards()
        key = SealingKey(restore(office.keys.shares()[: keys_of(office.pack).threshold]))
        opened = open_ballots(office.log(), office.sealed, key)
        office.write([sign_jointly(office.pack, opened.draft, stewards)], [opened.blob])

    def _count(self, office: LocalOffice) -> Ran:
        with self._part("count, compare, publish"):
            comparison, _ = publish_election(office, self._plan.public, pages=self._pages)
        with self._part("the independent program verifies it"):
            verified = self._verified(office.pack.id)
        return Ran(report(comparison, self.sample, verified), comparison.count.size, _processor(), self._paces)

    def _verified(self, election: bytes) -> bool:
        command = [sys.executable, verifier(), str(self._plan.public), "--election", election.hex()]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        (self._plan.folder / "verification.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
        return done.returncode == 0

    @contextmanager
    def _part(self, name: str) -> Iterator[None]:
        """Show a bar of one step while the block runs, and keep the time."""
        task, began = self._bars.add_task(name, total=1), time.monotonic()
        yield
        self._bars.advance(task)
        self._paces[name] = Pace(1, time.monotonic() - began)

    @contextmanager
    def _steps(self, step: Step, total: int, done: int) -> Iterator[Callable[[], None]]:
        """Show a bar while the block runs, and give it what to call at each step; ``done`` were done before."""
        task, began = self._bars.add_task(_WORDS[step], total=total, completed=done), time.monotonic()
        yield lambda: self._bars.advance(task)
        self._bars.update(task, completed=total)
        self._paces[step] = Pace(total - done, time.monotonic() - began)


def _settle(journal: Journal) -> None:
    """Return when all that is accepted is in the log: at a tick of the server. Raises Problem ``replay.stuck``."""
    size, last = journal.head().size, time.monotonic()
    while journal.read(Waiting(1)):
        time.sleep(0.2)
        if (now := journal.head().size) > size:
            size, last = now, time.monotonic()
        elif time.monotonic() - last > _PATIENCE:
            raise _stuck("has had no new checkpoint in time.")


def _stuck(why: str) -> Problem:
    return Problem("replay.stuck", "server", why, f"See server.log. {GO_ON}")


def _kinds(journal: Journal) -> Counter[str]:
    """Return how many records of each kind the log holds."""
    starts = range(0, journal.head().size, _CHUNK)
    return Counter(kind_of(row.record) for at in starts for row in journal.read(Positions(at, at + _CHUNK)))


def _processor() -> float:
    """Return the processor's seconds of this process and of all those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _golos(*arguments: object) -> None:
    """Run a command of golos as a process of its own; raises Problem ``replay.command`` with what it said."""
    command = [sys.executable, "-m", "golos", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Problem("replay.command", f"golos {arguments[0]}", f"has failed: {done.stderr.strip()}", GO_ON)
