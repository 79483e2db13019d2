"""kill -9 in the middle of the traffic, several times: what was acknowledged is in the log, once."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest
from tests.e2e.living import CONTEST, golos

from golos.credential.keys import keys_of
from golos.credential.sealing import seal_photo
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.model.entry import Ballot, PhotoReceived, decode_entry
from golos.model.record import digest, kind_of

pytestmark = pytest.mark.xdist_group("e2e")  # the demo runs once, on one worker

VOTERS, EACH, KILLS = 16, 12, 3


def until_answered(ask, *arguments):
    """Ask again while nobody is there, as a telephone does."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return ask(*arguments)
        except (OSError, HTTPException):
            assert time.monotonic() < deadline, "the server stays away"


class Traffic:
    """Voters who send one ballot after the other, each with a photograph at the end, and don't give up."""

    def __init__(self, living):
        self._living = living
        self.acknowledged, self.photos, self._gate = [], {}, threading.Lock()
        self._noise = random.Random(1)

    def send(self, voter):
        pack = self._living.pack
        sealed = seal_photo(self._noise.randbytes(20_000), keys_of(pack).room, pack.id)
        for sequence in range(1, EACH + 1):
            photo = digest(sealed) if sequence == EACH else None
            ballot = voter.ballot(self._living.station, ((CONTEST, ("zaria",)),), sequence, photo)
            name = until_answered(self._living.road.envelope, ballot.envelope)
            with self._gate:
                self.acknowledged.append(name)
        until_answered(self._living.road.photo, sealed, digest(sealed))
        with self._gate:
            self.photos[digest(sealed)] = sealed


@pytest.fixture
def traffic(living):
    """Run all of the traffic through a server that is killed as often as KILLS says."""
    traffic, voters = Traffic(living), living.voters(VOTERS)
    living.start()
    with ThreadPoolExecutor(VOTERS) as pool:
        sending = [pool.submit(traffic.send, voter) for voter in voters]
        for kill in range(1, KILLS + 1):
            while len(traffic.acknowledged) < kill * VOTERS * EACH // (KILLS + 1):
                for done in [done for done in sending if done.done()]:
                    done.result()  # says why a voter gave up
                time.sleep(0.002)
            living.kill()
            living.start()
        for done in sending:
            done.result()
    return traffic


def test_what_was_acknowledged_is_in_the_log_once_and_has_its_receipt(living, traffic):
    assert len(set(traffic.acknowledged)) == len(traffic.acknowledged) == VOTERS * EACH
    keys = keys_of(living.pack)
    policy = Policy.of(keys.log, keys.witnesses, keys.quorum)
    for name in traffic.acknowledged:
        Receipt.parse(receipt(living, name)).verify(name, policy)
    living.kill()  # and the files alone have to say the same

    records = living.office.log().records
    assert set(Counter(map(digest, records)).values()) == {1}
    ballots = [record for record in records if kind_of(record) == "ballot"]
    assert {digest(record) for record in ballots} == set(traffic.acknowledged)
    assert {e.sequence for e in map(decode_entry, ballots) if isinstance(e, Ballot)} == set(range(1, EACH + 1))
    for index, record in enumerate(records):
        if kind_of(record) == "ballot":
            assert digest(living.office.sealed(index)) == decode_entry(record).sealed

    received = [e.photo for e in map(decode_entry, records) if isinstance(e, PhotoReceived)]
    assert sorted(received) == sorted(traffic.photos) and len(received) == VOTERS
    for name, sealed in traffic.photos.items():
        assert living.office.blobs.get(name) == sealed

    assert golos("log", "fsck", living.folder).returncode == 0
    # Three starts after a kill, and none of them had anything to complain of.
    assert "rror" not in living.said and "Problem" not in living.said


def receipt(living, name):
    """Return the receipt as soon as there is one; a checkpoint is due every second or two."""
    deadline = time.monotonic() + 30
    while (data := living.road.receipt(name)) is None:
        assert time.monotonic() < deadline, "acknowledged, and never under a checkpoint"
        time.sleep(0.2)
    return data
