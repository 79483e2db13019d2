"""Assignment: who reads which photograph next. Nobody chooses, and nobody's photographs starve the others'.

A photograph is offered once the log holds a ballot that names it, and the reading room has seen it: it is no copy (of
equal pictures, the one bound to its sender is none), and it can be decoded. What the machine read in it is not told to
readers.
Of one credential only the newest record counts: who floods the room with pictures keeps one place in the queue, and
the next one is drawn at random. Readers are blind to each other: two of them, and a third where they differ.
"""

import heapq
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable

from golos.desk.agreement import readers_needed
from golos.desk.pool import Pool
from golos.model.ballot import Ballot, Withdrawal
from golos.model.entry import Binding, Entry, Reading, Verdict
from golos.model.problem import Problem

_DRAWS = 16
"""Random draws before the pool is searched for one that the reader has not seen."""


class Assignment:
    """A view of the log, and the loans of the moment. ``loan`` is how many seconds a place is kept for its reader."""

    def __init__(self, loan: float = 900.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._loan = loan
        self._clock = clock
        self._newest: dict[bytes, tuple[int, bytes, bytes | None]] = {}
        self._named: Counter[bytes] = Counter()
        self._seen: set[bytes] = set()
        self._unreadable: set[bytes] = set()
        self._copies: set[bytes] = set()
        self._bound: set[bytes] = set()
        self._verdicts: defaultdict[bytes, dict[bytes, Verdict]] = defaultdict(dict)
        self._holds: dict[bytes, bytes] = {}
        self._lent: defaultdict[bytes, set[bytes]] = defaultdict(set)
        self._due: list[tuple[float, bytes, bytes]] = []
        self._pool = Pool()

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in an entry. Verdicts and readings count from their admission, ballots from their place in the log."""
        match entry:
            case Ballot() | Withdrawal() if index is not None:
                self._name(entry, name)
            case Verdict():
                self._hear(entry)
            case Reading() if entry.status == "unreadable":
                self._unreadable.add(entry.photo)
                self._sort(entry.photo)
            case Reading() if entry.status == "copy":
                self._copies.add(entry.photo)
                self._sort(entry.photo)
            case Binding():
                self._bound.add(entry.photo)
                self.ready(entry.photo)

    def ready(self, photo: bytes) -> None:
        """The reading room can open the photograph, and it is no copy."""
        self._seen.add(photo)
        self._sort(photo)

    def next(self, reader: bytes) -> bytes | None:
        """Return the digest of the photograph that this reader is to read; the same one until there is a verdict."""
        self._take_back()
        held = self._holds.get(reader)
        if held is not None and self._wanted(held) > 0:
            return held
        photo = self._draw(reader)
        if photo is not None:
            self._lend(photo, reader)
        return photo

    def expect(self, reader: bytes, photo: bytes, field: str) -> None:
        """Raises Problem ``desk.not_assigned`` unless this reader was given this photograph."""
        if self._holds.get(reader) != photo:
            raise Problem(
                "desk.not_assigned",
                field,
                "is not the photograph that this reader was given.",
                "Ask /desk/next and read the photograph it names.",
            )

    def heard(self, reader: bytes, photo: bytes) -> Verdict | None:
        """Return this reader's verdict on the photograph, if there is one."""
        return self._verdicts[photo].get(reader) if photo in self._verdicts else None

    def __len__(self) -> int:
        """Return how many photographs wait for a reader."""
        return len(self._pool)

    def _name(self, entry: Ballot | Withdrawal, name: bytes) -> None:
        """Let the key's winning record (docs/counting.md section 1) name the one photograph of this key."""
        photo = entry.photo if isinstance(entry, Ballot) else None
        earlier = self._newest.get(entry.key)
        if earlier is not None and (-earlier[0], earlier[1]) <= (-entry.sequence, name):
            return
        self._newest[entry.key] = (entry.sequence, name, photo)
        if earlier is not None and earlier[2] is not None:
            self._named[earlier[2]] -= 1
            self._sort(earlier[2])
        if photo is not None:
            self._named[photo] += 1
            self._sort(photo)

    def _hear(self, verdict: Verdict) -> None:
        self._verdicts[verdict.photo].setdefault(verdict.key, verdict)
        self._lent[verdict.photo].discard(verdict.key)
        if self._holds.get(verdict.key) == verdict.photo:
            del self._holds[verdict.key]
        self._sort(verdict.photo)

    def _wanted(self, photo: bytes) -> int:
        """Return how many readers the photograph still needs, those who hold it now included."""
        if not self._named[photo] or photo not in self._seen or self._set_aside(photo):
            return 0
        return readers_needed(tuple(self._verdicts.get(photo, {}).values()))

    def _set_aside(self, photo: bytes) -> bool:
        """Say whether nobody is asked: there is nothing to see, or it is seen elsewhere. Else people always look."""
        return photo in self._unreadable or (photo in self._copies and photo not in self._bound)

    def _sort(self, photo: bytes) -> None:
        """Put the photograph into the pool or take it out. To be called whenever something about it has changed."""
        lent = len(self._lent[photo]) if photo in self._lent else 0
        self._pool.keep(photo, self._wanted(photo) > lent)

    def _draw(self, reader: bytes) -> bytes | None:
        for _ in range(_DRAWS if len(self._pool) else 0):
            photo = self._pool[secrets.randbelow(len(self._pool))]
            if self._may_read(reader, photo):
                return photo
        start = secrets.randbelow(len(self._pool) or 1)
        return next((photo for photo in self._pool.around(start) if self._may_read(reader, photo)), None)

    def _may_read(self, reader: bytes, photo: bytes) -> bool:
        return self.heard(reader, photo) is None and reader not in self._lent.get(photo, ())

    def _lend(self, photo: bytes, reader: bytes) -> None:
        self._holds[reader] = photo
        self._lent[photo].add(reader)
        heapq.heappush(self._due, (self._clock() + self._loan, photo, reader))
        self._sort(photo)

    def _take_back(self) -> None:
        """Free the places whose time is over. The reader may still send the verdict."""
        while self._due and self._due[0][0] <= self._clock():
            _, photo, reader = heapq.heappop(self._due)
            self._lent[photo].discard(reader)
            self._sort(photo)
