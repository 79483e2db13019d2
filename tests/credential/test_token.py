"""RFC 9578 type 0x0002: both generators' vectors, and which tokens are somebody's."""

import dataclasses
import json
from pathlib import Path

import pytest

from golos.credential import blindrsa
from golos.credential.keys import cohort_key_from_pem, cohort_public
from golos.credential.token import Redemption, Request, begin, decode_public_key, token_challenge, token_key_id
from golos.credential.voter import Voter
from golos.model.problem import Problem

VECTORS = Path(__file__).parents[2].parent / "shared/vectors/rfc9578"
PHONE = bytes(32)


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not beside this folder")
@pytest.mark.parametrize("maker", ["go", "rust"])
@pytest.mark.parametrize("index", range(5))
def test_vectors_of_type_2(maker, index):
    vector = json.loads((VECTORS / f"pub_verif_rfc9578.{maker}.json").read_text())[index]
    value = {name: bytes.fromhex(text) for name, text in vector.items()}
    key = cohort_key_from_pem(value["skS"], "vector")
    assert cohort_public(key) == value["pkS"]
    factor = int.from_bytes(value["blind"])
    request, pending = begin(value["pkS"], value["token_challenge"], value["nonce"], value["salt"], factor)
    assert request == value["token_request"]
    response = blindrsa.blind_sign(key, Request.decode(request).blinded)
    assert response == value["token_response"]
    assert pending.finish(response) == value["token"]


@pytest.fixture
def voter(nation, issuer):
    voter = Voter(nation.pack)
    voter.enrolled(issuer.issue(PHONE, voter.enrol(nation.cohorts[0][0])).response)
    return voter


def test_a_token_names_its_cohort_for_its_own_key_and_election_only(nation, voter):
    keys, election = nation.pack.keys, nation.pack.id
    redemption = Redemption(keys, election)
    assert redemption.cohort(voter.token, voter.key.public).name == "2020-W32"
    assert redemption.cohort(voter.token, bytes(32)) is None
    assert Redemption(keys, bytes(32)).cohort(voter.token, voter.key.public) is None


@pytest.mark.parametrize("place", [0, 1, 2, 33, 34, 65, 66, 97, 98, 353])
def test_no_changed_byte_of_a_token_passes(nation, voter, place):
    token = bytearray(voter.token)
    token[place] ^= 1
    assert Redemption(nation.pack.keys, nation.pack.id).cohort(bytes(token), voter.key.public) is None


def test_a_longer_or_shorter_token_is_refused(nation, voter):
    redemption = Redemption(nation.pack.keys, nation.pack.id)
    assert redemption.cohort(voter.token + b"\0", voter.key.public) is None
    assert redemption.cohort(voter.token[:-1], voter.key.public) is None


def test_another_issuers_token_is_refused(nation, voter):
    others = dataclasses.replace(nation.pack.keys, cohorts=nation.pack.keys.cohorts[1:])
    assert Redemption(others, nation.pack.id).cohort(voter.token, voter.key.public) is None


def test_a_response_to_somebody_else_is_named_as_wrong(nation, voter):
    stranger = Voter(nation.pack)
    stranger.enrol(nation.cohorts[0][0])
    with pytest.raises(Problem) as caught:
        stranger.enrolled(bytes(256))
    assert caught.value.code == "token.response"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda der: der[:-1],
        lambda der: der + b"\0",
        lambda der: der.replace(bytes.fromhex("0609608648016503040202"), bytes.fromhex("0609608648016503040201")),
        lambda der: der[:-1] + b"\x03",
        lambda der: der[:81] + b"\x01" + der[82:],
        lambda der: b"",
    ],
    ids=["short", "long", "sha-256", "exponent 65539", "2041 bits", "empty"],
)
def test_only_the_one_der_form_of_a_key_is_read(nation, spoil):
    der = nation.cohorts[0][0].key
    assert decode_public_key(der).n == nation.cohorts[0][1].public.n
    with pytest.raises(Problem) as caught:
        decode_public_key(spoil(der))
    assert caught.value.code == "cohort.key"


def test_the_challenge_binds_issuer_election_and_nothing_else():
    assert token_challenge("a.b", bytes(32)).hex() == "00020003612e6220" + "00" * 32 + "0000"
    assert len(token_key_id(b"x")) == 32


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not beside this folder")
@pytest.mark.parametrize("maker", ["go", "rust"])
def test_challenges_of_the_vectors_are_written_the_same(maker):
    for vector in json.loads((VECTORS / f"pub_verif_rfc9578.{maker}.json").read_text()):
        challenge = bytes.fromhex(vector["token_challenge"])
        end = 4 + int.from_bytes(challenge[2:4])
        context = challenge[end + 1 : end + 1 + challenge[end]]
        origin = challenge[end + len(context) + 3 :]
        assert token_challenge(challenge[4:end].decode(), context, origin) == challenge
