"""A small election with every key, and a vault in memory."""

import threading
from dataclasses import dataclass
from datetime import date

import pytest

from golos.credential.blindrsa import PrivateKey
from golos.credential.issuer import Issuer
from golos.credential.keys import cohort_public, new_cohort_keys
from golos.credential.sealing import SealingKey
from golos.model.ed25519 import SigningKey
from golos.model.pack import Area, Cohort, Contest, Keys, Option, Organisation, Pack, Policy, Station

ELECTION = bytes(range(32))


class MemoryVault:
    """Vault (golos.ports) in a dictionary."""

    def __init__(self):
        self.rows = {}
        self.lock = threading.Lock()

    def put(self, space, name, value):
        with self.lock:
            return self.rows.setdefault((space, name), value)

    def get(self, space, name):
        return self.rows.get((space, name))

    def find(self, space, prefix=b""):
        return sorted((n, v) for (s, n), v in self.rows.items() if s == space and n.startswith(prefix))

    def erase(self, space, name=b""):
        gone = [key for key in self.rows if key[0] == space and (not name or key[1] == name)]
        for key in gone:
            del self.rows[key]
        return len(gone)


@dataclass
class Nation:
    """The pack and all private keys."""

    pack: Pack
    cohorts: list[tuple[Cohort, PrivateKey]]
    stewards: list[SigningKey]
    registrar: SigningKey
    receiver: SigningKey
    organisation: SigningKey
    intake: SealingKey
    room: SealingKey
    opening: SealingKey
    today: date = date(2020, 8, 3)

    def issuer(self, vault):
        return Issuer(self.pack.id, self.cohorts, self.registrar, vault, lambda: self.today)


@pytest.fixture(scope="session")
def nation():
    """Two weeks, one re-issue cohort, three stewards of whom two must sign."""
    private = new_cohort_keys(3)
    cohorts = [
        Cohort("2020-W32", "2020-08-03", cohort_public(private[0])),
        Cohort("2020-W33", "2020-08-10", cohort_public(private[1])),
        Cohort("reissue", "", cohort_public(private[2]), reissue=True),
    ]
    stewards = [SigningKey.generate() for _ in range(3)]
    registrar, receiver, organisation = (SigningKey.generate() for _ in range(3))
    intake, room, opening = (SealingKey.generate() for _ in range(3))
    keys = Keys(
        log="log",
        publisher="publisher",
        witnesses=(),
        quorum=0,
        stewards=tuple(s.public for s in stewards),
        threshold=2,
        intake=intake.public,
        room=room.public,
        opening=opening.public,
        registrar=registrar.public,
        receiver=receiver.public,
        issuer="issuer.example",
        cohorts=tuple(cohorts),
        organisations=(Organisation("Watchers", organisation.public),),
    )
    names = {"en": "x"}
    options = tuple(Option(o, "president", names) for o in ("one", "two"))
    pack = Pack(
        id=ELECTION,
        names=names,
        date="2020-08-09",
        round=1,
        cancelled="",
        languages=("en",),
        contests=(Contest("president", names, options),),
        lines=(),
        checks=(),
        areas={"n": Area("n", "", "nation", names)},
        stations={"s1": Station("s1", "n", names)},
        policy=Policy(),
        keys=keys,
        files=(("election.toml", bytes(32), 10),),
    )
    return Nation(
        pack,
        list(zip(cohorts, private, strict=True)),
        stewards,
        registrar,
        receiver,
        organisation,
        intake,
        room,
        opening,
    )


@pytest.fixture
def vault():
    return MemoryVault()


@pytest.fixture
def issuer(nation, vault):
    nation.today = date(2020, 8, 3)
    return nation.issuer(vault)
