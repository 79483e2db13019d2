"""A process that uses an embedded store until it is killed. It says on stdout what was acknowledged, and no more.

python child.py FOLDER once STEP N     one of everything; SIGKILL when STEP is reached for the Nth time
python child.py FOLDER hammer SEED     admissions and blobs from eight threads, until somebody kills it
python child.py FOLDER full BYTES      the same from one thread, under a limit on the size of files
"""

import hashlib
import os
import random
import resource
import signal
import sys
from pathlib import Path
from threading import Thread

from golos.ports import Head, Job, Row, StoreFull
from golos.stores.embedded import open_stores
from golos.stores.embedded.disk import Disk

ROWS = [Row(b"record %d" % i * 20, b"sealed %d" % i * 10) for i in range(30)]
BLOBS = [b"blob %d " % i * 4000 for i in range(6)]
SECRET = b"+375291234567"


def say(*words):
    os.write(1, " ".join(map(str, words)).encode() + b"\n")


class MortalDisk(Disk):
    """Keeps what is written in memory until it is synced, as a disk does at a power cut, and ends the process."""

    def __init__(self, step, count):
        self._step, self._left = step, count
        self._unsynced = []

    def reached(self, step):
        self._left -= step == self._step
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self, file, parts, offset):
        self.reached("write")
        self._unsynced.append((file, b"".join(parts), offset))

    def sync(self, file):
        self.reached("sync")
        for handle, data, offset in self._unsynced:
            os.pwrite(handle, data[: len(data) // 2], offset)
            self.reached("torn")
            super().write(handle, (data,), offset)
        self._unsynced.clear()
        super().sync(file)
        self.reached("synced")


def once(folder, step, count):
    stores = open_stores(folder, disk=MortalDisk(step, int(count)), pack_limit=70_000)
    for row in ROWS[:20]:
        stores.journal.admit([row])
        say("admitted", row.record.hex())
    hashes = sorted(hashlib.sha256(row.record).digest() for row in ROWS[:20])
    jobs = [Job("k", name.hex()) for name in hashes]
    stores.journal.commit(hashes, jobs, stores.journal.head(), Head(20, b"r" * 32, b"signed"))
    say("committed")
    stores.journal.admit(ROWS[20:])
    for row in ROWS[20:]:
        say("admitted", row.record.hex())
    for pair in (BLOBS[:2], BLOBS[2:4], BLOBS[4:]):
        for name in stores.blobs.put(pair):
            say("put", name.hex())
    stores.vault.put("tag", SECRET, SECRET)
    stores.vault.put("tag", b"other", b"value")
    say("kept")
    stores.blobs.erase(hashlib.sha256(BLOBS[1]).digest())
    say("erased blob")
    stores.vault.erase("tag", SECRET)
    say("erased name")
    stores.close()
    say("closed")


def _fill(stores, generator, amount):
    for _ in range(amount):
        row = Row(generator.randbytes(600), generator.randbytes(300))
        stores.journal.admit([row, Row(row.record + b"2")])
        say("admitted", row.record.hex())
        say("admitted", (row.record + b"2").hex())
        for name in stores.blobs.put([generator.randbytes(20_000), generator.randbytes(10)]):
            say("put", name.hex())


def hammer(folder, seed):
    stores = open_stores(folder, pack_limit=3_000_000)
    say("open")
    threads = [Thread(target=_fill, args=(stores, random.Random(f"{seed} {i}"), 10**9)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def full(folder, size):
    stores = open_stores(folder)
    generator = random.Random(0)
    _fill(stores, generator, 3)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), resource.RLIM_INFINITY))
    refused = 0
    while refused < 3:
        try:
            _fill(stores, generator, 1)
        except StoreFull:
            refused += 1
    say("refused")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    _fill(stores, generator, 5)
    say("again")
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    {"once": once, "hammer": hammer, "full": full}[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
