"""Measure: the rows of the table, and how time and processor time are taken."""

import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ``value`` in ``unit``, the limit or rival beside it, and how often it goes into it."""

    what: str
    value: float | None
    unit: str
    beside: str = ""
    rival: float | None = None
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """``value`` over ``rival``; both are in ``unit``."""
        return self.value / self.rival if self.rival and self.value is not None else None


@dataclass(slots=True)
class Spent:
    """Seconds that a block took: on the clock, and of the processor (this process with all its threads)."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def spent(sums: Spent | None = None) -> Iterator[Spent]:
    """Measure the block; the result is whole after it."""
    sums = sums or Spent()
    wall, cpu = time.perf_counter(), time.process_time()
    yield sums
    sums.wall += time.perf_counter() - wall
    sums.cpu += time.process_time() - cpu


def each(work: Callable[[int], object], times: int) -> float:
    """Return the microseconds of processor time of one call, over ``times`` calls with their number."""
    with spent() as took:
        for number in range(times):
            work(number)
    return took.cpu / times * 1e6


def least(work: Callable[[], float], times: int = 3) -> float:
    """Return the least of a few measurements: what else runs on the machine only ever adds."""
    return min(work() for _ in range(times))


def in_turn(*works: Callable[[], float], times: int = 4) -> list[float]:
    """Return the least of each; they take turns, so that what slows the machine for a while slows all of them."""
    return [min(column) for column in zip(*([work() for work in works] for _ in range(times)), strict=True)]


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of processor time of one call."""
    with spent() as took:
        work()
    return took.cpu


def cpu_of(pid: int) -> float:
    """Return the seconds of processor time of a running process (Linux: /proc). Raises OSError elsewhere."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_of_children() -> float:
    """Return the seconds of processor time of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each measurement does; the whole takes about two minutes on two cores."""

    ballots: int = 3_000
    tokens: int = 400
    rows: int = 20_000
    single_rows: int = 500
    photos: int = 1_000
    photo_bytes: int = 150_000
    leaves: int = 1_000_000
    proofs: int = 2_000
    ballot_photos: int = 200
    stations: int = 5_768
    bounded: int = 100_000
    forensic_stations: int = 97_000
    clients: int = 64
    copies: int = 40
    station: int = 100
    protocols: int = 40
    hashes: int = 1_000_000
    shared: bool = field(default=True)
    """Take Belarus 2020 where ../shared is beside the project, else an invented nation of ``stations``."""
