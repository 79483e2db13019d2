"""golos demo: a synthetic nation, made, counted, verified and shown."""

import tempfile
import textwrap
import time
from pathlib import Path

from cyclopts import App
from rich.console import Console

from golos.demo import report
from golos.demo.run import HOST, Size, run, start_server, wait_for_doors

_INTRO = """[bold]Golos: a demo.[/] Invented: the nation, its voters and their phones.
Fake: the photographs, which are drawn, and the people who read them, which are
programs that know what was drawn. Real: the machine that reads photographs,
the cryptography, the doors, the log, the count, the site, the verifier.

"""


def register(app: App, console: Console) -> None:
    """Add the command to ``app``."""

    @app.command
    def demo(
        *,
        stations: int = Size.stations,
        voters: int = Size.voters,
        photos: int = Size.photos,
        falsified: float = Size.falsified,
        seed: int = Size.seed,
        directory: Path | None = None,
        serve: bool = True,
    ) -> None:
        """Run an invented election end to end over HTTP, compare what is found with the truth, and show the site.

        Parameters
        ----------
        stations: polling stations
        voters: registered voters, all of whom send a sealed ballot
        photos: how many of them send a photograph
        falsified: share of the stations whose announced result is false
        seed: another seed, another nation
        directory: keep everything here (an empty or new folder) instead of a temporary one
        serve: show the site on localhost until Ctrl-C
        """
        began = time.monotonic()
        folder = directory or Path(tempfile.mkdtemp(prefix="golos-demo-"))
        folder.mkdir(parents=True, exist_ok=True)
        console.print(_INTRO, highlight=False)
        ran = run(folder, Size(stations, voters, photos, falsified, seed), console)
        report.show(ran, console)
        asked, good = ran.receipts
        console.print(f"\nReceipts asked for: {asked:,}; verified: {good:,}.\n", highlight=False)
        _say((folder / "verification.txt").read_text(encoding="utf-8").rstrip(), console)
        console.print(f"\n{time.monotonic() - began:.0f} seconds. Everything is in {folder}.")
        if not ran.verified or good < asked:
            raise SystemExit(1)
        if serve:
            _show(folder, ran.port, console)


def _say(text: str, console: Console) -> None:
    """Print a program's lines as they are; one that is too long goes on, indented, after a whole word."""
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        width = max(console.width, 40)
        console.print("\n".join(textwrap.wrap(line, width, subsequent_indent=indent)), markup=False, highlight=False)


def _show(folder: Path, port: int, console: Console) -> None:
    with (folder / "server.log").open("ab") as log:
        process = start_server(folder, log.fileno())
        try:
            wait_for_doors(process, port)
            console.print(f"\nThe site: [bold]http://{HOST}:{port}/[/]   (Ctrl-C ends)")
            process.wait()
        except KeyboardInterrupt:
            console.print("Closing.")
        finally:
            process.terminate()
            process.wait(30)
