"""Reader: a file's bytes and a form become an answer. Pure: the same bytes give the same answer."""

import time

import msgspec

from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.ballot import read_ballot
from golos.photo.decode import decode
from golos.photo.form import Form
from golos.photo.protocol import read_protocol
from golos.photo.sheet import LONGEST, Refusal, Sheet, register


def read(data: bytes, form: Form) -> Answer:
    """Return what the photograph in ``data`` shows; an undecodable one is an answer too, "rejected"."""
    start = time.process_time()
    answer = _read(data, form)
    return msgspec.structs.replace(answer, ms=round((time.process_time() - start) * 1000, 1))


def _read(data: bytes, form: Form) -> Answer:
    try:
        picture = decode(data, longest=LONGEST[form.kind])
    except Problem:
        return Answer("rejected", ("undecodable",))
    return answer_of(register(picture, form), form)


def answer_of(sheet: Sheet | Refusal, form: Form) -> Answer:
    """Return what a registered sheet shows, or why there is none."""
    if isinstance(sheet, Refusal):
        return sheet.answer()
    return read_ballot(sheet) if form.kind == "ballot" else read_protocol(sheet)
