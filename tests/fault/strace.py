"""Strace: faults put into the system calls of one thread of a running process, and a count of those calls."""

import re
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

CALLS = (
    "openat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,"
    "unlink,unlinkat,ftruncate,fallocate,mkdir,utimensat"
)
"""Every call by which a process of Golos changes a disk."""
_CALL = re.compile(r"^([a-z0-9_]+)\(")
_PATIENCE = 20.0


class Strace:
    """A strace of one thread. It ends with the thread."""

    def __init__(self, thread, log, inject=""):
        command = ["strace", "-qq", "-o", str(log), "-e", f"trace={CALLS}"]
        command += ["-e", f"inject={inject}"] if inject else []
        self._log = Path(log)
        self._process = subprocess.Popen([*command, "-p", str(thread)], stderr=subprocess.PIPE)
        self._wait_for(Path(f"/proc/{thread}/status"))

    def _wait_for(self, status):
        until = time.monotonic() + _PATIENCE
        while "TracerPid:\t0\n" in status.read_text():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"strace can't attach: {self._process.stderr.read().decode()}")
            time.sleep(0.001)

    def ended(self):
        """Wait for the end; return how often each call was made."""
        self._process.communicate(timeout=_PATIENCE)
        found = (_CALL.match(line) for line in self._log.read_text().splitlines())
        return Counter(match[1] for match in found if match)


def missing():
    """Return why no process can be traced here, "" if it can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    with subprocess.Popen(["sleep", "5"]) as process:
        try:
            tracing = subprocess.run(
                ["timeout", "-s", "INT", "0.3", "strace", "-p", str(process.pid)], capture_output=True, check=False
            )
        finally:
            process.kill()
    return "" if b"ttached" in tracing.stderr else f"ptrace is not permitted: {tracing.stderr.decode()[:100]}"
