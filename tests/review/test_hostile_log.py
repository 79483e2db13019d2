"""Whoever holds the intake can put any bytes into the log for ever: they count nowhere, and stop nothing."""

import cbor2
import pytest
from tests.review.election import Whole

from golos.model.entry import Freeze, Opening
from golos.model.record import encode
from golos.ports import Row

KINDS = (
    "pack", "key", "enrolment", "ballot", "withdrawal", "photo", "protocol", "turnout", "incident", "reading",
    "verdict", "binding", "official", "table", "retraction", "freeze", "opening",
)  # fmt: skip
JUNK = [b"\x00", b"junk", b"\x9f" * 50, *(cbor2.dumps([kind, 2]) for kind in KINDS), cbor2.dumps(["ballot"])]


@pytest.mark.parametrize("before", [True, False], ids=["before the opening", "after it"])
def test_junk_in_the_log_stops_neither_opening_nor_publication(whole: Whole, before):
    unsigned = [
        Freeze(1, whole.pack.id, 1, bytes(32), ()),
        Opening(1, whole.pack.id, *[0] * 3, *[bytes(32)] * 2, 0, (), ()),
    ]
    junk = [Row(record) for record in (*JUNK, *map(encode, unsigned))]
    whole.cast([whole.honest("S1") for _ in range(3)] + (junk if before else []))
    whole.freeze()
    assert whole.open().draft.opened == 3
    if not before:
        whole.cast(junk)
    ballots = whole.publish()["ballots"]
    assert (ballots["winning"], ballots["opened"]) == (3, 3)
