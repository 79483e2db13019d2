"""Fuzz the decoder with atheris: `python -m tests.photo.fuzz SECONDS [FOLDER]`; make fuzz runs it.

Whatever the bytes, decode returns a picture within its limits or raises Problem. Crashes of the C libraries end the
run and leave the bytes in FOLDER. The corpus grows in FOLDER and is used again.
"""

import sys
import zlib
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["golos.photo", "PIL", "pi_heif"]):
    from golos.model.problem import Problem
    from golos.photo.decode import decode

from tests.photo import files

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


def main(seconds, folder):
    """Fuzz for so many seconds; the exit status is not 0 if something was found."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in files.seeds().items():
        (corpus / name).write_bytes(data)
    limits = [f"-max_total_time={seconds}", "-max_len=40000", "-timeout=20", "-rss_limit_mb=3000", "-verbosity=1"]
    arguments = [sys.argv[0], *limits, "-print_final_stats=1", f"-artifact_prefix={folder}/", str(corpus)]
    atheris.Setup(arguments, one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "build/fuzz"))
