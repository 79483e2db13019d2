"""Fuzz the decoder, or all that a worker does: `python -m tests.photo.fuzz decode|worker SECONDS [FOLDER]`.

Whatever the bytes, decode returns a picture within its limits or raises Problem, and the worker returns its answer.
Crashes of the C libraries end the run and leave the bytes in FOLDER. The corpus grows in FOLDER and is used again.
"""

import sys
import zlib
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import atheris
import numpy as np

with atheris.instrument_imports(include=["golos.photo", "PIL", "pi_heif"]):
    from golos.model.problem import Problem
    from golos.photo.decode import decode
    from golos.photo.look import deeds

from tests.photo import desks, files

PNG = b"\x89PNG\r\n\x1a\n"


def one(data):
    """Decode at three sizes: each takes another way through the libraries."""
    for options in ({}, {"longest": 40}, {"longest": 90, "colour": True}):
        try:
            picture = decode(data, **options)
        except Problem:
            continue
        assert picture.grey.ndim == 2 and picture.grey.flags["C_CONTIGUOUS"]
        assert max(picture.size) <= options.get("longest", 70_000)
        assert picture.colour is None or picture.colour.shape == (*picture.grey.shape, 3)


@cache
def _deeds():
    return deeds(desks.form_and_blank()[0])


def whole(data):
    """See and redact: what runs in the sandbox, here without it, so that the fuzzer sees where it goes."""
    for deed in _deeds().values():
        with suppress(Problem):
            assert b"photo.fault" not in deed(data), "a picture that could be decoded could not be looked at"


def mutate(data, size, seed):
    """Mutate, and make a PNG's checksums right again: else nothing behind them is ever reached."""
    changed = atheris.Mutate(data, size)
    if changed[:8] != PNG:
        return changed
    out, at = bytearray(changed[:8]), 8
    while at + 12 <= len(changed):
        length = min(int.from_bytes(changed[at : at + 4]), len(changed) - at - 12)
        body = changed[at + 4 : at + 8 + length]
        out += length.to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
        at += 12 + length
    return bytes(out + changed[at:])[:size]


def main(target, seconds, folder):
    """Fuzz for so many seconds; the exit status is not 0 if something was found."""
    corpus = folder / target
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in files.seeds().items():
        (corpus / name).write_bytes(data)
    if target == "worker":
        _, blank, boxes = desks.form_and_blank()
        random = np.random.default_rng(1)
        ballot, view = desks.Ballot.any(random), replace(desks.View.any(random), size=(480, 640))
        (corpus / "ballot").write_bytes(desks.jpeg(desks.picture(view, ballot.drawn(blank, boxes))[0], 60))
    limits = [f"-max_total_time={seconds}", "-max_len=40000", "-timeout=300", "-rss_limit_mb=3000", "-verbosity=1"]
    arguments = [sys.argv[0], *limits, "-print_final_stats=1", f"-artifact_prefix={folder}/", str(corpus)]
    atheris.Setup(arguments, {"decode": one, "worker": whole}[target], custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3] if len(sys.argv) > 3 else "build/fuzz"))
