"""Sight: all that is made of one photograph at a single look: what it shows, the code beside it, what copies it by."""

import time

import cv2
import msgspec

from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.binding_slip import find_slip
from golos.photo.copies.descriptor import describe
from golos.photo.decode import decode
from golos.photo.form import Form
from golos.photo.picture import Picture
from golos.photo.reader import answer_of
from golos.photo.sheet import LONGEST, Refusal, Sheet, register


class Sight(msgspec.Struct, frozen=True, array_like=True):
    """``descriptor`` is packed, b"" where the photograph could not be decoded. A picture is in it: it stays packed
    outside a sandbox.
    """

    answer: Answer
    descriptor: bytes


def see(data: bytes, form: Form, *, code: bool) -> Sight:
    """Return what the file holds; one that can't be decoded is "rejected", and the evidence says why as ``file``.

    ``code``: look for the one beside the ballot too. The evidence has it as ``code``: the digits ``seen``, and whether
    they are ``sure`` or for people to read.
    """
    start = time.process_time()
    try:
        picture = decode(data, longest=LONGEST[form.kind])
    except Problem as problem:
        return _without(Answer("rejected", ("undecodable",)), problem.code, problem.problem, problem.remedy)
    try:
        sheet = register(picture, form)
        answer = _answer(sheet, form, picture if code else None)
        descriptor = describe(data, picture, sheet if isinstance(sheet, Sheet) else None).encode()
    except (ArithmeticError, LookupError, ValueError, cv2.error) as error:  # ours: the picture could be decoded
        told = f"could not be looked at ({type(error).__name__})."
        return _without(Answer("review", ("doubt",)), "photo.fault", told, "People read it. Report this.")
    return Sight(msgspec.structs.replace(answer, ms=round((time.process_time() - start) * 1000, 1)), descriptor)


def _without(answer: Answer, code: str, problem: str, remedy: str) -> Sight:
    why: dict[str, float | str] = {"code": code, "problem": problem, "remedy": remedy}
    return Sight(msgspec.structs.replace(answer, evidence={"file": why}), b"")


def _answer(sheet: Sheet | Refusal, form: Form, beside: Picture | None) -> Answer:
    answer = answer_of(sheet, form)
    if beside is None or isinstance(sheet, Refusal):
        return answer
    slip = find_slip(beside.grey, sheet.homography, sheet.revision.size)
    if slip is None:
        return answer
    found: dict[str, float | str] = {"seen": slip.code, "sure": str(slip.sure), "printed": str(slip.printed)}
    return msgspec.structs.replace(answer, evidence={**answer.evidence, "code": found})
