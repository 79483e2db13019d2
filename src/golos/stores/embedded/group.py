"""Group: one thread that performs what many callers ask for together, so that they share one fsync."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Generic, TypeVar

Ask = TypeVar("Ask")


class Group(Generic[Ask]):
    """A queue of asks and the thread that takes them in batches: all that have come while the last batch was written.

    ``perform`` owns the batch it is given and answers every ask itself, also on an error; it must not raise.
    """

    def __init__(self, name: str, perform: Callable[[list[Ask]], None], limit: int) -> None:
        self._perform = perform
        self._limit = limit
        self._asks: SimpleQueue[Ask | None] = SimpleQueue()
        self._gate = Lock()
        self._closed = False
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, ask: Ask) -> None:
        """Queue ``ask``. Raises RuntimeError after close."""
        with self._gate:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._asks.put(ask)

    def close(self) -> None:
        """Perform what has been asked, then end the thread."""
        with self._gate:
            closed, self._closed = self._closed, True
        if not closed:
            self._asks.put(None)
            self._thread.join()

    def _run(self) -> None:
        last = False
        while not last:
            batch, last = self._take()
            if batch:
                self._perform(batch)

    def _take(self) -> tuple[list[Ask], bool]:
        """Wait for one ask, then take those that are there already; say whether the end has come."""
        batch: list[Ask] = []
        ask = self._asks.get()
        while ask is not None:
            batch.append(ask)
            if len(batch) >= self._limit:
                return batch, False
            try:
                ask = self._asks.get_nowait()
            except Empty:
                return batch, False
        return batch, True
