"""The command `golos`."""

import sys

import structlog
from cyclopts import App
from rich.console import Console

from golos import __version__
from golos.demo import command as demo
from golos.demo.replay import command as replay
from golos.doors.cli import election, imports, observers, results, service, stewards
from golos.model.problem import Problem
from golos.office import LocalOffices
from golos.ports import StoreFull


def create(console: Console) -> App:
    """Return the whole command line, over the elections of this machine."""
    app = App(name="golos", version=__version__, help="Citizens count their own election, provably.")
    offices = LocalOffices()
    for part in (stewards, observers, service, imports, results):
        part.register(app, offices, console)
    election.register(app, console)
    demo.register(app, console)
    replay.register(app, console)
    return app


def main() -> None:
    """Run it; what is wrong with an input is said in one line, and the exit status is 1.

    What the server logs carries no time: a defect's time is that of somebody's request.
    """
    structlog.configure(processors=[structlog.processors.add_log_level, structlog.dev.ConsoleRenderer(colors=False)])
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


def _say(text: str) -> None:
    """Print to standard error, as it is: a message may hold brackets, and a place must not be broken over lines."""
    Console(stderr=True).print(text, style="red", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
