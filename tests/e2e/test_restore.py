"""Line 3: a restored backup can't fork the log. Nothing signs from it until an operator says that all else is lost."""

import hashlib
import shutil
import time

import pytest
from tests.e2e.living import CONTEST, Living, golos

from golos.app import App
from golos.credential.keys import keys_of
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.model.problem import Problem

pytestmark = pytest.mark.xdist_group("e2e")  # the demo runs once, on one worker


def cast(living, number):
    """Send ballots; return their receipts by name as soon as they are there."""
    ballots = [v.ballot(living.station, ((CONTEST, ("zaria",)),), 1) for v in living.voters(number)]
    names = [living.road.envelope(ballot.envelope) for ballot in ballots]
    receipts, deadline = {}, time.monotonic() + 30
    while len(receipts) < number:
        assert time.monotonic() < deadline
        receipts = {name: data for name in names if (data := living.road.receipt(name))}
    return receipts


def contents(living):
    """Return what an operator must not see changed: the store and the guard, byte for byte."""
    paths = [path for top in ("data", "guard") for path in (living.folder / top).rglob("*") if path.is_file()]
    return {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in paths if p.suffix not in (".lock", ".db-shm")}


@pytest.fixture(scope="module")
def history(founded, tmp_path_factory):
    """An election whose data folder is an older one: (folder, receipts from before the backup, receipts from after)."""
    folder = tmp_path_factory.mktemp("restored")
    living = Living.copy(founded, folder / "election")
    try:
        living.start()
        before = cast(living, 3)
        living.stop()
        shutil.copytree(living.folder / "data", folder / "backup")
        living.start()
        after = cast(living, 3)
    finally:
        living.stop()
    shutil.rmtree(living.folder / "data")
    shutil.move(folder / "backup", living.folder / "data")
    return living.folder, before, after


@pytest.fixture
def restored(history, tmp_path):
    folder, before, after = history
    living = Living.copy(folder, tmp_path / "copy")
    yield living, before, after
    living.kill()


def test_nothing_signs_from_an_older_store(restored):
    living, _, _ = restored
    kept = contents(living)
    for command in (
        ("serve", living.folder),
        ("staff", "grant", living.folder, "ab" * 32, "--role", "reader"),
        ("freeze", living.folder),
        ("log", "recover", living.folder, "--yes"),
    ):
        done = golos(*command)
        said = " ".join(done.stderr.split())
        assert done.returncode == 1, command
        assert "guard: knows" in said and "Signing could fork the log" in said and "operations.md" in said, said
        assert "Traceback" not in said
    assert contents(living) == kept
    with pytest.raises(Problem) as caught:
        App(living.folder)
    assert caught.value.code == "log.refused"


def test_reading_goes_on(restored):
    """What is there can be counted and checked: only signing is refused."""
    living, _, _ = restored
    assert golos("count", living.folder).returncode == 0
    assert golos("log", "fsck", living.folder).returncode == 0


def test_recovery_says_what_is_lost_and_does_nothing_without_a_yes(restored):
    living, _, _ = restored
    (living.folder / "guard/log.json").rename(living.folder / "guard/log.lost.json")
    kept = contents(living)
    done = golos("log", "recover", living.folder)
    assert done.returncode == 1 and "Nothing was changed" in done.stdout
    assert f"{living.office.journal.head().size} entries" in done.stdout
    assert contents(living) == kept
    for command in (("serve", living.folder), ("freeze", living.folder)):
        done = golos(*command)
        assert done.returncode == 1 and "guard: has no memory of this log" in " ".join(done.stderr.split())
    assert contents(living) == kept


def test_with_the_guard_put_away_and_a_yes_it_goes_on_and_lost_receipts_are_evidence(restored):
    """Whoever holds a receipt of the lost part can prove that the log has had another tree of that size."""
    living, before, after = restored
    (living.folder / "guard/log.json").rename(living.folder / "guard/log.lost.json")
    done = golos("log", "recover", living.folder, "--yes")
    assert done.returncode == 0 and "Recovered at" in done.stdout, done.stderr
    living.start()
    new = cast(living, 3)
    keys = keys_of(living.pack)
    policy = Policy.of(keys.log, keys.witnesses, keys.quorum)
    for name in [*before, *new]:
        Receipt.parse(living.road.receipt(name)).verify(name, policy)
    assert [living.road.receipt(name) for name in after] == [None] * len(after)
    living.stop()
    app = App(living.folder)
    try:
        old = policy.accept(Receipt.parse(next(iter(after.values()))).checkpoint)
        assert app.sequencer.tree.size >= old.size and app.sequencer.tree.root(old.size) != old.root
    finally:
        app.close()


def test_a_lost_store_with_its_guard_is_not_a_new_election(living):
    shutil.rmtree(living.folder / "data")
    done = golos("serve", living.folder)
    assert done.returncode == 1 and "guard: knows" in " ".join(done.stderr.split())
