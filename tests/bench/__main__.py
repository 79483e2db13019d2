"""python -m tests.bench: measure, as ratios beside the limit; with a number: count and verify so many ballots."""

import sys
from pathlib import Path

from tests.bench import million
from tests.bench.bench import machine, main, printer, table


def nation(ballots: int) -> int:
    """Measure the count of so many ballots; what was made for it stays in build/million."""
    console, folder = printer(), Path("build") / "million"
    folder.mkdir(parents=True, exist_ok=True)
    console.print(f"On {machine()}. The ballots are made first, which takes minutes.", highlight=False)
    console.print(table(million.measure(folder, ballots)))
    return 0


if __name__ == "__main__":
    sys.exit(nation(int(sys.argv[1])) if len(sys.argv) > 1 else main())
