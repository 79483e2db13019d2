"""Records: the same input gives the same bytes, and so the same lengths, in the app's code and in Python."""

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.core.browser_side import Refused

from golos.credential.sealing import decode_inner
from golos.model.ballot import Ballot, Inner, Withdrawal
from golos.model.ed25519 import SigningKey
from golos.model.entry import Accreditation, Incident, Protocol, Turnout
from golos.model.record import digest, encode, signed
from golos.photo.binding import code_of

ELECTION, TOKEN, SEED = bytes(range(32)), bytes(range(256)) + bytes(98), b"\x09" * 32
KEY = SigningKey(SEED)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
choices = st.lists(st.tuples(names, st.lists(names, max_size=3).map(tuple)), max_size=4).map(tuple)
values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.binary(max_size=300) | names,
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(station=names, chosen=choices, salt=st.binary(min_size=32, max_size=32))
def test_inner_parts(app, station, chosen, salt):
    expected = encode(Inner(1, station, chosen, salt))
    found = app.ask("inner", {"station": station, "choices": chosen}, salt)
    assert found == expected
    assert decode_inner(found).station == station


@settings(max_examples=40, deadline=None)
@given(sequence=st.integers(0, 2**53 - 1), photo=st.none() | st.binary(min_size=32, max_size=32), inner=st.binary())
def test_ballots(app, sequence, photo, inner):
    sealed = inner + b"sealed"
    draft = Ballot(1, ELECTION, KEY.public, TOKEN, sequence, photo, digest(inner), digest(sealed), bytes(64))
    expected = encode(signed(draft, KEY.sign))
    assert app.ask("ballot", ELECTION, SEED, TOKEN, sequence, photo, inner, sealed) == expected


def test_withdrawals(app):
    for sequence in (0, 23, 24, 255, 256, 65_536, 2**32, 2**53 - 1):
        draft = Withdrawal(1, ELECTION, KEY.public, TOKEN, sequence, bytes(64))
        assert app.ask("withdrawal", ELECTION, SEED, TOKEN, sequence) == encode(signed(draft, KEY.sign))


@settings(max_examples=60, deadline=None)
@given(token=st.binary(min_size=354, max_size=354), election=st.binary(min_size=32, max_size=32))
def test_the_code_beside_the_ballot(app, token, election):
    assert app.ask("slip", token, election) == code_of(token, election)


WORD = Accreditation(b"\x0c" * 32, b"\x0d" * 64)


@settings(max_examples=40, deadline=None)
@given(
    sequence=st.integers(0, 2**53 - 1),
    station=names,
    lines=st.lists(st.tuples(names, st.none() | st.integers(0, 10**9)), max_size=5).map(tuple),
    photo=st.none() | st.binary(min_size=32, max_size=32),
    whole=st.booleans(),
)
def test_what_observers_say(app, sequence, station, lines, photo, whole):
    head = (1, ELECTION, KEY.public, WORD, sequence, station)
    told = {
        "protocol": (Protocol(*head, lines, photo, bytes(64)), (lines, photo)),
        "turnout": (Turnout(*head, station, sequence, 3, whole, bytes(64)), (station, sequence, 3, whole)),
        "incident": (Incident(*head, station, bytes(64)), (station,)),
    }
    for kind, (draft, said) in told.items():
        found = app.ask("observed", kind, ELECTION, SEED, [WORD.organisation, WORD.signature], sequence, station, *said)
        assert found == encode(signed(draft, KEY.sign))


@pytest.mark.parametrize(
    ("sent", "stuck", "since", "pace", "expected"),
    [
        (0, 0, 0, 0.5, False),  # 16 kbit/s: a minute
        (0, 0, 0, 2, True),  # 4 kbit/s: four minutes
        (60_000, 0, 0, 2, False),  # the rest takes two
        (0, 3, 0, 0, False),
        (0, 4, 0, 0, True),
        (100_000, 4, 0, 0, False),  # less is left than the small one has
        (0, 1, 600_000, 0, False),
        (0, 1, 901_000, 0, True),
    ],
)
def test_when_the_small_picture_takes_the_large_ones_place(app, sent, stuck, since, pace, expected):
    photo = {"total": 123_000, "sent": sent, "small": False, "stuck": stuck}
    assert app.ask("isTooLarge", photo, since, pace) is expected
    assert app.ask("isTooLarge", photo | {"small": True}, since, pace) is False


@settings(max_examples=80, deadline=None)
@given(value=values)
def test_cbor_is_the_deterministic_one_and_is_read_back(app, value):
    encoded = cbor2.dumps(value, canonical=True)
    assert app.ask("cbor", value) == encoded
    assert app.ask("uncbor", encoded) == value


@pytest.mark.parametrize(
    "spelt",
    [
        "",
        "18",
        "1800",
        "5801",
        "1900ff",
        "9fff",
        "5fff",
        "f7",
        "fb3ff0000000000000",
        "a0",
        "c000",
        "8100ff",
        "61ff",
        "9bffffffffffffffff",
        "1bffffffffffffffff",
        "3800",
        "81" * 20 + "00",
    ],
)
def test_other_spellings_are_refused(app, spelt):
    with pytest.raises(Refused, match=r"RangeError|TypeError|ENCODING"):
        app.ask("uncbor", bytes.fromhex(spelt))


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400))
def test_base45_goes_there_and_back(app, data):
    assert app.ask("unbase45", app.ask("base45", data)) == data


@pytest.mark.parametrize(("spelt", "data"), [("BB8", b"AB"), ("%69 VD92EX0", b"Hello!!"), ("QED8WEX0", b"ietf!")])
def test_base45_is_rfc_9285s(app, spelt, data):
    assert app.ask("base45", data) == spelt
    assert app.ask("unbase45", spelt) == data


@pytest.mark.parametrize("spelt", ["a", "0", "GGW", ":::", "0000", "ab", "ÀÀÀ"])
def test_what_is_no_base45_is_refused(app, spelt):
    with pytest.raises(Refused, match="RangeError"):
        app.ask("unbase45", spelt)
