"""What one voter with a good token can send: it may spoil that voter's own ballot, and nothing else."""

import cbor2
import pytest
from tests.review.election import Whole, verifier

from golos.credential.sealing import SealingKey, seal_inner
from golos.model.ballot import Ballot, Inner
from golos.model.record import decode, digest, encode, signed
from golos.ports import Row

SALT = bytes(range(32))


def of(station="S1", choices=(("president", ("a",)),), salt=SALT):
    return Inner(1, station, choices, salt)


def test_ballots_that_name_an_old_station_code_are_published_at_its_successor(whole: Whole):
    whole.cast([whole.honest("OLD1"), whole.honest("OLD1"), whole.honest("S1")])
    whole.freeze()
    assert whole.open().draft.opened == 3
    assert whole.publish()["ballots"]["opened"] == 3
    rows = (whole.folder / "public" / "data" / "stations.csv").read_text().splitlines()
    assert next(row for row in rows if row.startswith("S1,")).split(",")[-2] == "3"


def test_no_inner_part_stops_the_opening_or_divides_golos_and_the_verifier(whole: Whole):
    keys, size = whole.pack.keys, whole.pack.policy.inner_size
    good = encode(of())
    stranger = seal_inner(good, SealingKey.generate().public, whole.pack.id, size)
    elsewhere = seal_inner(good, keys.opening, bytes(32), size)
    spoilt = [
        whole.hostile(b"\x00"),
        whole.hostile(good + b"\x00"),
        whole.hostile(b"\x9f" * 200),
        whole.hostile(cbor2.dumps(["inner", 1.0, "S1", [], SALT])),
        whole.hostile(cbor2.dumps(["inner", True, "S1", [], SALT])),
        whole.hostile(cbor2.dumps(["inner", 2, "S1", [], SALT])),
        whole.hostile(cbor2.dumps(["inner", 1, "", [], SALT])),
        whole.hostile(b"\x85\x65inner\x01\x62S1\xd9\x01\x02\x80\x58\x20" + SALT),
        whole.hostile(b"\x85\x65inner\x01\xd9\x01\x00\x62S1\x80\x58\x20" + SALT),
        whole.hostile(b"\x85\x65inner\x01\xc4\x82\x1a\x3b\x9a\xca\x00\x03\x80\x58\x20" + SALT),
        whole.hostile(of("S9")),
        whole.hostile(of("s1")),
        whole.hostile(of("S1", (("mayor", ("a",)),))),
        whole.hostile(of("S1", (("president", ("c",)),))),
        whole.hostile(of("S1", (("president", ("a", "b")),))),
        whole.hostile(of("S1", (("president", ("a", "a")),))),
        whole.hostile(of("S1", (("council", ("x", "y", "z")),))),
        whole.hostile(of("S1", (("president", ("a",)), ("president", ("b",))))),
        whole.hostile(good, stranger),
        whole.hostile(good, elsewhere),
        whole.hostile(good, b"\x01" * (size + 57)),
    ]
    odd = [
        whole.hostile(of("S1", (), b"1" * 32)),
        whole.hostile(of("S1", (("president", ()),), b"2" * 32)),
        whole.hostile(of("S1", (("president", ("invalid",)),), b"3" * 32)),
        whole.hostile(of("S1", (("council", ("x", "invalid")),), b"4" * 32)),
        whole.hostile(of("S1", (("council", ("y", "x")), ("president", ("b",))), b"5" * 32)),
    ]
    whole.cast([*spoilt, *odd, whole.honest("S2")])
    whole.freeze()
    draft = whole.open().draft
    assert set(draft.spoilt) == {whole.index_of(row) for row in spoilt}
    assert (draft.opened, draft.withheld) == (len(odd), 1)
    assert whole.publish()["ballots"]["spoilt"] == len(spoilt)


def test_copies_of_a_sealed_vote_open_no_station_and_count_for_nothing(whole: Whole):
    """Whoever holds the intake and two tokens must not lift a lone voter's station to k by repeating the vote."""
    lone = whole.honest("S2", "b")
    copies = [copy_of(whole, lone) for _ in range(2)]
    whole.cast([lone, *copies])
    whole.freeze()
    draft = whole.open().draft
    assert (draft.opened, draft.withheld, len(draft.spoilt)) == (0, 1, 2)
    assert whole.publish()["ballots"]["winning"] == 3


def test_stewards_who_open_copies_are_caught(whole: Whole, monkeypatch):
    lone = whole.honest("S2", "b")
    whole.cast([lone, *(copy_of(whole, lone) for _ in range(2))])
    whole.freeze()
    monkeypatch.setattr("golos.ceremony.opening.set", forgetful, raising=False)
    assert whole.open().draft.opened == 3, "these stewards' program opens copies"
    with pytest.raises(verifier().Wrong, match="the same inner part twice"):
        whole.publish()


class Forgetful(set):
    def add(self, _):
        pass


def forgetful(*items):
    """As `set`, but an empty one stays empty."""
    return set(*items) if items else Forgetful()


def copy_of(whole: Whole, row: Row) -> Row:
    """The sealed vote of another, under a key and token of the thief's own."""
    victim, thief = decode(row.record, Ballot), whole.voter()
    sealed = digest(row.sealed)
    draft = Ballot(1, whole.pack.id, thief.key.public, thief.token, 1, None, victim.inner, sealed, bytes(64))
    return Row(encode(signed(draft, thief.key.sign)), row.sealed)
