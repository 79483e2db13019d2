"""The command `golos`."""

import io
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from cyclopts import App
from rich.console import Console

from golos import __version__
from golos.demo import command as demo
from golos.demo.replay import command as replay
from golos.doors.cli import (
    audit,
    desk,
    election,
    evidence,
    forensics,
    imports,
    observers,
    photo,
    quickcount,
    report,
    results,
    service,
    stewards,
    voters_app,
)
from golos.model.problem import Problem
from golos.office import LocalOffices
from golos.ports import StoreFull


def create(console: Console) -> App:
    """Return the whole command line, over the elections of this machine."""
    app = App(name="golos", version=__version__, help="Citizens count their own election, provably.")
    offices = LocalOffices()
    for part in (stewards, observers, service, desk, imports, results, audit, evidence, quickcount, report, voters_app):
        part.register(app, offices, console)
    election.register(app, console)
    forensics.register(app, console)
    photo.register(app, console)
    demo.register(app, console)
    replay.register(app, console)
    return app


def main() -> None:
    """Run it; what is wrong with an input is said in one line, and the exit status is 1.

    What the server logs carries no time: a defect's time is that of somebody's request.
    """
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.dev.ConsoleRenderer(colors=False)],
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _LogLines())),
    )
    console = Console()
    try:
        create(console)()
    except Problem as problem:
        _say(str(problem))
        sys.exit(1)
    except OSError as error:
        _say(f"{error.filename or 'golos'}: {error.strerror or error}.")
        sys.exit(1)
    except StoreFull as full:
        _say(f"The store can't write: {full}. Nothing was accepted.")
        sys.exit(1)


class _LogLines(io.TextIOBase):
    """Standard output for log lines. One that can't be written (disk full) is lost; who logs it goes on."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stdout.flush()


def _say(text: str) -> None:
    """Print to standard error, as it is: a message may hold brackets, and a place must not be broken over lines."""
    Console(stderr=True).print(text, style="red", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
