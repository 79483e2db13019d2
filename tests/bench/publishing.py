"""Publishing: a nation as a folder, the same again after new entries, and, behind a switch, 813,336 stations.

`make bench NATION=1` adds Indonesia 2019: minutes, and some gigabytes of disk.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import Row, Spent, cpu_of_children, spent

from golos.credential.steward import retraction
from golos.doors.cli.results import publish_election
from golos.model.finding import Finding
from golos.model.record import encode
from golos.office import LocalOffice

ROOT = Path(__file__).parents[2]
INDONESIA = ROOT.parent / "shared" / "data" / "indonesia-2019"
ENTRIES = 1_000


def measure(folder: Path, entries: int = ENTRIES) -> Iterator[Row]:
    """Yield the rows of the election in ``folder``: published, and again after so many findings were withdrawn."""
    with everywhere() as first:
        comparison, _ = publish_election(LocalOffice(folder), folder / "public")
    stations = len(comparison.count.tree.stations)
    yield Row(f"publish its {stations:,} stations", first.cpu, "s CPU", "limit", 30.0, "≤ 1")
    withdraw(LocalOffice(folder), comparison.findings, entries)
    with everywhere() as again:
        _, done = publish_election(LocalOffice(folder), folder / "public")
    limit = 10.0 * max(stations / 5_767, 0.1)
    yield Row(f"  again after {entries:,} entries", again.cpu, "s CPU", "limit", limit, "≤ 1")
    yield Row("  the same on the clock", again.wall, "s", "limit", limit, "≤ 1")
    yield Row(f"  files changed, of {done.files:,}", float(done.changed), "files")
    if os.environ.get("NATION") and (INDONESIA / "tps.csv.gz").exists():
        yield from indonesia(folder.parent / "indonesia")


def withdraw(office: LocalOffice, findings: Sequence[Finding], entries: int) -> None:
    """Have a steward withdraw so many findings; beyond those that there are, some that there are not."""
    names = [finding.id for finding in findings[:entries]]
    names += [f"C1:none::{number}:none:confirmed" for number in range(entries - len(names))]
    steward = office.keys.stewards()[0]
    office.write([encode(retraction(steward, office.pack.id, name, "measured")) for name in names])


def indonesia(folder: Path) -> Iterator[Row]:
    """Yield the rows of the largest nation at hand: its log published from nothing, and verified by a stranger."""
    script = (ROOT / "examples" / "indonesia-2019" / "site").read_text()
    steps = [line for line in script.splitlines() if not line.startswith(("golos publish", "golos verify", "here="))]
    made = "\n".join([f"here={ROOT / 'examples' / 'indonesia-2019'}", *steps])
    subprocess.run(["sh", "-c", made, "site", str(INDONESIA), str(folder)], check=True, capture_output=True, cwd=ROOT)
    for what, arguments in (
        ("publish 813,336 stations", ["-m", "golos", "publish", str(folder), "--out", str(folder / "public")]),
        ("  verify them", [str(ROOT / "verify" / "golos_verify.py"), str(folder / "public"), "--quiet"]),
    ):
        begun, before = time.perf_counter(), cpu_of_children()
        memory = most_memory([sys.executable, *arguments])
        limits = ("limit", 900.0, "≤ 1") if "publish" in what else ("", None, "")
        yield Row(what, time.perf_counter() - begun, "s", *limits)
        yield Row("  processor time", cpu_of_children() - before, "s CPU")
        yield Row(
            "  memory, all processes", memory / 1e9, "GB", *(("limit", 4.0, "≤ 1") if limits[0] else ("", None, ""))
        )


def most_memory(command: Sequence[str]) -> int:
    """Run a command and return the most resident bytes that it and its children had at a time, each counted whole."""
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(resident(pid) for pid in family(process.pid)))
            time.sleep(0.5)
    assert process.returncode == 0, command
    return most


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it (Linux)."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def resident(pid: int) -> int:
    """Return the resident bytes of a process, 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


@contextmanager
def everywhere() -> Iterator[Spent]:
    """Measure the block as `spent` does, the processes that it starts included."""
    before = cpu_of_children()
    with spent() as sums:
        yield sums
    sums.cpu += cpu_of_children() - before
