"""Readers: programs that stand in for volunteers. Each reads the drawn ballots and errs at a stated rate."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec

from golos.credential.staff import Staff
from golos.demo import picture
from golos.demo.crowd import CONTEST
from golos.demo.nation import OPTIONS
from golos.demo.road import Road
from golos.model.ballot import Choices
from golos.model.ed25519 import SigningKey
from golos.model.entry import Status

ERROR_RATE = 0.01
"""Share of the photographs on which a reader says something else than what it saw."""


class Reader:
    """One blind reader with a staff key of its own."""

    def __init__(self, election: bytes, key: SigningKey, road: Road, seed: int) -> None:
        self._staff = Staff(election, key)
        self._road = road
        self._random = random.Random(seed)

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

    def _look(self, jpeg: bytes) -> tuple[Status, Choices]:
        rows = picture.read(jpeg, len(OPTIONS))
        if rows is None:
            return "not_a_ballot", ()
        marked = tuple(OPTIONS[row] for row in rows)
        if self._random.random() < ERROR_RATE:
            marked = (self._random.choice(OPTIONS),)
        return "ballot", ((CONTEST, marked),)


def read_all(readers: list[Reader], step: Callable[[], None]) -> int:
    """Let all readers work at once; return how many verdicts they gave."""
    with ThreadPoolExecutor(len(readers)) as pool:
        return sum(pool.map(lambda reader: reader.read_all(step), readers))
