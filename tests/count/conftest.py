"""A small election with every key, its voters, and a log that is written entry by entry."""

import hashlib
from dataclasses import dataclass, field, replace

import pytest
from count_support import small_pack

from golos.count.count import Count
from golos.count.log import Log, closed_digest, openings_digest
from golos.count.recount import recount
from golos.credential import blindrsa
from golos.credential.keys import cohort_public, new_cohort_keys
from golos.credential.observer import Observer
from golos.credential.staff import Staff
from golos.credential.steward import accredit, jointly_signed, staff_key
from golos.credential.token import Request
from golos.credential.voter import Voter
from golos.model.ed25519 import SigningKey
from golos.model.entry import Enrolment, Freeze, Official, Opening, PhotoReceived, Table
from golos.model.pack import Cohort, Keys, Organisation, Pack
from golos.model.record import encode, signed


@dataclass
class Country:
    """The pack and all private keys."""

    pack: Pack
    cohorts: list
    stewards: list[SigningKey]
    registrar: SigningKey
    receiver: SigningKey
    organisation: SigningKey

    def voter(self, cohort=0) -> Voter:
        public, private = self.cohorts[cohort]
        voter = Voter(self.pack)
        request = voter.enrol(public)
        voter.enrolled(blindrsa.blind_sign(private, Request.decode(request).blinded))
        return voter

    def observer(self) -> Observer:
        key = SigningKey.generate()
        return Observer(self.pack, key, accredit(self.organisation, self.pack.id, key.public))


@dataclass
class Writer:
    """Writes a log; each method returns the index of the entry, or what signs the next ones."""

    country: Country
    records: list = field(default_factory=lambda: [b""])
    inners: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)

    def add(self, entry) -> int:
        self.records.append(entry if isinstance(entry, bytes) else encode(entry))
        return len(self.records) - 1

    @property
    def pack(self) -> Pack:
        return self.country.pack

    def staff(self, role, action="grant", key=None) -> Staff:
        key = key or SigningKey.generate()
        self.add(staff_key(self.country.stewards[0], self.pack.id, action, role, key.public))
        return Staff(self.pack.id, key)

    def received(self, photo) -> int:
        key = self.country.receiver
        return self.add(signed(PhotoReceived(1, self.pack.id, photo, 8192, bytes(64)), key.sign))

    def enrolment(self, cohort=0) -> int:
        key_id = hashlib.sha256(self.country.cohorts[cohort][0].key).digest()
        draft = Enrolment(1, self.pack.id, key_id, bytes(32), bytes(64))
        return self.add(signed(draft, self.country.registrar.sign))

    def table(self, sheet, clerk) -> int:
        rows = hashlib.sha256(sheet.rows).digest()
        self.tables[rows] = sheet.rows
        kind = (sheet.source, sheet.kind, sheet.tier, sheet.contest, sheet.readings, sheet.authority)
        draft = Table(1, self.pack.id, *kind, bytes(32), bytes(32), rows, 0, clerk.key.public, bytes(64))
        return self.add(signed(draft, clerk.key.sign))

    def official(self, area, values, clerk) -> int:
        what = (area, "president", "cec", True, "", 1, 1, tuple(values.items()))
        draft = Official(1, self.pack.id, *what, clerk.key.public, bytes(64))
        return self.add(signed(draft, clerk.key.sign))

    def freeze(self, stewards=2) -> int:
        draft = Freeze(1, self.pack.id, len(self.records), bytes(32), ())
        return self.add(jointly_signed(draft, self.country.stewards[:stewards]))

    def open(self, inners, spoilt=(), withheld=0, stewards=2, ahead=0) -> int:
        """``inners``: leaf index to inner part; ``ahead`` opens leaves that are not there yet."""
        size = len(self.records) + ahead
        draft = Opening(
            1, self.pack.id, size, size, len(inners), openings_digest(inners), closed_digest(()), withheld, spoilt, ()
        )  # fmt: skip
        self.inners = inners
        return self.add(jointly_signed(draft, self.country.stewards[:stewards]))

    def log(self) -> Log:
        return Log(self.pack, self.records, self.inners, self.tables.__getitem__, len(self.records), bytes(32))

    def count(self) -> Count:
        return recount(self.log())


@pytest.fixture(scope="session")
def country():
    """Two cohorts, three stewards of whom two must sign, one organisation."""
    private = new_cohort_keys(2)
    cohorts = [Cohort(f"week {i}", "2029-12-01", cohort_public(key)) for i, key in enumerate(private)]
    stewards = [SigningKey.generate() for _ in range(3)]
    registrar, receiver, organisation = (SigningKey.generate() for _ in range(3))
    keys = Keys(
        log="log",
        publisher="publisher",
        witnesses=(),
        quorum=0,
        stewards=tuple(s.public for s in stewards),
        threshold=2,
        intake=bytes([9]) + bytes(31),
        room=bytes([9]) + bytes(31),
        opening=bytes([9]) + bytes(31),
        registrar=registrar.public,
        receiver=receiver.public,
        issuer="issuer.example",
        cohorts=tuple(cohorts),
        organisations=(Organisation("Watchers", organisation.public),),
    )
    pack = replace(small_pack({"s1": "A", "s2": "A"}), keys=keys, succession={"old": "s1"})
    return Country(pack, list(zip(cohorts, private, strict=True)), stewards, registrar, receiver, organisation)


@pytest.fixture
def writer(country):
    return Writer(country)
