"""Fuzz: python -m tests.fault.fuzz MINUTES [NAME]: parsers of foreign bytes under atheris, guided by what they cover.

Each parser has a process and its share of the time. What makes one answer otherwise than by a result or a documented
error lies afterwards in build/fuzz/NAME as crash-SHA1, beside the corpus that the next run begins with.
"""

import subprocess
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["golos", "cbor2", "msgspec"]):
    from tests.fault.parsers import parsers
    from tests.fault.test_fuzz import answer

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "fuzz"


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one parser in this process, which ends with it: 0 if nothing was found."""
    parser = next(one for one in parsers() if one.name == name)
    corpus = FOLDER / name.replace(" ", "-") / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(parser.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-max_len=20000", "-timeout=60", "-rss_limit_mb=1500", "-verbosity=0"]
    atheris.Setup(
        [name, *options, f"-artifact_prefix={corpus.parent}/", str(corpus)], lambda data: answer(parser, data)
    )
    atheris.Fuzz()


def main(minutes: float) -> int:
    """Fuzz all of them, one after the other; return how many failed."""
    names = [parser.name for parser in parsers()]
    seconds, failed = max(1, round(minutes * 60 / len(names))), 0
    for name in names:
        done = subprocess.run(
            [sys.executable, "-m", "tests.fault.fuzz", str(seconds / 60), name],
            cwd=ROOT,
            check=False,
            capture_output=True,
        )
        print(f"{name}: {'nothing found' if done.returncode == 0 else 'FAILED'} in {seconds} s", flush=True)
        if done.returncode:
            failed += 1
            print(done.stderr.decode(errors="replace")[-3000:], flush=True)
    return failed


if __name__ == "__main__":
    if len(sys.argv) > 2:
        fuzz(sys.argv[2], max(1, round(float(sys.argv[1]) * 60)))
    else:
        sys.exit(bool(main(float(sys.argv[1]))))
