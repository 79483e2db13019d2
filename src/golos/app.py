"""App: golos.toml to a running election. The composition root, and the only importer of stores."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing
from pathlib import Path

import structlog

from golos.ceremony.founding import found
from golos.ceremony.keys import KeyFolder, Plan
from golos.config import DEFAULT, FILE, Config, read_config
from golos.credential.keys import keys_of
from golos.desk import codes, room
from golos.desk.assignment import Assignment
from golos.desk.machine import machine_of
from golos.desk.records import Records
from golos.desk.roll import Roll
from golos.doors.web import server, site, tus
from golos.doors.web.services import Desk, Services
from golos.intake.admission import Admission
from golos.intake.dispute import Disputes
from golos.intake.pack import load
from golos.intake.photo import Named, PhotoIntake
from golos.intake.standing import Standing
from golos.intake.totals import Totals
from golos.ledger.follower import Follower
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.ports import Row, StoreFull, Waiting
from golos.roles import register, sequencer
from golos.stores.embedded import Stores, open_stores

_LOG = structlog.get_logger("golos")


class App:
    """One election, open for writing: whoever has an App is the only one (the store's lock and the guard's)."""

    def __init__(self, folder: Path, *, recover: bool = False) -> None:
        """Raises Problem ``store.in_use``, ``log.refused`` and those of pack, keys and configuration."""
        self.config = read_config(folder)
        self.pack, self.keys = load(self.config.pack), KeyFolder(self.config.keys)
        self.stores = open_stores(self.config.data)
        try:
            self.sequencer = sequencer(self.config, self.pack, self.keys, self.stores.journal, recover=recover)
        except BaseException:
            self.stores.close()
            raise
        self._ticked = time.monotonic()

    def close(self) -> None:
        """Let another have the election."""
        self.sequencer.close()
        self.stores.close()

    def write(self, records: Sequence[bytes], blobs: Sequence[bytes] = ()) -> None:
        """Make blobs, then records durable, and have a checkpoint cover them."""
        self.stores.blobs.put(blobs)
        self.stores.journal.admit([Row(record) for record in records])
        self.sequencer.publish(force=True)

    def serve(self, ready: Callable[[], None]) -> None:
        """Run the doors until SIGINT or SIGTERM; ``ready`` is called when they open."""

        async def announce() -> None:
            ready()

        services = self.services(announce)
        server.run(lambda: site.create(services), self.config.web.host, self.config.web.port)

    def services(self, *background: Callable[[], Coroutine[None, None, None]]) -> Services:
        """Return every role, in one process."""
        pack, stores = self.pack, self.stores
        totals, roll, assignment = Totals(keys_of(pack).cohorts), Roll(), Assignment()
        standing, named, slips = Standing(pack.policy.records_per_key), Named(), codes.Codes(pack)
        follower = Follower(stores.journal, [totals, roll, assignment, standing, named, slips])
        reading = room.Room(
            pack.id,
            [self.keys.sealing("room")],
            self.keys.signing("machine"),
            machine_of(pack, self.config.pack),
            stores.blobs,
            stores.vault,
            stores.work,
            stores.journal,
            assignment,
            slips,
        )
        records = Records(pack, roll, assignment, stores.journal, follower, self.sequencer.tree, stores.blobs)
        photos = PhotoIntake(
            pack, self.keys.signing("receiver"), stores.blobs, stores.journal, self.config.data / "uploads", named
        )
        enrolment = register(self.config, pack, self.keys, stores.vault, stores.journal)
        return Services(
            pack=pack,
            pack_folder=self.config.pack,
            journal=stores.journal,
            follower=follower,
            log=self.sequencer,
            fresh=self._fresh,
            totals=totals,
            admission=Admission(pack, [self.keys.sealing("intake")], standing, stores.journal),
            register=enrolment,
            disputes=Disputes(enrolment, stores.vault, pack.regions),
            desk=Desk(roll, assignment, reading, records),
            photos=tus.routes(photos),
            public=self.config.public,
            mirrors=self.config.folder / "mirrors",
            background=[lambda: self._tick(follower), reading.run, *background],
        )

    async def _tick(self, follower: Follower) -> None:
        """Publish a checkpoint at each tick over a full batch, or over what has waited since the tick before.

        Witnesses that gave no cosignature are asked again at the next tick.
        """
        force = False
        while True:
            await asyncio.sleep(self.pack.policy.checkpoint_every)
            try:
                waited = bool(await asyncio.to_thread(self.stores.journal.read, Waiting(1)))
                moved = await asyncio.to_thread(self.sequencer.publish, force)
                force = moved is None and (waited or self.sequencer.final.size < self.sequencer.signed.size)
                self._ticked = time.monotonic()
                await follower.catch_up()
            except Exception as error:  # whatever it is, the next tick tries again: the log must not stand still
                told = isinstance(error, Problem | StoreFull)
                _LOG.error("no checkpoint", why=str(error) if told else type(error).__name__)

    def _fresh(self) -> bool:
        late = time.monotonic() - self._ticked > 3 * self.pack.policy.checkpoint_every + 5
        return not late and self.sequencer.final.size == self.sequencer.signed.size


def open_reader(config: Config) -> Stores:
    """Open the stores to read, beside a server that writes."""
    return open_stores(config.data, readonly=True)


def found_election(folder: Path, plan: Plan) -> Pack:
    """Found the election whose pack is in ``folder/pack``: its keys, golos.toml, the first checkpoints of its log."""
    founded = found(folder, plan)
    if not (folder / FILE).exists():
        (folder / FILE).write_text(DEFAULT, encoding="utf-8")
    with closing(App(folder)) as app:
        app.write(founded.grants)
    return founded.pack
