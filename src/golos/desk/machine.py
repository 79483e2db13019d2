"""Machine: what the reader of photographs says becomes what an entry may say. It reads for the record, not for people.

Only a sure reading is said; every doubt is left to people, who look at each photograph in any case. What else was seen,
the evidence and what copies are known by, are notes that stay in the reading room.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import msgspec

from golos.model.ballot import Choices
from golos.model.entry import Status
from golos.model.pack import Pack
from golos.model.packfiles import FORM
from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.form import read_form
from golos.photo.look import Look, fatal
from golos.photo.reader import Sight
from golos.photo.sandbox import WorkerDied

TRIES = 3
"""Times that a photograph may end its worker, before it is taken for damaged, or for an attack."""
WORKERS = 4
"""Sandboxes at the most, one for each processor; each takes up to 150 MB."""


UNSEEN = msgspec.msgpack.encode(Sight(Answer("review", ("doubt",)), b""))
"""The notes of a photograph that could not be looked at safely: the machine says nothing of it, and never will."""


class Again(Exception):
    """The worker died. Others' photographs go first; then this one is looked at once more."""


@dataclass(frozen=True, slots=True)
class Seen:
    """``status`` None: the machine says nothing. ``notes`` are a packed `golos.photo.reader.Sight`."""

    status: Status | None
    choices: Choices
    notes: bytes


class Machine:
    """Reads the photographs of one contest's ballots, each in a sandbox. Calls may come from any thread, ``workers`` of
    them at once; one more waits for its turn.
    """

    def __init__(self, looks: Sequence[Look], contest: str) -> None:
        self.workers = len(looks)
        self._contest = contest
        self._free: SimpleQueue[Look] = SimpleQueue()
        for look in looks:
            self._free.put(look)

    def see(self, picture: bytes, tries: int) -> Seen:
        """Return what the ``picture`` shows, at the ``tries``-th look.

        Raises Again; Problem ``sandbox.unavailable`` where nothing can be looked at safely.
        """
        look = self._free.get()
        try:
            sight = look.once(picture)
        except WorkerDied as died:
            if tries < TRIES:
                raise Again from None
            sight = Sight(fatal(died.reason), b"")
        finally:
            self._free.put(look)
        status, choices = self._said(sight.answer)
        return Seen(status, choices, msgspec.msgpack.encode(sight))

    def said(self, notes: bytes) -> tuple[Status | None, Choices]:
        """Return what was said of the photograph with these notes."""
        return self._said(_answer(notes))

    @staticmethod
    def code(notes: bytes) -> str | None:
        """Return the nine digits seen beside the ballot, sure or not: an unsure one that is the sender's is no chance.

        Two codes differ in two digits at least; a reading that is wrong in both and meets the one expected is not to be
        feared, while one that was read with doubt is nearly always meant so.
        """
        seen = _answer(notes).evidence.get("code", {}).get("seen")
        return str(seen) if seen else None

    def _said(self, answer: Answer) -> tuple[Status | None, Choices]:
        if answer.status == "read":
            return "ballot", ((self._contest, answer.marked),)
        if "undecodable" in answer.reasons:
            return "unreadable", ()
        return ("not_a_ballot", ()) if "not a form" in answer.reasons and answer.status == "rejected" else (None, ())


def _answer(notes: bytes) -> Answer:
    return msgspec.msgpack.decode(notes, type=Sight).answer


def machine_of(pack: Pack, folder: Path) -> Machine | None:
    """Return the machine that reads by the pack's form, which lies in ``folder``; None: the pack has none.

    Raises Problem ``form.mistakes``, ``form.options``.
    """
    if FORM not in (name for name, _, _ in pack.files):
        return None
    form = read_form(folder / FORM)
    if form.kind != "ballot":
        raise Problem("form.options", FORM, "is no ballot.", "The pack's form is the ballot paper of a contest.")
    contest = contest_of(pack, [box.id for box in form.current.boxes])
    looks = [Look(form, code=pack.policy.binding) for _ in range(min(os.cpu_count() or 1, WORKERS))]
    return Machine(looks, contest)


def contest_of(pack: Pack, boxes: Sequence[str]) -> str:
    """Return the id of the contest that has an option for every box. Raises Problem ``form.options``."""
    for contest in pack.contests:
        if set(boxes) <= {option.id for option in contest.options}:
            return contest.id
    told = "has boxes that are not all options of one contest."
    raise Problem("form.options", FORM, told, "Give each box the id of its option in options.csv.")
