"""Folder: a publication while it is written, with the digest of every file, and its step into the old one's place."""

import ctypes
import ctypes.util
import hashlib
import os
import shutil
from pathlib import Path
from typing import NamedTuple

_AT_FDCWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)


class Written(NamedTuple):
    """A file of the publication: its path inside it, its length in bytes and its SHA-256 in hex."""

    path: str
    length: int
    sha256: str


class Folder:
    """A folder written beside ``out``, which takes its place in one step when it is complete.

    Readers of ``out`` see the old publication or the new one, never a mixture. A crash leaves ``out`` as it was and
    a folder ``.NAME.new`` beside it, which the next run removes. Nothing is synced to disk:
    after a power cut, publish again.
    """

    def __init__(self, out: Path) -> None:
        self._out = out.absolute()
        self._new = self._out.with_name(f".{out.name}.new")
        shutil.rmtree(self._new, ignore_errors=True)
        self._new.mkdir(parents=True)
        self._made: set[str] = set()
        self.files: list[Written] = []

    def write(self, path: str, data: bytes) -> None:
        """Write one file; ``path`` is relative, with slashes, and new."""
        parent = path.rpartition("/")[0]
        if parent not in self._made:
            (self._new / parent).mkdir(parents=True, exist_ok=True)
            self._made.add(parent)
        with open(f"{self._new}/{path}", "xb", buffering=0) as file:  # noqa: PTH123 (measured: 20 us less a file)
            file.write(data)
        self.files.append(Written(path, len(data), hashlib.sha256(data).hexdigest()))

    def index(self) -> bytes:
        """Return index.csv: every file written so far, sorted by the bytes of its path."""
        rows = sorted(self.files, key=lambda written: written.path.encode())
        lines = ["path,length,sha256", *(f"{_cell(w.path)},{w.length},{w.sha256}" for w in rows)]
        return ("\n".join(lines) + "\n").encode()

    def step_into_place(self) -> None:
        """Put the folder where ``out`` is, and remove what was there."""
        if not self._out.exists():
            self._new.rename(self._out)
            return
        if not _exchanged(self._new, self._out):
            old = self._out.with_name(f".{self._out.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            self._out.rename(old)
            self._new.rename(self._out)
            shutil.rmtree(old)
            return
        shutil.rmtree(self._new)


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n\r') else text


def _exchanged(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux); False where the system can't, and nothing has changed."""
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    return bool(libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0)
