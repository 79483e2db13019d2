"""Disk: the few file operations on which durability rests, in one small object that tests replace with a faulty one."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from golos.model.problem import Problem

NO_TIME = 0
"""Every file of a store carries this modification time (1970): when something came is nobody's business."""


class Disk:
    """The operating system's files, with nothing in between."""

    def write(self, file: int, parts: Sequence[bytes], offset: int) -> None:
        """Write all of ``parts`` at ``offset``. Raises OSError; then any prefix may have been written."""
        views = [memoryview(part) for part in parts if part]
        while views:
            written = os.pwritev(file, views, offset)
            offset += written
            while views and written >= len(views[0]):
                written -= len(views.pop(0))
            if written:
                views[0] = views[0][written:]

    def sync(self, file: int) -> None:
        """Return when the file's bytes survive a power cut. Its modification time is wiped in the same write."""
        os.utime(file, ns=(NO_TIME, NO_TIME))
        os.fsync(file)

    def reached(self, step: str) -> None:
        """Be told that a write has come to ``step``. Does nothing; a test stops the process here."""

    def sync_folder(self, folder: Path) -> None:
        """Make the names of the files in ``folder`` durable, and say nothing of when they were made."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            self.sync(handle)
        finally:
            os.close(handle)


def wipe_times(*paths: Path) -> None:
    """Set the times of those files that exist to NO_TIME."""
    for path in paths:
        try:
            os.utime(path, ns=(NO_TIME, NO_TIME))
        except FileNotFoundError:
            continue


def lock(path: Path) -> int:
    """Take the one writer's lock and return its handle; it ends with the process. Raises Problem if it is taken."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise Problem(
            "store.in_use",
            "store",
            "is open for writing in another process of Golos.",
            "Send the request to the running server, or stop the server first.",
        ) from error
    wipe_times(path)
    return handle
