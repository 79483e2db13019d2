"""Office: what the commands need of an election that has been founded. The composition root provides it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from golos.ceremony.keys import KeyFolder, Plan
from golos.count.log import Log
from golos.model.pack import Pack
from golos.ports import Blobs, Head, Journal, Vault


class Office(Protocol):
    """An election on this machine, open for reading; `write` takes the lock or goes through the running server."""

    @property
    def folder(self) -> Path:
        """The election's folder."""
        ...

    @property
    def pack(self) -> Pack:
        """Its pack."""
        ...

    @property
    def keys(self) -> KeyFolder:
        """The private keys that are on this machine."""
        ...

    @property
    def journal(self) -> Journal:
        """The journal, to read."""
        ...

    @property
    def blobs(self) -> Blobs:
        """The blobs, to read."""
        ...

    @property
    def vault(self) -> Vault:
        """The vault, to read."""
        ...

    def head(self) -> Head:
        """Return the newest final checkpoint."""
        ...

    def log(self) -> Log:
        """Return the log under that checkpoint, as the count reads it; no record is closed to this machine."""
        ...

    def pack_files(self) -> dict[str, bytes]:
        """Return the files of the pack by name."""
        ...

    def sealed(self, index: int) -> bytes:
        """Return the sealed inner part of the ballot at that leaf."""
        ...

    def write(self, records: Sequence[bytes], blobs: Sequence[bytes] = ()) -> None:
        """Make blobs, then records durable, and have a checkpoint cover them. Raises Problem, StoreFull."""
        ...


class Offices(Protocol):
    """Where commands get an election from."""

    def found(self, folder: Path, plan: Plan) -> Pack:
        """Found the election whose pack is in ``folder/pack``."""
        ...

    def open(self, folder: Path) -> Office:
        """Open a founded election. Raises Problem if there is none."""
        ...

    def log(self, folder: Path) -> Log:
        """Return the log of a founded election, or of a published folder, for the count. Raises Problem."""
        ...

    def pack_files(self, folder: Path) -> dict[str, bytes]:
        """Return the files of the pack of an election, or of a published folder, by name."""
        ...

    def serve(self, folder: Path, ready: Callable[[], None], *, recover: bool = False) -> None:
        """Run the server until it is told to stop; call ``ready`` when the doors are open.

        ``recover``: as `golos.ledger.sequencer.Sequencer` has it.
        """
        ...

    def recover(self, folder: Path) -> Head:
        """Start the sequencer of a restored store that has no guard file; return its head. Raises Problem."""
        ...
