"""Who must have signed what: every kind passes when signed as docs/formats.md says, and for no other reason."""

import dataclasses

import msgspec
import pytest

from golos.credential.observer import Observer
from golos.credential.sealing import decode_inner, open_envelope, open_inner
from golos.credential.staff import DeskRequest, Staff
from golos.credential.steward import accredit, jointly_signed, retraction, staff_key
from golos.credential.verification import Verifier
from golos.credential.voter import Voter
from golos.model.ballot import Ballot
from golos.model.ed25519 import SigningKey
from golos.model.entry import Freeze, Official, Opening, PackEntry, PhotoReceived, Table, decode_entry
from golos.model.problem import Problem
from golos.model.record import decode, digest, encode, signed

PHOTO = b"\x07" * 32
CHOICES = (("president", ("one",)),)
ZERO = bytes(64)


@pytest.fixture
def voter(nation, issuer):
    voter = Voter(nation.pack)
    voter.enrolled(issuer.issue(bytes(32), voter.enrol(nation.cohorts[0][0])).response)
    return voter


@pytest.fixture
def verifier(nation):
    return Verifier(nation.pack)


@pytest.fixture
def records(nation, issuer, voter):
    """One valid record of each of the sixteen kinds, by kind."""
    election, steward = nation.pack.id, nation.stewards[0]
    observing = SigningKey.generate()
    observer = Observer(nation.pack, observing, accredit(nation.organisation, election, observing.public))
    staff = Staff(election, SigningKey.generate())
    official = Official(1, election, "n", "president", "cec", True, "10", 1, 1, (("one", 1),), staff.key.public, ZERO)
    table = Table(
        1, election, "x", "citizens", "confirmed", "president", 1, False, PHOTO, PHOTO, PHOTO, 0, staff.key.public, ZERO
    )
    joint = (
        PackEntry(1, election, nation.pack.files, ()),
        Freeze(1, election, 5, PHOTO, ()),
        Opening(1, election, 3, 5, 2, PHOTO, PHOTO, 0, (1, 2), ()),
    )
    entries = [
        staff_key(steward, election, "grant", "reader", staff.key.public),
        retraction(steward, election, "C1:president::s1:ballots:confirmed", "our mistake"),
        signed(PhotoReceived(1, election, PHOTO, 8249, ZERO), nation.receiver.sign),
        signed(official, staff.key.sign),
        signed(table, staff.key.sign),
        *(jointly_signed(draft, nation.stewards[:2]) for draft in joint),
    ]
    made = [
        voter.ballot("s1", CHOICES, 1, PHOTO).record,
        voter.withdrawal(2).record,
        observer.protocol("s1", (("turnout", 10), ("one", None)), 1).record,
        observer.turnout("s1", "turnout", 9, 2).record,
        observer.incident("s1", "expelled", 3).record,
        staff.verdict(PHOTO, "ballot", CHOICES),
        staff.reading(PHOTO, "copy", (), bytes(32)),
        staff.binding(PHOTO, bytes(32)),
        issuer.issue(b"\x01" * 32, voter.enrol(nation.cohorts[0][0])).record,
        *(encode(entry) for entry in entries),
    ]
    return {decode_entry(record).__struct_config__.tag: record for record in made}


KINDS = (
    *("pack", "key", "enrolment", "ballot", "withdrawal", "photo", "protocol", "turnout", "incident"),
    *("reading", "verdict", "binding", "official", "table", "retraction", "freeze", "opening"),
)
JOINT = ("pack", "freeze", "opening")
SINGLE = tuple(kind for kind in KINDS if kind not in JOINT)


def check(verifier, record):
    return verifier.verify(decode_entry(record), record)


def code_of(verifier, record):
    with pytest.raises(Problem) as caught:
        check(verifier, record)
    kind = decode_entry(record).__struct_config__.tag
    assert caught.value.field.startswith(kind + ".")
    return caught.value.code


def test_every_kind_passes_when_signed_by_whom_the_formats_name(verifier, records):
    assert set(records) == set(KINDS)
    for kind, record in records.items():
        cohort = check(verifier, record)
        assert (cohort is not None) == (kind in ("ballot", "withdrawal"))


@pytest.mark.parametrize("kind", SINGLE)
def test_a_flipped_bit_of_the_signature_is_refused(verifier, records, kind):
    record = records[kind]
    assert code_of(verifier, record[:-1] + bytes([record[-1] ^ 1])) == "record.signature"


@pytest.mark.parametrize("kind", KINDS)
def test_another_election_is_refused(verifier, records, kind):
    entry = decode_entry(records[kind])
    assert code_of(verifier, encode(msgspec.structs.replace(entry, election=bytes(32)))) == "record.election"


@pytest.mark.parametrize("kind", SINGLE)
def test_a_strangers_signature_is_refused(verifier, records, kind):
    entry = decode_entry(records[kind])
    stranger = SigningKey.generate()
    forged = signed(msgspec.structs.replace(entry, signature=ZERO), stranger.sign)
    assert code_of(verifier, encode(forged)) == "record.signature"


@pytest.mark.parametrize("kind", ["key", "retraction"])
def test_who_is_no_steward_grants_and_retracts_nothing(verifier, records, kind):
    stranger = SigningKey.generate()
    entry = msgspec.structs.replace(decode_entry(records[kind]), steward=stranger.public, signature=ZERO)
    assert code_of(verifier, encode(signed(entry, stranger.sign))) == "record.steward"


