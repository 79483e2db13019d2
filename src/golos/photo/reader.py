"""Reader: a file's bytes and a form become an answer. Pure: the same bytes give the same answer."""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.ballot import read_ballot
from golos.photo.blank import blank_of
from golos.photo.decode import decode
from golos.photo.form import Form, read_form
from golos.photo.protocol import read_protocol
from golos.photo.sheet import LONGEST, Refusal, register


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
    sheet = register(picture, form)
    if isinstance(sheet, Refusal):
        return sheet.answer()
    return read_ballot(sheet) if form.kind == "ballot" else read_protocol(sheet)


def confined(setup: bytes) -> Callable[[bytes], bytes]:
    """Return what `golos.photo.sandbox` runs, a photograph to an Answer in JSON; ``setup`` is FORM.toml's path."""
    form = read_form(Path(setup.decode()))
    for revision in form.revisions:
        blank_of(revision).prepare()

    def answer(data: bytes) -> bytes:
        return msgspec.json.encode(read(data, form))

    return answer
