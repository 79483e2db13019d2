"""What a decoder taken over by an attacker would try; run inside the sandbox by test_sandbox.py."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from golos.model.problem import Problem


def attacks(setup):
    """Return a function that does what its argument names."""
    folder = Path(setup.decode())
    (folder / "written before").write_bytes(b"")  # still allowed here
    secret = folder / "secret"

    def run(data):
        name, _, argument = data.decode().partition(":")
        return str(DEEDS[name](secret, argument)).encode()

    return run


def hang(*_):
    while True:
        pass


def sleep(*_):
    time.sleep(60)


def memory(_, size):
    return len(bytearray(int(size)))


def segfault(*_):
    ctypes.string_at(0)


def executable(*_):
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_long
    return libc.mmap(None, 4096, 7, 0x22, -1, 0)


def refuse(*_):
    raise Problem("photo.kind", "photo", "is none.", "Send one.")


DEEDS = {
    "echo": lambda _, text: text,
    "pid": lambda *_: os.getpid(),
    "hang": hang,
    "sleep": sleep,
    "memory": memory,
    "segfault": segfault,
    "exit": lambda *_: os._exit(3),
    "raise": lambda *_: 1 / 0,
    "refuse": refuse,
    "executable": executable,
    "read file": lambda secret, _: secret.read_text(),
    "write file": lambda secret, _: (secret.parent / "out").write_text("x"),
    "delete file": lambda secret, _: secret.unlink(),
    "list folder": lambda secret, _: list(secret.parent.iterdir()),
    "socket": lambda *_: socket.socket(),
    "fork": lambda *_: os.fork(),
    "exec": lambda *_: subprocess.run([sys.executable, "-c", ""]),
    "thread": lambda *_: threading.Thread(target=hang).start(),
    "kill": lambda *_: os.kill(os.getppid(), signal.SIGTERM),
    "print": lambda *_: print("noise", flush=True),
    "flood": lambda _, size: "x" * int(size),
}
