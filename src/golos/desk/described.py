"""Described: what copies of a photograph are known by, out of the notes that the reading room sealed beside it."""

from collections.abc import Mapping, Sequence

import msgspec

from golos.desk.notes import Notes
from golos.model.problem import Problem
from golos.photo.reader import Sight
from golos.ports import Missing


class Described:
    """Descriptors by photograph. ``same``: photographs of the same picture, of which the machine has looked at one."""

    def __init__(self, notes: Notes, same: Mapping[str, Sequence[str]]) -> None:
        self._notes = notes
        self._same = same

    def of(self, photo: str) -> bytes | None:
        """Return the descriptor, packed; None where no machine has looked, or could see nothing.

        Raises Problem ``sealed.unknown_key`` where this machine has the key of another reading room.
        """
        names = (photo, *self._same.get(photo, ()))
        return next((packed for name in names if (packed := self._noted(bytes.fromhex(name)))), None)

    def _noted(self, photo: bytes) -> bytes | None:
        try:
            notes = self._notes.of(photo)
            return msgspec.msgpack.decode(notes, type=Sight).descriptor if notes else None
        except (Missing, msgspec.DecodeError):
            return None
        except Problem as problem:
            if problem.code == "sealed.unknown_key":
                raise
            return None  # damaged: there is nothing to compare
