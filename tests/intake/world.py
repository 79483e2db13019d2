"""A small election with all its real parts: keys, an embedded store, a sequencer, every use case, the web door."""

import asyncio
import hashlib
import threading
from contextlib import contextmanager
from datetime import date
from functools import cache, partial
from socket import socket

import httpx

from golos.credential.blindrsa import PrivateKey
from golos.credential.issuer import Issuer
from golos.credential.keys import cohort_public, new_cohort_keys
from golos.credential.observer import Observer
from golos.credential.pepper import Pepper
from golos.credential.sealing import SealingKey, seal_photo
from golos.credential.staff import Staff
from golos.credential.steward import accredit, jointly_signed, staff_key
from golos.credential.voter import Voter
from golos.desk.assignment import Assignment
from golos.desk.codes import Codes as Slips
from golos.desk.records import Records
from golos.desk.roll import Roll
from golos.desk.room import Room, jobs
from golos.doors.web import server
from golos.doors.web.services import Desk, Services
from golos.doors.web.site import create
from golos.intake.admission import Admission
from golos.intake.codes import Codes, Limits
from golos.intake.dispute import Disputes
from golos.intake.register import Register
from golos.intake.standing import Standing
from golos.intake.totals import Totals
from golos.ledger.follower import Follower
from golos.ledger.note import Signer
from golos.ledger.policy import Policy as LogPolicy
from golos.ledger.sequencer import Sequencer
from golos.model.ed25519 import SigningKey
from golos.model.entry import Freeze, PackEntry, PhotoReceived
from golos.model.pack import Area, Cohort, Contest, Keys, Line, Option, Organisation, Pack, Policy, Station
from golos.model.record import encode, signed
from golos.ports import Row
from golos.stores.embedded import open_stores

TODAY = date(2020, 8, 4)
PRESIDENT = (("president", ("one",)),)


@cache
def cohort_keys() -> list[PrivateKey]:
    """RSA keys are slow to make: once per test process."""
    return new_cohort_keys(3)


class Election:
    """The pack and every private key."""

    def __init__(self, folder, **policy):
        private = cohort_keys()
        self.cohorts = [
            Cohort("2020-W32", "2020-08-03", cohort_public(private[0])),
            Cohort("2020-W33", "2020-08-10", cohort_public(private[1])),
            Cohort("reissue", "", cohort_public(private[2]), reissue=True),
        ]
        self.private = list(zip(self.cohorts, private, strict=True))
        self.stewards = [SigningKey.generate() for _ in range(3)]
        self.registrar, self.receiver, self.organisation, self.machine = (SigningKey.generate() for _ in range(4))
        self.intake, self.room, self.opening = (SealingKey.generate() for _ in range(3))
        self.signer = Signer.generate("log.example/test")
        self.pepper = bytes(range(32))
        self.folder = folder
        (folder / "map").mkdir(parents=True)
        (folder / "election.toml").write_text("# an election\n")
        (folder / "map" / "districts.topo.json").write_text("{}\n")
        names = ("election.toml", "map/districts.topo.json")
        contents = [(name, (folder / name).read_bytes()) for name in names]
        files = tuple((name, hashlib.sha256(content).digest(), len(content)) for name, content in contents)
        self.pack = self._pack(files, Policy(**{"checkpoint_every": 1, "batch": 1, **policy}))

    def _pack(self, files, policy):
        en = {"en": "x"}
        keys = Keys(
            log=self.signer.verifier.vkey(),
            publisher="publisher",
            witnesses=(),
            quorum=0,
            stewards=tuple(s.public for s in self.stewards),
            threshold=2,
            intake=self.intake.public,
            room=self.room.public,
            opening=self.opening.public,
            registrar=self.registrar.public,
            receiver=self.receiver.public,
            issuer="issuer.example",
            cohorts=tuple(self.cohorts),
            organisations=(Organisation("Watchers", self.organisation.public),),
        )
        return Pack(
            id=hashlib.sha256(b"an election").digest(),
            names=en,
            date="2020-08-09",
            round=1,
            cancelled="",
            languages=("en",),
            contests=(Contest("president", en, tuple(Option(o, "president", en) for o in ("one", "two"))),),
            lines=(Line("turnout", "turnout", en), Line("voters", "voters", en)),
            checks=(),
            areas={"n": Area("n", "", "nation", en)},
            stations={code: Station(code, "n", en) for code in ("s1", "s2")},
            policy=policy,
            keys=keys,
            files=files,
            incidents=("expelled",),
            succession={"old1": "s1"},
        )

    def leaf_zero(self):
        draft = PackEntry(1, self.pack.id, self.pack.files, ())
        return encode(jointly_signed(draft, self.stewards[:2]))

    def voter(self, cohort=0):
        """A voter whose token was issued without the gate."""
        voter = Voter(self.pack)
        voter.enrolled(self._sign(cohort, voter.enrol(self.cohorts[cohort])))
        return voter

    def _sign(self, cohort, request):
        from golos.credential.blindrsa import blind_sign

        return blind_sign(self.private[cohort][1], request[3:])

    def observer(self):
        key = SigningKey.generate()
        return Observer(self.pack, key, accredit(self.organisation, self.pack.id, key.public))

    def staff(self, role):
        """A staff member and the steward's grant."""
        staff = Staff(self.pack.id, SigningKey.generate())
        return staff, encode(staff_key(self.stewards[0], self.pack.id, "grant", role, staff.key.public))

    def freeze(self, head):
        return encode(jointly_signed(Freeze(1, self.pack.id, head.size, head.root, ()), self.stewards[:2]))


