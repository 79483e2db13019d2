"""Offices: how the commands reach an election: reading beside a running server, writing with the lock or through it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from golos.app import App, found_election, open_reader
from golos.ceremony.keys import KeyFolder, Plan
from golos.config import read_config
from golos.count.log import Log, cuts_of, inners_of
from golos.credential.keys import keys_of
from golos.doors.cli.remote import send
from golos.intake.pack import load, read_folder
from golos.ledger.policy import Policy
from golos.model.entry import decode_entry
from golos.model.pack import Pack
from golos.model.packfiles import belongs
from golos.model.problem import Problem
from golos.ports import Blobs, Head, Journal, Positions, Row, Vault
from golos.publish.published import INDEX, read_log


class LocalOffice:
    """An `golos.doors.cli.office.Office` over a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._config = read_config(folder)
        self._stores = open_reader(self._config)
        self.journal: Journal = self._stores.journal
        self.blobs: Blobs = self._stores.blobs
        self.vault: Vault = self._stores.vault
        self.keys = KeyFolder(self._config.keys)

    @cached_property
    def pack(self) -> Pack:
        """The pack; raises Problem ``pack.changed`` if it is not the one that the log begins with."""
        pack = load(self._config.pack)
        first = decode_entry(self.journal.read(Positions(0, 1))[0].record)
        if first.election != pack.id:
            raise Problem(
                "pack.changed",
                str(self._config.pack),
                f"is not the pack of this log ({first.election.hex()[:8]}): it was changed after it was signed.",
                "Undo the change: a signed pack is never edited.",
            )
        return pack

    def head(self) -> Head:
        """Return the newest final checkpoint; raises Problem if its witnesses are too few."""
        keys, head = keys_of(self.pack), self.journal.head()
        Policy.of(keys.log, keys.witnesses, keys.quorum).accept(head.checkpoint)
        return head

    def log(self) -> Log:
        """Return the log under that checkpoint."""
        head = self.head()
        rows = self._rows(head.size)
        log = Log(self.pack, [row.record for row in rows], {}, self.blobs.get, head.size, head.root)
        opening = cuts_of(log).opening
        return log if opening is None else replace(log, inners=inners_of(self.blobs.get(opening.openings)))

    def pack_files(self) -> dict[str, bytes]:
        """Return the files of the pack by name."""
        return {name: data for name, data in read_folder(self._config.pack).items() if belongs(name)}

    def sealed(self, index: int) -> bytes:
        """Return the sealed inner part of the ballot at that leaf."""
        return self._rows(index + 1)[index].sealed

    def write(self, records: Sequence[bytes], blobs: Sequence[bytes] = ()) -> None:
        """Make blobs, then records durable, and have a checkpoint cover them."""
        try:
            app = App(self.folder)
        except Problem as problem:
            if problem.code != "store.in_use":
                raise
            send(self._config.web.host, self._config.web.port, self.pack.id, self.keys.signing("clerk"), records, blobs)
            return
        try:
            app.write(records, blobs)
        finally:
            app.close()

    def _rows(self, size: int) -> list[Row]:
        if len(self._read) < size:
            self._read += self.journal.read(Positions(len(self._read), size))
        return self._read

    @cached_property
    def _read(self) -> list[Row]:
        return []


class LocalOffices:
    """`golos.doors.cli.office.Offices` of this machine."""

    def found(self, folder: Path, plan: Plan) -> Pack:
        """Found the election."""
        return found_election(folder, plan)

    def open(self, folder: Path) -> LocalOffice:
        """Open a founded election."""
        return LocalOffice(folder)

    def log(self, folder: Path) -> Log:
        """Return the log of an election of this machine, or of a published folder."""
        return read_log(folder, load(folder / "pack")) if (folder / INDEX).exists() else self.open(folder).log()

    def pack_files(self, folder: Path) -> dict[str, bytes]:
        """Return the files of the pack by name."""
        return read_folder(folder / "pack") if (folder / INDEX).exists() else self.open(folder).pack_files()

    def serve(self, folder: Path, ready: Callable[[], None], *, recover: bool = False) -> None:
        """Run the server."""
        app = App(folder, recover=recover)
        try:
            app.serve(ready)
        finally:
            app.close()

    def recover(self, folder: Path) -> Head:
        """Start the sequencer of a restored store."""
        app = App(folder, recover=True)
        try:
            return app.sequencer.signed
        finally:
            app.close()
