"""Beat: carries the log on, one checkpoint at a time, and knows whether it is alive."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from golos.ledger.follower import Follower
from golos.model.problem import Problem
from golos.ports import Head, StoreFull

_LATE = 3
"""So many beats without success, and the log is stale."""
_LOG = structlog.get_logger("golos.log")


class Publisher(Protocol):
    """What the sequencer offers."""

    @property
    def signed(self) -> Head:
        """The journal's head."""
        ...

    @property
    def final(self) -> Head:
        """The newest head with its quorum of witnesses."""
        ...

    def publish(self, force: bool = False) -> Head | None:
        """Carry the log one checkpoint further."""
        ...


class Beat:
    """Publishes every ``every`` seconds, but a batch too small to hide in waits one beat longer."""

    def __init__(
        self, log: Publisher, follower: Follower, every: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._follower = follower
        self._every = every
        self._clock = clock
        self._good = clock()
        self._patience = False

    def fresh(self) -> bool:
        """Return whether the last beats were good: what waited was signed, and the witnesses were there."""
        return self._clock() - self._good <= _LATE * self._every

    async def run(self) -> None:
        """Beat until cancelled; a beat that fails is said in the log and tried again."""
        while True:
            try:
                await self.once(force=self._patience)
            except (StoreFull, Problem) as error:
                _LOG.error("publish", problem=str(error))
            await asyncio.sleep(self._every)

    async def once(self, force: bool = True) -> Head | None:
        """Publish, show the views what is new, return the new final head if there is one. Raises as publish does."""
        head = await asyncio.to_thread(self._log.publish, force)
        self._patience = head is None
        await self._follower.catch_up()
        if self._log.final == self._log.signed:
            self._good = self._clock()
        return head
