"""Tether: a golos command that ends, as on SIGTERM, when its standard input does, so when whoever started it is gone.

python -m golos.demo.replay.tether serve FOLDER
"""

import os
import runpy
import signal
import threading

_STDIN = 0


def _watch() -> None:
    while os.read(_STDIN, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True).start()
    runpy.run_module("golos", run_name="__main__", alter_sys=True)