@pytest.mark.parametrize("kind", ["ballot", "withdrawal"])
def test_anothers_token_is_refused(verifier, records, kind):
    thief = SigningKey.generate()
    entry = msgspec.structs.replace(decode_entry(records[kind]), key=thief.public, signature=ZERO)
    assert code_of(verifier, encode(signed(entry, thief.sign))) == "token.invalid"


@pytest.mark.parametrize("kind", ["protocol", "turnout", "incident"])
def test_an_accreditation_is_for_one_key_by_a_named_organisation(nation, verifier, records, kind):
    entry = decode_entry(records[kind])
    thief, unnamed = SigningKey.generate(), SigningKey.generate()
    stolen = msgspec.structs.replace(entry, key=thief.public, signature=ZERO)
    assert code_of(verifier, encode(signed(stolen, thief.sign))) == "accreditation.signature"
    own = msgspec.structs.replace(stolen, accreditation=accredit(unnamed, nation.pack.id, thief.public))
    assert code_of(verifier, encode(signed(own, thief.sign))) == "accreditation.organisation"
    elsewhere = msgspec.structs.replace(stolen, accreditation=accredit(nation.organisation, bytes(32), thief.public))
    assert code_of(verifier, encode(signed(elsewhere, thief.sign))) == "accreditation.signature"


@pytest.mark.parametrize("kind", JOINT)
def test_the_threshold_counts_different_stewards_with_valid_signatures(nation, verifier, records, kind):
    draft = msgspec.structs.replace(decode_entry(records[kind]), signatures=())
    one, two, three = nation.stewards
    alone = jointly_signed(draft, [one])
    twice = msgspec.structs.replace(alone, signatures=alone.signatures * 2)
    with_stranger = jointly_signed(alone, [SigningKey.generate()])
    wrong = msgspec.structs.replace(alone, signatures=(*alone.signatures, (two.public, alone.signatures[0][1])))
    for too_few in (draft, alone, twice, with_stranger, wrong):
        assert code_of(verifier, encode(too_few)) == "record.signatures"
    for enough in (jointly_signed(alone, [three]), jointly_signed(with_stranger, [two])):
        check(verifier, encode(enough))


def test_stewards_who_sign_one_after_another_sign_the_same(nation, records):
    draft = msgspec.structs.replace(decode_entry(records["freeze"]), signatures=())
    one, two, _ = nation.stewards
    assert jointly_signed(jointly_signed(draft, [two]), [one]) == jointly_signed(draft, [one, two])


def test_the_pack_entry_must_list_the_files_of_the_pack(nation, verifier, records):
    entry = decode_entry(records["pack"])
    other = msgspec.structs.replace(entry, files=(("election.toml", bytes(32), 11),), signatures=())
    assert code_of(verifier, encode(jointly_signed(other, nation.stewards))) == "pack.files"


def test_an_enrolment_into_no_cohort_of_the_pack_is_refused(nation, verifier, records):
    entry = msgspec.structs.replace(decode_entry(records["enrolment"]), cohort=bytes(32), signature=ZERO)
    assert code_of(verifier, encode(signed(entry, nation.registrar.sign))) == "enrolment.cohort"


def test_a_pack_without_keys_says_so(nation):
    with pytest.raises(Problem) as caught:
        Verifier(dataclasses.replace(nation.pack, keys=None))
    assert caught.value.code == "pack.keys"


def test_a_ballot_goes_from_the_device_to_the_stewards_and_intake_sees_no_choice(nation, verifier, voter):
    sent = voter.ballot("s1", CHOICES, 3, PHOTO)
    contents = open_envelope(sent.envelope, [nation.intake], nation.pack.id)
    assert (contents.record, contents.sealed) == (sent.record, sent.sealed)
    assert b"s1" not in sent.record and b"one" not in sent.record
    ballot = decode(contents.record, Ballot)
    assert verifier.verify(ballot, contents.record).name == "2020-W32"
    assert ballot.sealed == digest(contents.sealed)
    assert (ballot.sequence, ballot.photo, sent.name) == (3, PHOTO, digest(sent.record))
    inner = open_inner(contents.sealed, [nation.opening], nation.pack.id)
    assert ballot.inner == digest(inner)
    assert (decode_inner(inner).station, decode_inner(inner).choices) == ("s1", CHOICES)


def test_equal_choices_make_unequal_ballots_of_equal_length(voter):
    one, two = (voter.ballot("s1", CHOICES, 1) for _ in range(2))
    blank = voter.ballot("s1", (), 1)
    assert decode(one.record, Ballot).inner != decode(two.record, Ballot).inner
    assert len(one.record) == len(blank.record) and len(one.sealed) == len(blank.sealed)
    assert len(one.envelope) == len(blank.envelope)


def test_without_a_token_nothing_is_sent(nation):
    with pytest.raises(Problem) as caught:
        Voter(nation.pack).ballot("s1", CHOICES, 1)
    assert caught.value.code == "token.missing"


def test_a_desk_request_is_for_one_path_and_by_one_key(nation):
    staff = Staff(nation.pack.id, SigningKey.generate())
    sent = staff.request("/desk/next", b"body")
    request = DeskRequest.decode(sent, "/desk/next")
    assert (request.key, request.body) == (staff.key.public, b"body")
    assert request.nonce != DeskRequest.decode(staff.request("/desk/next", b"body"), "/desk/next").nonce
    for data, path in ((sent, "/desk/photo"), (sent[:-1] + bytes([sent[-1] ^ 1]), "/desk/next")):
        with pytest.raises(Problem) as caught:
            DeskRequest.decode(data, path)
        assert caught.value.code == "desk.signature"
