"""Readers: programs that stand in for volunteers. They know what was drawn, and err at a stated rate."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from golos.credential.staff import Staff
from golos.demo.crowd import CONTEST
from golos.demo.nation import OPTIONS
from golos.demo.road import Road
from golos.model.ballot import Choices
from golos.model.ed25519 import SigningKey
from golos.model.entry import Status
from golos.model.record import digest

ERROR_RATE = 0.01
"""Share of the photographs on which a reader says something else than what it saw."""


class Reader(ABC):
    """One blind reader with a staff key of its own."""

    def __init__(self, election: bytes, key: SigningKey, road: Road, seed: int) -> None:
        self._staff = Staff(election, key)
        self._road = road
        self._random = random.Random(seed)

    @abstractmethod
    def _look(self, jpeg: bytes) -> tuple[Status, Choices]:
        """Return what the picture shows."""

    def read_all(self, step: Callable[[], None]) -> int:
        """Read until the desk has nothing more for this reader; return how many it read."""
        done = 0
        while self._read_one():
            done += 1
            step()
        return done

    def _read_one(self) -> bool:
        answer = self._road.desk("/desk/next", self._staff.request("/desk/next"))
        name = msgspec.json.decode(answer)["photo"]
        if name is None:
            return False
        photo = bytes.fromhex(name)
        jpeg = self._road.desk("/desk/photo", self._staff.request("/desk/photo", photo))
        status, choices = self._look(jpeg)
        verdict = self._staff.verdict(photo, status, choices)
        self._road.desk("/desk/records", self._staff.request("/desk/records", verdict))
        return True


class Onlooker(Reader):
    """A reader of the demo. ``shown``: SHA-256 of each picture to the option that it shows, "" for none."""

    def __init__(self, election: bytes, key: SigningKey, road: Road, seed: int, shown: Mapping[bytes, str]) -> None:
        super().__init__(election, key, road, seed)
        self._shown = shown

    def _look(self, jpeg: bytes) -> tuple[Status, Choices]:
        option = self._shown[digest(jpeg)]
        if not option:
            return "not_a_ballot", ()
        erring = self._random.random() < ERROR_RATE
        return "ballot", ((CONTEST, (self._random.choice(OPTIONS) if erring else option,)),)


def read_all(readers: Sequence[Reader], step: Callable[[], None]) -> int:
    """Let all readers work at once; return how many verdicts they gave."""
    with ThreadPoolExecutor(len(readers)) as pool:
        return sum(pool.map(lambda reader: reader.read_all(step), readers))
