"""golos demo: a synthetic nation, made, counted, verified and shown."""

import os
import signal
import tempfile
import time
from pathlib import Path

from cyclopts import App
from rich.console import Console

from golos.demo import report
from golos.demo.run import HOST, Size, run, start_server, wait_for_doors


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
        console.print(
            "[bold]Golos: a demo.[/] The nation, its voters, the phones, the drawn photographs and the readers"
        )
        console.print("are invented or programs; the cryptography, log, intake, count, site and verifier are real.\n")
        ran = run(folder, Size(stations, voters, photos, falsified, seed), console)
        report.show(ran.comparison, ran.nation, ran.voters, ran.crowd.sent, console)
        asked, good = ran.receipts
        console.print(f"Receipts asked for: {asked:,}; verified: {good:,}.")
        console.print((folder / "verification.txt").read_text(encoding="utf-8").rstrip(), markup=False, highlight=False)
        console.print(f"\n{time.monotonic() - began:.0f} seconds. Everything is in {folder}.")
        if not ran.verified or good < asked:
            raise SystemExit(1)
        if serve:
            _show(folder, ran.port, console)


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
            os.kill(process.pid, signal.SIGTERM)
            process.wait(30)
