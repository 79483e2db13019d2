"""Intake: a ballot's way to durability, in process and through the HTTP server, beside its bare cryptography."""

import asyncio
import json
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.bench.living import Living
from tests.bench.measure import Row, Sizes, cpu_of, each, in_turn, spent

from golos.credential.keys import keys_of
from golos.credential.sealing import open_envelope
from golos.credential.submission import Submission
from golos.credential.token import Redemption
from golos.demo.run import HOST
from golos.intake.admission import Admission
from golos.intake.standing import Standing
from golos.model.ed25519 import verify
from golos.model.entry import decode_entry
from golos.model.record import digest, signing_input
from golos.stores.embedded import open_stores

_CLIENTS = 2
_ROUNDS = 3


def measure(living: Living, sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield the rows; afterwards the election's log holds all ballots, a share of them sent in each of the rounds."""
    shares, answers = cycle(living.submissions[n::_ROUNDS] for n in range(_ROUNDS)), Answers()
    share: list[Submission] = []

    def bare() -> float:
        share[:] = next(shares)
        return bare_cryptography(living, share)

    bare_cost, within, over = in_turn(
        bare,
        lambda: in_process(living, share, sizes.clients, Path(tempfile.mkdtemp(dir=folder))),
        lambda: over_http(living, share, sizes.clients, folder, answers),
        times=_ROUNDS,
    )
    yield Row("a ballot's bare cryptography", bare_cost, "µs CPU")
    yield Row("accept a ballot in process", within, "µs CPU", "bare", bare_cost)
    yield Row("accept a ballot over HTTP", over, "µs CPU", "in process", within, "≤ 2")
    yield Row(f"202, p99 of {sizes.clients} clients", answers.p99 * 1e3, "ms", "limit", 250.0, "≤ 1")
    yield Row("ballots over HTTP", answers.rate, "/s")


@dataclass(slots=True)
class Answers:
    """The server's answers: how long each took, and the seconds that all of them took."""

    times: list[float] = field(default_factory=list)
    took: float = 0.0

    @property
    def p99(self) -> float:
        """The 99th percentile, in seconds."""
        return sorted(self.times)[int(len(self.times) * 0.99)]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.took


def bare_cryptography(living: Living, share: Sequence[Submission]) -> float:
    """Return the microseconds that opening the envelope and verifying signature and token take."""
    pack, keys = living.office.pack, [living.keys.sealing("intake")]
    redemption = Redemption(keys_of(pack), pack.id)
    entries = [(s.envelope, s.record, decode_entry(s.record)) for s in share]

    def check(number: int) -> None:
        envelope, record, entry = entries[number]
        open_envelope(envelope, keys, pack.id)
        assert verify(entry.key, signing_input(record), entry.signature)
        assert redemption.cohort(entry.token, entry.key)

    return each(check, len(entries))


def in_process(living: Living, share: Sequence[Submission], clients: int, folder: Path) -> float:
    """Return the microseconds of an admission, group commit included, with so many at a time as there are clients."""
    pack, stores = living.office.pack, open_stores(folder)
    standing = Standing(pack.policy.records_per_key)
    admission = Admission(pack, [living.keys.sealing("intake")], standing, stores.journal)
    waiting = iter(share)

    async def client() -> None:
        for one in waiting:
            assert await admission.admit(one.envelope) == digest(one.record)

    async def all_clients() -> None:
        await asyncio.gather(*(client() for _ in range(clients)))

    try:
        with spent() as took:
            asyncio.run(all_clients())
    finally:
        stores.close()
    return took.cpu / len(share) * 1e6


def over_http(living: Living, share: Sequence[Submission], clients: int, folder: Path, answers: Answers) -> float:
    """Return the server's microseconds per ballot; the log holds the share afterwards, ``answers`` what was timed."""
    files = []
    for number in range(_CLIENTS):
        mine = [s.envelope for s in share[number::_CLIENTS]]
        files.append(folder / f"envelopes-{number}")
        files[-1].write_bytes(b"".join(struct.pack(">I", len(one)) + one for one in mine))
    threads = str(max(1, clients // _CLIENTS))
    expected = living.office.head().size + len(share)
    with living.serving() as server:
        before, began = cpu_of(server.pid), time.perf_counter()
        command = [sys.executable, "-m", "tests.bench.client", HOST, str(living.port), threads]
        running = [subprocess.Popen([*command, str(file)], stdout=subprocess.PIPE) for file in files]
        printed = [json.loads(process.communicate()[0]) for process in running]
        used = cpu_of(server.pid) - before
        _wait_for_log(living, expected, began + 60)
    assert sum(a["accepted"] for a in printed) == len(share)
    answers.took += max(a["seconds"] for a in printed)
    answers.times += [t for a in printed for t in a["times"]]
    return used / len(share) * 1e6


def _wait_for_log(living: Living, size: int, deadline: float) -> None:
    """Return once a checkpoint covers so many entries."""
    while living.office.head().size < size:
        if time.perf_counter() > deadline:
            raise TimeoutError("no checkpoint covers the ballots")
        time.sleep(0.2)