class FakeChannel:
    """Keeps the last code of every phone instead of sending it."""

    def __init__(self):
        self.codes = {}

    async def send(self, phone, code):
        self.codes[phone] = code


class Beat:
    """A checkpoint every ``every`` seconds over whatever waits."""

    def __init__(self, sequencer, follower, every):
        self.sequencer, self.follower, self.every, self.stopped = sequencer, follower, every, False

    def fresh(self):
        return not self.stopped

    async def run(self):
        while True:
            await asyncio.sleep(self.every)
            await self.once()

    async def once(self):
        head = None if self.stopped else await asyncio.to_thread(self.sequencer.publish, True)
        await self.follower.catch_up()
        return head


class World:
    """One running process: everything between a store in a folder and the services of the door."""

    def __init__(
        self, election, folder, *, limits=None, in_flight_limit=2048, journal=None, public=None, every=0.1, machine=None
    ):
        self.election, pack = election, election.pack
        self.stores = open_stores(folder / "store")
        self.journal = journal(self.stores.journal) if journal else self.stores.journal
        self.sequencer = Sequencer(
            self.stores.journal,
            election.signer,
            election.leaf_zero(),
            folder / "guard",
            policy=LogPolicy.of(pack.keys.log),
            jobs=partial(jobs, binding=pack.policy.binding),
            batch=1,
        )
        self.standing, self.totals = Standing(pack.policy.records_per_key), Totals(pack.keys.cohorts)
        self.roll, self.assignment = Roll(), Assignment()
        slips = Slips(pack)
        views = (self.standing, self.totals, self.roll, self.assignment, slips)
        self.follower = Follower(self.stores.journal, views)
        self.beat = Beat(self.sequencer, self.follower, every)
        self.admission = Admission(pack, [election.intake], self.standing, self.journal, in_flight_limit)
        self.channel = FakeChannel()
        issuer = Issuer(pack.id, election.private, election.registrar, self.stores.vault, lambda: TODAY)
        self.codes = Codes(limits or Limits())
        tag = Pepper(election.pepper).tag
        self.register = Register(tag, self.codes, self.channel, issuer, self.stores.journal)
        stores = self.stores
        self.room = Room(
            pack.id, [election.room], election.machine, machine, stores.blobs, stores.vault, stores.work,
            stores.journal, self.assignment, slips,
        )  # fmt: skip
        self.records = Records(
            pack, self.roll, self.assignment, stores.journal, self.follower, self.sequencer.tree, stores.blobs
        )

        self.services = Services(
            pack=pack,
            pack_folder=election.folder,
            journal=stores.journal,
            follower=self.follower,
            log=self.sequencer,
            fresh=self.beat.fresh,
            totals=self.totals,
            admission=self.admission,
            register=self.register,
            disputes=Disputes(self.register, stores.vault, pack.regions),
            desk=Desk(self.roll, self.assignment, self.room, self.records),
            public=public,
            background=(self.beat.run, self.room.run),
        )

    def close(self):
        self.sequencer.close()
        self.stores.close()

    def rows(self):
        from golos.ports import Positions, Waiting

        size = self.stores.journal.head().size
        return [*self.stores.journal.read(Positions(0, size)), *self.stores.journal.read(Waiting(10**6))]

    def records_of(self, kind):
        from golos.model.record import kind_of

        return [row.record for row in self.rows() if kind_of(row.record) == kind]

    async def photograph(self, picture):
        """Store a sealed picture and its receipt, as the upload does; return its digest."""
        election = self.election
        sealed = seal_photo(picture, election.room.public, election.pack.id)
        (photo,) = await asyncio.to_thread(self.stores.blobs.put, [sealed])
        draft = PhotoReceived(1, election.pack.id, photo, len(sealed), bytes(64))
        await asyncio.to_thread(self.stores.journal.admit, [Row(encode(signed(draft, election.receiver.sign)))])
        return photo


def free_port():
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(world):
    """Serve the world on localhost from a thread of its own; yield a client."""
    port, started = free_port(), threading.Event()
    state = {}

    async def main():
        state["loop"], state["stop"] = asyncio.get_running_loop(), asyncio.Event()
        started.set()
        await server.serve(lambda: create(world.services), "127.0.0.1", port, stop=state["stop"])

    thread = threading.Thread(target=lambda: asyncio.run(main()), name="server", daemon=True)
    thread.start()
    started.wait(5)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        _wait_for(client)
        try:
            yield client
        finally:
            state["loop"].call_soon_threadsafe(state["stop"].set)
            thread.join(10)
            assert not thread.is_alive(), "the server did not stop"


def _wait_for(client):
    import time

    for _ in range(200):
        try:
            client.get("/health")
            return
        except httpx.TransportError:
            time.sleep(0.02)
    raise AssertionError("the server did not start")
