"""Counting: the count and the independent verifier beside the signatures that both must verify."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.living import Living
from tests.bench.measure import Row, cpu_of_children, each, in_turn, seconds, spent

from golos.ceremony.freeze import freeze, sign_jointly
from golos.ceremony.opening import open_ballots
from golos.ceremony.shares import restore
from golos.count.recount import recount
from golos.credential.keys import keys_of
from golos.credential.sealing import SealingKey
from golos.credential.token import Redemption
from golos.doors.cli.results import publish_election, verifier
from golos.model.ballot import Ballot
from golos.model.ed25519 import verify
from golos.model.entry import decode_entry
from golos.model.record import signing_input


def measure(living: Living, folder: Path) -> Iterator[Row]:
    """Yield the rows: freeze, open, count, publish and verify the ballots that the log holds."""
    office = living.office
    stewards = living.keys.stewards()
    office.write([freeze(office.pack, office.head(), stewards)])
    shares = living.keys.shares()[: keys_of(office.pack).threshold]
    with spent() as opening:
        opened = open_ballots(living.office.log(), living.office.sealed, SealingKey(restore(shares)))
    office.write([sign_jointly(office.pack, opened.draft, stewards)], [opened.blob])
    publish_election(living.office, folder / "public")
    number = len(living.submissions)
    assert recount(living.office.log()).ballots.opened == number
    bare, counting, verifying, start = in_turn(
        lambda: bare_verification(living),
        lambda: seconds(lambda: recount(living.office.log())),
        lambda: _run(str(folder / "public")),
        lambda: _run("--help"),
    )
    yield Row(f"count {number:,} ballots", counting, "s CPU", "bare checks", bare, "≤ 1.3")
    yield Row(f"open {number:,} ballots", opening.cpu, "s CPU", "bare checks", bare)
    yield Row("golos_verify.py, less start", verifying - start, "s CPU", "bare checks", bare, "≤ 2")


def bare_verification(living: Living) -> float:
    """Return the seconds that the log's signatures and tokens take."""
    pack = living.office.pack
    redemption = Redemption(keys_of(pack), pack.id)
    ballots = [(r, e) for r in living.office.log().records if r and isinstance(e := decode_entry(r), Ballot)]

    def check(number: int) -> None:
        record, ballot = ballots[number]
        assert verify(ballot.key, signing_input(record), ballot.signature)
        assert redemption.cohort(ballot.token, ballot.key)

    return each(check, len(ballots)) * len(ballots) / 1e6


def _run(argument: str) -> float:
    before = cpu_of_children()
    done = subprocess.run([sys.executable, verifier(), argument], check=False, capture_output=True)
    assert done.returncode == 0, done.stdout.decode()
    return cpu_of_children() - before
