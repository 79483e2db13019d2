"""Worker: a process that plays voters and readers. Tasks come as lines, what was done goes out as lines.

    python -m golos.demo.replay.worker FOLDER NUMBER

FOLDER is the replay's. A task is ``send STATION`` or ``read READER READER...``. Each step done is the name of a
`Step`; ``done`` ends a task. The process ends at once when its input does: all it leaves is on disk.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue

from golos.ceremony.keys import REISSUE
from golos.config import read_config
from golos.credential.keys import keys_of
from golos.demo.crowd import Inbox
from golos.demo.readers import Reader, read_all
from golos.demo.replay.device import Device, shown
from golos.demo.replay.outbox import Outbox, Sealed
from golos.demo.replay.plan import Plan
from golos.demo.replay.table import CONTEST, Station, Vote, phone_of
from golos.demo.road import Road
from golos.intake.pack import load
from golos.model.ballot import Choices
from golos.model.entry import Status
from golos.model.record import digest

DONE = "done"
_THREADS = 8


class Step(StrEnum):
    """What a worker has done once."""

    ENROLLED = "enrolled"
    SENT = "sent"
    PHOTOGRAPHED = "photographed"
    READ = "read"


Report = Callable[[Step], None]


class Typist(Reader):
    """A reader who never errs: what stands in for a photograph says what it shows."""

    def _look(self, jpeg: bytes) -> tuple[Status, Choices]:
        return "ballot", ((CONTEST, (shown(jpeg),)),)


class Worker:
    """Voters and readers of one process, over one road."""

    def __init__(self, plan: Plan, number: int, report: Report) -> None:
        config = read_config(plan.election)
        self._plan, self._report = plan, report
        self._pack = load(config.pack)
        self._cohort = next(c for c in keys_of(self._pack).cohorts if c.name != REISSUE)
        self._road = Road(config.web.host, config.web.port)
        self._outbox = Outbox(plan.outbox)
        self._inbox = Inbox(plan.inbox(number))
        self._stations = {station.code: station for station in plan.sample().chosen}

    def perform(self, task: str) -> None:
        """Do one task. Raises Refused, OSError, TimeoutError."""
        kind, *names = task.split()
        if kind == "send":
            self._send(self._stations[names[0]])
        else:
            self._read([int(name) for name in names])

    def _send(self, station: Station) -> None:
        """Enrol the station's voters, seal their ballots, then send them; each half is taken up where it was left."""
        with ThreadPoolExecutor(_THREADS) as pool:
            ballots = self._outbox.kept(station.code)
            if ballots is None:
                ballots = list(pool.map(self._enrol, station.votes()))
                self._outbox.keep(station.code, ballots)
            for _ in pool.map(self._hand_over, ballots):
                pass
        self._outbox.finish(station.code)

    def _enrol(self, vote: Vote) -> Sealed:
        device, phone = Device(self._pack, self._cohort, self._plan.seed, vote), phone_of(vote.number)
        self._road.send_code(phone)
        sealed = device.vote(self._road.token(phone, self._inbox.code(phone), device.request()))
        self._report(Step.ENROLLED)
        return sealed

    def _hand_over(self, sealed: Sealed) -> None:
        self._road.envelope(sealed.envelope)
        self._report(Step.SENT)
        if sealed.photo:
            self._road.photo(sealed.photo, digest(sealed.photo))
            self._report(Step.PHOTOGRAPHED)

    def _read(self, numbers: Sequence[int]) -> None:
        """Read until the desk has nothing more for these readers now."""
        keys = self._plan.readers()
        readers: list[Reader] = [Typist(self._pack.id, keys[number], self._road, number) for number in numbers]
        read_all(readers, lambda: self._report(Step.READ))


def _tasks() -> Iterator[str]:
    """Yield the lines of standard input; at its end, so also when the parent was killed, end the process."""
    queue: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            queue.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield queue.get()


def main() -> None:
    """Work until there is nobody to work for."""
    lock = threading.Lock()

    def say(word: str) -> None:
        with lock:
            print(word, flush=True)

    worker = Worker(Plan.read(Path(sys.argv[1])), int(sys.argv[2]), say)
    for task in _tasks():
        worker.perform(task)
        say(DONE)


if __name__ == "__main__":
    main()
