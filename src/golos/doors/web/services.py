"""Services: what the web door needs of the rest. The composition root fills it; a role that is not here is None."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from litestar.types import ControllerRouterHandler

from golos.desk.assignment import Assignment
from golos.desk.records import Records
from golos.desk.roll import Roll
from golos.desk.room import Room
from golos.intake.admission import Admission
from golos.intake.dispute import Disputes
from golos.intake.register import Register
from golos.intake.totals import Totals
from golos.ledger.follower import Follower
from golos.ledger.tree import Tree
from golos.model.pack import Pack
from golos.ports import Head, Journal


class PublicLog(Protocol):
    """What the sequencer shows; nothing above ``final.size`` leaves the door."""

    @property
    def tree(self) -> Tree:
        """The tree of at least the final head's size."""
        ...

    @property
    def final(self) -> Head:
        """The newest head with its quorum of witnesses."""
        ...

    def receipt(self, record_hash: bytes) -> bytes | None:
        """Return the receipt under the final checkpoint, None until the record is under it."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The reading room and the volunteers' work."""

    roll: Roll
    assignment: Assignment
    room: Room
    records: Records


@dataclass(frozen=True, slots=True)
class Services:
    """The roles of this process.

    ``follower`` has all views. ``photos`` are the routes of the resumable upload, ``public`` is the published folder,
    ``mirrors`` the file of the signed list of mirrors.
    ``background`` are loops that run while the server does, each until it is cancelled.
    """

    pack: Pack
    pack_folder: Path
    journal: Journal
    follower: Follower
    log: PublicLog
    fresh: Callable[[], bool]
    totals: Totals
    admission: Admission | None = None
    register: Register | None = None
    disputes: Disputes | None = None
    desk: Desk | None = None
    photos: Sequence[ControllerRouterHandler] = ()
    public: Path | None = None
    mirrors: Path | None = None
    background: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()
