"""Spread: the same work for many numbers, in as many processes as there are cores where it is much."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import cv2

One = TypeVar("One")


def spread(work: Callable[[int], One], numbers: Sequence[int], *, alone: int, chunk: int = 1) -> Iterator[One]:
    """Yield the work of each number, in order; up to ``alone`` of them are done in this process."""
    if len(numbers) <= alone:
        yield from map(work, numbers)
        return
    with ProcessPoolExecutor(os.cpu_count(), initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        yield from pool.map(work, numbers, chunksize=chunk)
