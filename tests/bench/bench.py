"""Bench: all measurements, one after the other, on one machine."""

import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from tests.bench import analyst, counting, intake, log, nation, photo_ballots, photo_copies, photo_protocols, stores
from tests.bench.living import Living
from tests.bench.measure import Row, Sizes


def rows(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield every row. A measurement that fails says so in its row and ends itself alone."""
    living = Living(folder / "living", sizes.ballots)
    parts: tuple[tuple[str, Callable[[], Iterable[Row]]], ...] = (
        ("intake", lambda: intake.measure(living, sizes, folder)),
        ("stores", lambda: stores.measure(sizes, folder)),
        ("log", lambda: log.measure(living, sizes)),
        ("counting", lambda: counting.measure(living, folder)),
        ("nation", lambda: nation.measure(sizes, folder)),
        ("ballots", lambda: photo_ballots.measure(sizes, folder)),
        ("analyst", lambda: analyst.measure(sizes)),
        ("protocols", lambda: photo_protocols.measure(sizes)),
        ("copies", lambda: photo_copies.measure(sizes, folder)),
    )
    for name, part in parts:
        try:
            yield from part()
        except Exception as error:
            yield Row(f"{name}: not measured ({type(error).__name__}: {str(error)[:60]})", None, "")


def machine() -> str:
    """Say on what this was measured."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} at the start, "
        f"{platform.system()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def printer() -> Console:
    """Return where the table is printed: as wide as the terminal, or 110 columns in a file."""
    return Console(width=None if sys.stdout.isatty() else 110)


def main(sizes: Sizes | None = None) -> int:
    """Measure and print; 0 whatever the figures."""
    console, on = printer(), machine()
    console.print(f"On {on}.", highlight=False)
    with tempfile.TemporaryDirectory(prefix="golos-bench-") as name:
        found = []
        for row in rows(sizes or Sizes(), Path(name)):
            console.print(f"  {row.what}", style="dim", highlight=False, markup=False, soft_wrap=True)
            found.append(row)
    console.print(table(found))
    return 0


def table(found: Iterable[Row]) -> Table:
    """Return the rows as a table."""
    shown = Table(
        title="Measured in one run", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    for name, justify in (
        ("what", "left"),
        ("measured", "right"),
        ("beside", "left"),
        ("ratio", "right"),
        ("goal", "right"),
    ):
        shown.add_column(name, justify=justify)  # type: ignore[arg-type]
    for row in found:
        beside = f"{_number(row.rival)} {row.beside}".strip()
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        shown.add_row(row.what, f"{_number(row.value)} {row.unit}".strip(), beside, ratio, row.goal)
    return shown


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
