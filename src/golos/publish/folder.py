"""Folder: a publication while it is written, with the digest of every file, and its step into the old one's place."""

import ctypes
import ctypes.util
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from golos.publish.lists import Written, listing, shard_lists

_AT_FDCWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_BLOCK = 1 << 20


class Folder:
    """A folder written beside ``out``, which takes its place in one step when it is complete.

    Readers of ``out`` see the old publication or the new one, never a mixture. A crash leaves ``out`` as it was and
    a folder ``.NAME.new`` beside it, which the next run removes. Nothing is synced to disk:
    after a power cut, publish again.

    A file with the bytes it has in ``out`` is not written but linked: the same file in both, times and all. Another
    one gets ``time`` (seconds since 1970) as its modification time, or one second more than it had (docs/formats.md).
    Several processes may write into one folder, each by its own copy of this object, if they `add` what others wrote.
    """

    def __init__(self, out: Path, time: int = 0) -> None:
        self._out = out.absolute()
        self._new = self._out.with_name(f".{out.name}.new")
        shutil.rmtree(self._new, ignore_errors=True)
        self._new.mkdir(parents=True)
        self._time = time
        self.made: set[str] = set()
        """The folders in it."""
        self.files: list[Written] = []
        self.changed = 0
        """How many of the files are not those of the publication before."""

    def write(self, path: str, data: bytes) -> None:
        """Write one file; ``path`` is relative, with slashes, and new."""
        self._make(path.rpartition("/")[0])
        self.files.append(Written(path, len(data), hashlib.sha256(data).hexdigest()))
        before = _time_of_same(f"{self._out}/{path}", data)
        if before is None and self._linked(path):
            return
        with open(f"{self._new}/{path}", "xb", buffering=0) as file:  # noqa: PTH123 (measured: 20 us less a file)
            file.write(data)
        self._stamp(path, before or 0)

    def write_lines(self, path: str, lines: Iterable[str]) -> None:
        """Write one large file line by line: it is never in memory as a whole."""
        self._make(path.rpartition("/")[0])
        digest, length = hashlib.sha256(), 0
        with open(f"{self._new}/{path}", "xb") as file:  # noqa: PTH123
            for block in _blocks(lines):
                digest.update(block)
                length += file.write(block)
        self._written(Written(path, length, digest.hexdigest()))

    def write_by(self, path: str, make: Callable[[Path], None]) -> None:
        """Have another program make one file at the place that it is told."""
        self._make(path.rpartition("/")[0])
        make(self.at(path))
        with self.at(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        self._written(Written(path, self.at(path).stat().st_size, digest.hexdigest()))

    def at(self, path: str) -> Path:
        """Return where a file of this folder lies while it is written."""
        return self._new / path

    def _written(self, written: Written) -> None:
        """Take in a file that is there; one that has not changed becomes the published one."""
        path = written.path
        self.files.append(written)
        if _same_files(f"{self._out}/{path}", f"{self._new}/{path}"):
            os.unlink(f"{self._new}/{path}")  # noqa: PTH108
            if self._linked(path):
                return
            shutil.copyfile(f"{self._out}/{path}", f"{self._new}/{path}")
        self._stamp(path, _time_of(f"{self._out}/{path}"))

    def add(self, files: Iterable[Written], changed: int, made: Iterable[str]) -> None:
        """Take in files that another process has written, ``changed`` of them anew, and the folders it made."""
        self.files += files
        self.changed += changed
        self.made.update(made)

    def index(self) -> str:
        """Write the shard lists and the root list of every file written so far; return the root's SHA-256 in hex."""
        first = len(self.files)
        for path, rows in shard_lists(self.files):
            self.write(path, rows)
        self.write("index.csv", listing(self.files[first:]))
        return self.files[-1].sha256

    def step_into_place(self) -> None:
        """Put the folder where ``out`` is, and remove what was there."""
        for made in {parent for path in self.made for parent in (Path(path), *Path(path).parents)}:
            os.utime(self._new / made, (0, 0))
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

    def _make(self, parent: str) -> None:
        if parent not in self.made:
            (self._new / parent).mkdir(parents=True, exist_ok=True)
            self.made.add(parent)

    def _linked(self, path: str) -> bool:
        """Make the published file part of this folder too; False where the file system has no links."""
        try:
            os.link(f"{self._out}/{path}", f"{self._new}/{path}", follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:
            return False
        return True

    def _stamp(self, path: str, before: int) -> None:
        self.changed += 1
        time = max(self._time, before + 1) if before else self._time
        os.utime(f"{self._new}/{path}", (time, time))


def _time_of_same(path: str, data: bytes) -> int | None:
    """Return None if the file has exactly these bytes, else its modification time, 0 if there is no such file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return 0
    try:
        found = os.fstat(handle)
        if found.st_size == len(data) and _read(handle, len(data)) == data:
            return None
        return int(found.st_mtime)
    finally:
        os.close(handle)


def _read(handle: int, length: int) -> bytes:
    if length <= _BLOCK:
        return os.read(handle, length)
    with os.fdopen(os.dup(handle), "rb") as file:
        return file.read(length)


def _time_of(path: str) -> int:
    try:
        return int(os.lstat(path).st_mtime)
    except OSError:
        return 0


def _same_files(one: str, other: str) -> bool:
    try:
        if os.path.islink(one) or os.stat(one).st_size != os.stat(other).st_size:  # noqa: PTH114, PTH116
            return False
    except OSError:
        return False
    with open(one, "rb") as a, open(other, "rb") as b:  # noqa: PTH123
        return all(part == b.read(_BLOCK) for part in iter(lambda: a.read(_BLOCK), b""))


def _blocks(lines: Iterable[str]) -> Iterable[bytes]:
    held: list[str] = []
    for line in lines:
        held.append(line)
        if len(held) == 8_192:
            yield "".join(held).encode()
            held.clear()
    yield "".join(held).encode()


def _exchanged(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux); False where the system can't, and nothing has changed."""
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    return bool(libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0)
