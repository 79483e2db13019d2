"""Binder: says which photographs show the code of their sender, and lets them stand for all equal pictures.

Whoever gets hold of a picture's file can send it before its owner does. Of equal pictures the first one looked at
stands and the others are copies of it, until one is bound: then that one stands, and the first is a copy of it.
"""

from golos.desk.codes import Codes
from golos.desk.machine import Again, Machine
from golos.desk.notes import Notes
from golos.desk.pen import Pen
from golos.desk.typed import Typed
from golos.model.entry import Binding, Reading


class Binder:
    """Compares the digits that the machine noted, or two readers typed, with the codes of the ballots that name the
    photograph.

    A photograph is matched when it has been looked at, when a ballot names it, and when a second reader has typed the
    same, whichever comes last: what was seen is durable before the codes are asked for, and a ballot's code is known
    before its job asks for what was seen.
    """

    def __init__(self, codes: Codes, notes: Notes, typed: Typed, pen: Pen) -> None:
        self._codes = codes
        self._notes = notes
        self._typed = typed
        self._pen = pen

    def said(self, machine: Machine | None, photo: bytes, first: bytes) -> list[Reading | Binding]:
        """Return what the log is told of a photograph whose picture was looked at as that of ``first``.

        Nothing where no ballot names it, or none whose code it shows. Raises Again if ``first`` is still being looked
        at; Missing.
        """
        codes = self._codes.of(photo)
        if not codes:
            return []
        notes = self._notes.of(first) if machine else None
        if machine and notes is None and photo != first:
            raise Again
        seen = self._seen(machine, notes, first)
        bindings = [self._pen.binding(photo, sender) for sender in sorted(codes) if codes[sender] in seen]
        if not bindings or photo == first:
            return [*bindings]
        said: list[Reading | Binding] = [*bindings, *self._reading(machine, notes, photo)]
        if seen.isdisjoint(self._codes.of(first).values()):
            said.append(self._pen.reading(first, "copy", copy_of=photo))
        return said

    def _seen(self, machine: Machine | None, notes: bytes | None, first: bytes) -> frozenset[str]:
        code = machine.code(notes) if machine and notes else None
        return self._typed.agreed(first) | ({code} if code else set())

    def _reading(self, machine: Machine | None, notes: bytes | None, photo: bytes) -> list[Reading]:
        """Say of a bound photograph what the machine said of the equal one that was first."""
        status, choices = machine.said(notes) if machine and notes else (None, ())
        return [self._pen.reading(photo, status, choices)] if status else []
