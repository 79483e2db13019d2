"""Server: `golos serve` as a process of its own that ends with the replay, however the replay ends."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from golos.demo.replay.plan import GO_ON, Plan
from golos.demo.run import HOST, wait_for_doors
from golos.model.problem import Problem

_TOML = """[web]
host = "{host}"
port = {port}

[enrolment]
channel = "drill"
socket = "{socket}"
codes_per_hour = 1000000000
"""


@contextmanager
def server(plan: Plan, lock: int) -> Iterator[None]:
    """Serve while the block runs, at a port that is free now. The server inherits the plan's lock.

    Raises Problem ``replay.server`` if it ends before its doors open.
    """
    port = _free_port()
    (plan.election / "golos.toml").write_text(
        _TOML.format(host=HOST, port=port, socket=f"../{plan.post.name}"), encoding="utf-8"
    )
    with (plan.folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "golos.demo.replay.tether", "serve", str(plan.election)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock,),
        )
    with process:
        try:
            _wait(process, port)
            yield
        finally:
            process.terminate()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when the doors are open: a long log takes its minutes to load."""
    while True:
        try:
            wait_for_doors(process, port)
        except RuntimeError as error:
            if process.poll() is not None:
                raise Problem("replay.server", "server", "has ended; server.log says why.", GO_ON) from error
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
