"""Reader: a file's bytes and a form become what is wanted of them: the answer, the code beside the sheet, what copies
are known by. Pure: the same bytes give the same. A fault of our own is raised; who serves strangers catches it.
"""

import time

import msgspec

from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.ballot import read_ballot
from golos.photo.binding_slip import find_slip
from golos.photo.copies.descriptor import describe
from golos.photo.decode import decode
from golos.photo.form import Form
from golos.photo.picture import Picture
from golos.photo.protocol import read_protocol
from golos.photo.sheet import LONGEST, Refusal, Sheet, register


class Sight(msgspec.Struct, frozen=True, array_like=True):
    """What one look at a photograph gives. ``descriptor`` is packed, b"" where it was not wanted or the photograph
    could not be decoded. A picture is in it: it stays packed outside a sandbox.
    """

    answer: Answer
    descriptor: bytes = b""


def read(data: bytes, form: Form) -> Answer:
    """Return what the photograph in ``data`` shows; an undecodable one is an answer too, "rejected"."""
    return see(data, form).answer


def see(data: bytes, form: Form, *, code: bool = False, descriptor: bool = False) -> Sight:
    """Return the answer, and the ``descriptor`` where it is wanted, of one decoding and one search for the sheet.

    A file that can't be decoded is "rejected", and the evidence says why as ``file``. ``code``: look for the one beside
    the ballot too. The evidence has it as ``code``: the digits ``seen``, and whether they are ``sure`` or for people to
    read. ``ms`` is the time of the answer alone, decoding and search included.
    """
    start = time.process_time()
    try:
        picture = decode(data, longest=LONGEST[form.kind])
    except Problem as problem:
        return Sight(unseen(Answer("rejected", ("undecodable",)), problem))
    sheet = register(picture, form)
    answer = answer_of(sheet, form)
    answer = msgspec.structs.replace(answer, ms=round((time.process_time() - start) * 1000, 1))
    if code and isinstance(sheet, Sheet):
        answer = _with_code(answer, picture, sheet)
    return Sight(answer, _described(data, picture, sheet) if descriptor else b"")


def described(data: bytes, form: Form) -> bytes:
    """Return what copies of the photograph are known by, packed, and read nothing. Raises Problem as `decode` does."""
    picture = decode(data, longest=LONGEST[form.kind])
    return _described(data, picture, register(picture, form))


def answer_of(sheet: Sheet | Refusal, form: Form) -> Answer:
    """Return what a registered sheet shows, or why there is none."""
    if isinstance(sheet, Refusal):
        return sheet.answer()
    return read_ballot(sheet) if form.kind == "ballot" else read_protocol(sheet)


def unseen(answer: Answer, problem: Problem) -> Answer:
    """Return the answer to a file that was not looked at, with the reason as evidence."""
    why: dict[str, float | str] = {"code": problem.code, "problem": problem.problem, "remedy": problem.remedy}
    return msgspec.structs.replace(answer, evidence={"file": why})


def _described(data: bytes, picture: Picture, sheet: Sheet | Refusal) -> bytes:
    return describe(data, picture, sheet if isinstance(sheet, Sheet) else None).encode()


def _with_code(answer: Answer, picture: Picture, sheet: Sheet) -> Answer:
    slip = find_slip(picture.grey, sheet.homography, sheet.revision.size)
    if slip is None:
        return answer
    found: dict[str, float | str] = {"seen": slip.code, "sure": str(slip.sure), "printed": str(slip.printed)}
    return msgspec.structs.replace(answer, evidence={**answer.evidence, "code": found})
