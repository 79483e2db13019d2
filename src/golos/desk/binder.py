"""Binder: says which photographs show the code of their sender, and lets them stand for all equal pictures.

Whoever gets hold of a picture's file can send it before its owner does. Of equal pictures the first one looked at
stands and the others are copies of it, until one is bound: then that one stands, and the first is a copy of it.
"""

from golos.desk.codes import Codes
from golos.desk.machine import Again, Machine
from golos.desk.notes import Notes
from golos.desk.pen import Pen
from golos.model.entry import Binding, Reading


class Binder:
    """Compares the code that the machine noted with those of the ballots that name the photograph.

    A photograph is matched when it has been looked at and when a ballot names it, whichever comes last: the notes are
    durable before the codes are asked for, and a ballot's code is known before its job asks for the notes.
    """

    def __init__(self, codes: Codes, notes: Notes, pen: Pen) -> None:
        self._codes = codes
        self._notes = notes
        self._pen = pen

    def said(self, machine: Machine, photo: bytes, first: bytes) -> list[Reading | Binding]:
        """Return what the log is told of a photograph whose picture was looked at as that of ``first``.

        Nothing where no ballot names it, or none whose code it shows. Raises Again if ``first`` is still being looked
        at; Missing.
        """
        codes = self._codes.of(photo)
        notes = self._notes.of(first) if codes else None
        if notes is None:
            if codes and photo != first:
                raise Again
            return []
        seen = machine.code(notes)
        senders = sorted(key for key, code in codes.items() if code == seen)
        bindings = [self._pen.binding(photo, sender) for sender in senders]
        return [*bindings, *self._instead(machine, notes, photo, first)] if bindings and photo != first else [*bindings]

    def _instead(self, machine: Machine, notes: bytes, photo: bytes, first: bytes) -> list[Reading]:
        """Let a bound photograph stand in the place of the equal one that was first, unless that is bound too."""
        status, choices = machine.said(notes)
        said = [self._pen.reading(photo, status, choices)] if status else []
        if machine.code(notes) not in self._codes.of(first).values():
            said.append(self._pen.reading(first, "copy", copy_of=photo))
        return said
