"""golos replay: Belarus 2020 as individual voters, through the real doors, and the count beside the table."""

import os
from pathlib import Path

import msgspec
from cyclopts import App
from rich.console import Console

from golos.demo.replay import words
from golos.demo.replay.plan import READERS, Plan
from golos.demo.replay.run import Replay
from golos.model.problem import Problem


def register(app: App, console: Console) -> None:
    """Add the command to ``app``."""

    @app.command
    def replay(
        data: Path,
        *,
        share: float = 1.0,
        directory: Path | None = None,
        workers: int = min(4, os.cpu_count() or 1),
        seed: int = 2020,
        site: bool = True,
    ) -> None:
        """Turn the published table of Belarus 2020 into voters, send them all through the doors, and compare.

        It can be stopped at any time; the same command goes on from there. The whole nation takes hours.

        Parameters
        ----------
        data: folder of the published tables (stations.csv, official.json)
        share: share of the stations, whole ones, the same at every call
        directory: where to keep everything (default: build/replay-SHARE); remove it to begin anew
        workers: processes that play the voters, at most 16; one server takes no more than a few
        seed: what the voters' keys are made from
        site: publish the pages too, not the open data and the mirror of the log alone
        """
        folder = directory or Path("build") / f"replay-{share:g}"
        if not 1 <= workers <= READERS:
            raise Problem("replay.workers", "workers", f"are not 1 to {READERS}.", "Two to four keep a server busy.")
        whole = Replay(Plan(folder, data, share, seed), workers, site, console)
        console.print(words.INTRO, highlight=False)
        for line in words.size(whole.sample):
            console.print(line, highlight=False)
        try:
            ran = whole.run()
        except KeyboardInterrupt:
            console.print(f"Stopped. The same command goes on from here; everything is in {folder}.")
            raise SystemExit(130) from None
        for line in words.result(ran, whole.sample):
            console.print(line, highlight=False)
        (folder / "paces.json").write_bytes(msgspec.json.format(msgspec.json.encode(ran.paces)))
        console.print(f"\nEverything is in {folder}.", highlight=False)
        if not ran.report.equal:
            raise SystemExit(1)
