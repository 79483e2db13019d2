"""Whatever bytes come from outside: each parser answers in bounded time and memory, by a result or a named Problem.

GOLOS_FUZZ=N takes N examples of each (default: 25).
"""

import os
import resource
import time

from hypothesis import HealthCheck, given, settings
from tests.fault.mutation import mutated
from tests.fault.parsers import parsers

from golos.model.problem import Problem

EXAMPLES = int(os.environ.get("GOLOS_FUZZ", "25"))
SECONDS, BYTES = 5.0, 200 << 20
BOMBS = {
    "nested arrays": b"\x81" * 60_000,
    "nested arrays of a record": b"\x8a\x66ballot\x01" + b"\x81" * 60_000,
    "nested maps": b"\xa1\x00" * 30_000,
    "nested tags": b"\xc6" * 60_000,
    "endless array": b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
    "endless map": b"\xbb\x7f\xff\xff\xff\xff\xff\xff\xff",
    "endless bytes": b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
    "four gigabytes of text": b"\x8a\x66ballot\x01\x7a\xff\xff\xff\xff",
    "a number of 60,000 bytes": b"\xc2\x59\xea\x60" + b"\xff" * 60_000,
    "chunks without end": b"\x5f" + b"\x41a" * 30_000,
    "shared reference to itself": b"\xd8\x1c\x81\xd8\x1d\x00",
    "decimal fraction": b"\xc4\x82\x1a\x7f\xff\xff\xff\x01",
    "a float's power": b"\xc5\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
    "a regular expression": b"\xd8\x23\x78\x1e(a+)+(a+)+(a+)+(a+)+(a+)+(a+)",
    "nested JSON": b"[" * 100_000,
    "nested JSON objects": b'{"a":' * 50_000,
    "nested TOML": b"a = " + b"[" * 50_000,
    "dotted TOML": b"a." * 3000 + b"a = 1",
    "a line of a megabyte": b"a" * (1 << 20),
    "many lines": b"\n" * (1 << 18),
    "many commas": b"," * (1 << 18),
    "many quotes": b'"' * (1 << 18),
    "a long number": b"1" * 100_000,
    "a number in TOML": b"[election]\nround = " + b"1" * 100_000,
    "nothing": b"",
    "zeros": bytes(1 << 20),
}


def pytest_generate_tests(metafunc):
    if "parser" in metafunc.fixturenames:
        metafunc.parametrize("parser", parsers(), ids=lambda parser: parser.name)


def answer(parser, data):
    """Parse; any exception that is not documented is the failure."""
    began = time.process_time()
    try:
        parser.parse(data)
    except parser.raises as error:
        assert not isinstance(error, Problem) or (error.code and error.field and error.problem), error
    assert time.process_time() - began < SECONDS, "takes too long"


def test_good_bytes_are_taken(parser):
    """Else the fuzzing would see nothing but the first check of each parser."""
    taken = 0
    for seed in parser.seeds:
        try:
            parser.parse(seed)
            taken += 1
        except parser.raises:
            pass
    assert taken


def test_changed_bytes(parser):
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(mutated(list(parser.seeds)))
    def check(data):
        answer(parser, data)

    check()


def test_bombs(parser):
    for name, bomb in BOMBS.items():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer(parser, bomb)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        assert grown < BYTES, f"{name} takes too much memory"
