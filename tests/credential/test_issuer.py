"""One phone, one token: in parallel, retried, after a crash, across weeks; and one re-issue, counted apart."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from golos.credential import blindrsa
from golos.credential.blindrsa import FaultDetected
from golos.credential.issuer import FIRST_SPACE, Issuer, commitment
from golos.credential.pepper import Pepper
from golos.credential.verification import Verifier
from golos.credential.voter import Voter
from golos.model.ballot import Withdrawal
from golos.model.entry import Enrolment
from golos.model.problem import Problem
from golos.model.record import decode

PHONE = bytes(31) + b"\x01"
OTHER = bytes(31) + b"\x02"


@pytest.fixture
def first(nation):
    return nation.cohorts[0][0]


@pytest.fixture
def reissue(nation):
    return nation.cohorts[2][0]


def request(nation, cohort):
    return Voter(nation.pack).enrol(cohort)


def code_of(call, *arguments, **named):
    with pytest.raises(Problem) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_the_same_request_gets_the_same_answer_and_the_same_enrolment(nation, issuer, first):
    asked = request(nation, first)
    answers = {issuer.issue(PHONE, asked) for _ in range(5)}
    assert len(answers) == 1


def test_a_second_request_for_the_phone_is_refused_and_other_phones_are_not(nation, issuer, first):
    issuer.issue(PHONE, request(nation, first))
    assert code_of(issuer.issue, PHONE, request(nation, first)) == "enrolment.used"
    issuer.issue(OTHER, request(nation, first))


class Crowded:
    """A vault in which everybody looks before anybody writes: the worst order of things."""

    def __init__(self, vault, crowd):
        self.vault = vault
        self.barrier = threading.Barrier(crowd)

    def get(self, space, name):
        found = self.vault.get(space, name)
        self.barrier.wait()
        return found

    def put(self, space, name, value):
        return self.vault.put(space, name, value)


def test_a_hundred_parallel_requests_for_one_phone_give_exactly_one_token(nation, issuer, vault, first):
    crowded = nation.issuer(Crowded(vault, 100))
    voters = [Voter(nation.pack) for _ in range(100)]

    def attempt(voter):
        try:
            answer = crowded.issue(PHONE, voter.enrol(first))
        except Problem as problem:
            assert problem.code == "enrolment.used"
            return None
        voter.enrolled(answer.response)
        return answer.record

    with ThreadPoolExecutor(100) as pool:
        records = [r for r in pool.map(attempt, voters) if r is not None]
    assert len(records) == 1
    assert sum(bool(voter.token) for voter in voters) == 1
    assert len(vault.find(FIRST_SPACE)) == 1


def test_a_hundred_parallel_copies_of_one_request_all_get_the_one_token(nation, issuer, vault, first):
    asked = request(nation, first)
    crowded = nation.issuer(Crowded(vault, 100))
    with ThreadPoolExecutor(100) as pool:
        assert len(set(pool.map(lambda _: crowded.issue(PHONE, asked), range(100)))) == 1


def test_after_a_crash_between_vault_and_answer_the_same_request_is_answered(nation, vault, first, monkeypatch):
    asked = request(nation, first)
    issuer = nation.issuer(vault)

    def crash(key, blinded):
        raise FaultDetected

    monkeypatch.setattr(blindrsa, "blind_sign", crash)
    with pytest.raises(FaultDetected):
        issuer.issue(PHONE, asked)
    monkeypatch.undo()
    again = nation.issuer(vault)
    answer = again.issue(PHONE, asked)
    assert answer == again.issue(PHONE, asked)
    assert code_of(again.issue, PHONE, request(nation, first)) == "enrolment.used"


def test_a_lost_key_is_reissued_once_into_a_cohort_of_its_own(nation, issuer, first, reissue):
    issuer.issue(PHONE, request(nation, first))
    voter = Voter(nation.pack)
    asked = voter.enrol(reissue)
    answer = issuer.issue(PHONE, asked, reissue=True)
    voter.enrolled(answer.response)
    sent = voter.withdrawal(1)
    assert Verifier(nation.pack).verify(decode(sent.record, Withdrawal), sent.record) == reissue
    assert issuer.issue(PHONE, asked, reissue=True) == answer
    assert code_of(issuer.issue, PHONE, request(nation, reissue), reissue=True) == "enrolment.reissued"
    assert code_of(issuer.issue, PHONE, request(nation, first)) == "enrolment.used"


def test_nothing_is_reissued_to_a_phone_that_has_nothing(nation, issuer, first, reissue):
    assert code_of(issuer.issue, PHONE, request(nation, reissue), reissue=True) == "enrolment.unknown"
    issuer.issue(PHONE, request(nation, first))


@pytest.mark.parametrize("reissued", [False, True])
def test_a_request_for_another_cohort_is_refused_and_names_the_current_one(nation, issuer, first, reissue, reissued):
    issuer.issue(PHONE, request(nation, first))
    current, tag = (reissue, PHONE) if reissued else (first, OTHER)
    for cohort, _ in nation.cohorts:
        if cohort is current:
            continue
        with pytest.raises(Problem) as caught:
            issuer.issue(tag, request(nation, cohort), reissue=reissued)
        assert caught.value.code == "enrolment.cohort"
        assert current.name in caught.value.problem
    issuer.issue(tag, request(nation, current), reissue=reissued)


def test_the_next_week_has_the_next_key_and_last_weeks_request_still_gets_its_answer(nation, issuer, first):
    asked = request(nation, first)
    answer = issuer.issue(PHONE, asked)
    late = request(nation, first)
    nation.today = date(2020, 8, 10)
    assert issuer.current().name == "2020-W33"
    assert issuer.issue(PHONE, asked) == answer
    assert code_of(issuer.issue, OTHER, late) == "enrolment.cohort"
    issuer.issue(OTHER, request(nation, nation.cohorts[1][0]))


def test_when_last_weeks_key_is_destroyed_its_requests_get_no_answer_any_more(nation, issuer, vault, first):
    asked = request(nation, first)
    issuer.issue(PHONE, asked)
    without = Issuer(nation.pack.id, nation.cohorts[1:], nation.registrar, vault, lambda: date(2020, 8, 10))
    assert code_of(without.issue, PHONE, asked) == "enrolment.cohort"
    assert code_of(without.issue, PHONE, request(nation, nation.cohorts[1][0])) == "enrolment.used"


def test_before_the_first_week_nothing_is_issued(nation, issuer, first):
    nation.today = date(2020, 8, 2)
    assert code_of(issuer.issue, PHONE, request(nation, first)) == "enrolment.closed"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda asked: asked[:-1],
        lambda asked: asked + b"\0",
        lambda asked: b"\0\1" + asked[2:],
        lambda asked: asked[:3] + b"\xff" * 256,
        lambda asked: asked[:3] + bytes(256),
        lambda asked: b"",
    ],
    ids=["short", "long", "type 1", "above the modulus", "zero", "empty"],
)
def test_a_bad_request_is_refused_and_does_not_use_up_the_phone(nation, issuer, first, spoil):
    asked = request(nation, first)
    assert code_of(issuer.issue, PHONE, spoil(asked)) == "enrolment.request"
    issuer.issue(PHONE, asked)


def test_the_enrolment_is_the_registrars_and_commits_to_the_request(nation, issuer, vault, first):
    asked = request(nation, first)
    record = issuer.issue(PHONE, asked).record
    entry = decode(record, Enrolment)
    Verifier(nation.pack).verify(entry, record)
    kept = vault.get(FIRST_SPACE, PHONE)
    assert len(kept) == 64
    assert entry.commitment == commitment(kept[32:], asked)
    assert PHONE not in record and asked[3:] not in record


def test_two_phones_with_one_request_have_unequal_commitments(nation, issuer, first):
    asked = request(nation, first)
    one, two = (decode(issuer.issue(tag, asked).record, Enrolment) for tag in (PHONE, OTHER))
    assert one.commitment != two.commitment


def test_an_issuer_with_the_wrong_key_or_ambiguous_names_does_not_start(nation, vault):
    (first, one), (_, two), _ = nation.cohorts

    def start(cohorts):
        Issuer(nation.pack.id, cohorts, nation.registrar, vault, lambda: nation.today)

    assert code_of(start, [(first, two)]) == "cohort.key"
    assert code_of(start, [(first, one), (first, one)]) == "cohort.key"


def test_a_tag_depends_on_key_and_phone_and_only_on_them():
    pepper = Pepper(bytes(32))
    assert pepper.tag("+375291234567") == Pepper(bytes(32)).tag("+375291234567")
    assert pepper.tag("+375291234567") != pepper.tag("+375291234568")
    assert pepper.tag("+375291234567") != Pepper(b"\x01" * 32).tag("+375291234567")
    assert "00" not in repr(pepper)


@pytest.mark.parametrize(
    "phone", ["", "375291234567", "+0291234567", "+375 29 1234567", "+37529123456789012", "+375٢٩1234567", "+1234567\n"]
)
def test_a_phone_that_is_not_in_one_form_is_refused_and_not_shown(phone):
    with pytest.raises(Problem) as caught:
        Pepper(bytes(32)).tag(phone)
    assert caught.value.code == "phone.malformed"
    assert not phone or phone not in str(caught.value)
