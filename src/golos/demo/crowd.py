"""Crowd: the voters at work. Each registers, sends, and asks for receipts, over HTTP, from a few threads."""

import os
import random
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from golos.credential.keys import keys_of
from golos.credential.sealing import seal_envelope, seal_photo
from golos.credential.voter import Voter as Device
from golos.demo.nation import OPTIONS
from golos.demo.picture import Printer, junk
from golos.demo.road import Refused, Road
from golos.demo.voters import Photo, Voter
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.model.pack import Cohort, Pack
from golos.model.record import digest

_THREADS = 48
CONTEST = "president"


class Inbox:
    """The phones' messages: codes arrive as datagrams at the socket of the drill channel."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind(str(path))
        self._codes: defaultdict[str, Future[str]] = defaultdict(Future)
        self._turn = threading.Lock()
        threading.Thread(target=self._receive, daemon=True).start()

    def code(self, phone: str) -> str:
        """Return the newest code of a phone; raises TimeoutError after ten seconds without one."""
        with self._turn:
            coming = self._codes[phone]
        code = coming.result(10)
        with self._turn:
            del self._codes[phone]
        return code

    def _receive(self) -> None:
        while True:
            phone, code = self._socket.recv(64).decode().split()
            with self._turn:
                if self._codes[phone].done():
                    self._codes[phone] = Future()
                self._codes[phone].set_result(code)


@dataclass(slots=True)
class Sent:
    """What the crowd knows afterwards: names of accepted records, how often the door said no and why."""

    accepted: list[bytes] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    photos: dict[bytes, Voter] = field(default_factory=dict)
    """Digest of a sealed photograph to the voter who sent it."""
    shown: dict[bytes, str] = field(default_factory=dict)
    """SHA-256 of a picture, not sealed, to the option that it shows; "" where it shows none."""

    def refuse(self, why: str) -> None:
        """Count a refusal."""
        self.refused[why] = self.refused.get(why, 0) + 1


class Crowd:
    """All voters of the demo."""

    def __init__(self, pack: Pack, cohort: Cohort, road: Road, inbox: Inbox, printer: Printer, seed: int) -> None:
        self._pack, self._cohort, self._road, self._inbox, self._printer = pack, cohort, road, inbox, printer
        self._seed = seed
        self._devices: dict[int, Device] = {}
        self._pictures: dict[int, bytes] = {}
        self.sent = Sent()

    def register(self, voters: Iterable[Voter], step: Callable[[], None]) -> None:
        """Prove every phone and get its token."""
        self._each(self._register, voters, step)

    def draw(self, voters: Sequence[Voter], copies: dict[int, int], step: Callable[[], None]) -> None:
        """Make the photographs; ``copies`` maps the number of who copies to the number of whose picture it is."""
        drawn = [voter for voter in voters if voter.number not in copies]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for voter, picture in zip(drawn, pool.map(self._drawn, drawn), strict=True):
                self._pictures[voter.number] = picture
                step()
        for copier, original in copies.items():
            self._pictures[copier] = self._pictures[original]
            step()

    def vote(self, voters: Iterable[Voter], step: Callable[[], None]) -> None:
        """Send ballots and photographs; some change their mind, some send everything twice."""
        self._each(self._vote, voters, step)

    def wait_for_checkpoint(self) -> None:
        """Return when all that was accepted so far is in the log; raises TimeoutError after a minute."""
        deadline = time.monotonic() + 60
        while self._road.receipt(self.sent.accepted[-1]) is None:
            if time.monotonic() > deadline:
                raise TimeoutError("no checkpoint has come")
            time.sleep(0.1)

    def asking(self, share: float) -> int:
        """Return how many receipts are asked for if a share of the senders asks."""
        return max(1, int(len(self.sent.accepted) * share))

    def receipts(self, share: float, step: Callable[[], None]) -> tuple[int, int]:
        """Ask for receipts of a share of the accepted records; return how many were asked for and how many verify."""
        keys = keys_of(self._pack)
        policy = Policy.of(keys.log, keys.witnesses, keys.quorum)
        names = random.Random(self._seed).sample(self.sent.accepted, self.asking(share))
        good = 0
        for name in names:
            if (data := self._road.receipt(name)) is not None:
                Receipt.parse(data).verify(name, policy)
                good += 1
            step()
        return len(names), good

    def _each(self, work: Callable[[Voter], None], voters: Iterable[Voter], step: Callable[[], None]) -> None:
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(work, voters):
                step()

    def _drawn(self, voter: Voter) -> bytes:
        chance = np.random.default_rng((self._seed, voter.number))
        return junk(chance) if voter.photo is Photo.JUNK else self._printer.ballot(voter.shown, chance)

    def _register(self, voter: Voter) -> None:
        device = Device(self._pack)
        request = device.enrol(self._cohort)
        self._road.send_code(voter.phone)
        device.enrolled(self._road.token(voter.phone, self._inbox.code(voter.phone), request))
        self._devices[voter.number] = device

    def _vote(self, voter: Voter) -> None:
        try:
            self._cast(voter)
        except Refused as refusal:
            self.sent.refuse(refusal.problem.code)

    def _cast(self, voter: Voter) -> None:
        device = self._devices[voter.number]
        photo = self._seal_picture(voter)
        if voter.changes:
            other = OPTIONS[(OPTIONS.index(voter.choice) + 1) % len(OPTIONS)]
            first = device.ballot(voter.station, ((CONTEST, (other,)),), 1)
            self.sent.accepted.append(self._road.envelope(first.envelope))
        ballot = device.ballot(voter.station, ((CONTEST, (voter.choice,)),), 2, digest(photo) if photo else None)
        self.sent.accepted.append(self._road.envelope(ballot.envelope))
        if photo is not None:
            self._road.photo(photo, digest(photo))
            self.sent.photos[digest(photo)] = voter
            self.sent.shown[digest(self._pictures[voter.number])] = voter.shown
        if voter.repeats:
            again = seal_envelope(ballot.record, ballot.sealed, keys_of(self._pack).intake, self._pack.id)
            for envelope in (ballot.envelope, again):
                self._road.envelope(envelope)

    def _seal_picture(self, voter: Voter) -> bytes | None:
        jpeg = self._pictures.get(voter.number)
        return seal_photo(jpeg, keys_of(self._pack).room, self._pack.id) if jpeg else None
