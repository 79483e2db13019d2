"""A phone becomes one token, and nothing of the phone stays."""

import asyncio
import logging

import pytest
from tests.intake.world import PRESIDENT, World

from golos.credential.voter import Voter
from golos.intake.channel import Console
from golos.intake.codes import Codes, Limits
from golos.intake.phone import normalise
from golos.model.entry import decode_entry
from golos.model.problem import Problem
from golos.ports import StoreFull

PHONE = "+375291234567"


def token(world, voter, phone=PHONE, code=None, request=None, cohort=0, reissue=False):
    request = request or voter.enrol(voter.pack.keys.cohorts[cohort])
    code = code or world.channel.codes[normalise(phone)]
    return asyncio.run(world.register.token(phone, code, request, reissue))


def send_code(world, phone=PHONE):
    asyncio.run(world.register.send_code(phone))


def problem(call, *args, **options):
    with pytest.raises(Problem) as caught:
        call(*args, **options)
    assert PHONE not in str(caught.value) and caught.value.remedy
    return caught.value.code


def test_a_phone_gets_a_token_that_admits_a_ballot(world, election):
    voter = Voter(election.pack)
    send_code(world, "+375 29 123-45-67")
    voter.enrolled(token(world, voter, "+375 (29) 1234567"))
    sent = voter.ballot("s1", PRESIDENT, 1)
    assert asyncio.run(world.admission.admit(sent.envelope)) == sent.name
    asyncio.run(world.beat.once())
    assert world.totals.per_cohort()["2020-W32"] == (1, 1)


@pytest.mark.parametrize(
    "phone", ["", "375291234567", "+375", "+3752912345678901234567890", "+375 29 1", "a" * 1000, "☎"]
)
def test_what_is_no_phone_is_refused(world, phone):
    assert problem(send_code, world, phone) == "phone.invalid"
    assert world.channel.codes == {}


def test_the_same_request_gets_the_same_answer_and_one_entry(world, election):
    voter = Voter(election.pack)
    request = voter.enrol(election.cohorts[0])
    send_code(world)
    answers = {token(world, voter, request=request) for _ in range(3)}
    assert len(answers) == 1 and len(world.records_of("enrolment")) == 1
    asyncio.run(world.beat.once())
    assert token(world, voter, request=request) in answers
    assert len(world.records_of("enrolment")) == 1


def test_a_hundred_parallel_requests_for_one_phone_give_one_token(world, election):
    requests = [Voter(election.pack).enrol(election.cohorts[0]) for _ in range(100)]
    send_code(world)
    code = world.channel.codes[PHONE]

    async def main():
        calls = (world.register.token(PHONE, code, request) for request in requests)
        return await asyncio.gather(*calls, return_exceptions=True)

    answers = asyncio.run(main())
    assert sum(isinstance(a, bytes) for a in answers) == 1
    assert {a.code for a in answers if not isinstance(a, bytes)} == {"enrolment.used"}
    assert len(world.records_of("enrolment")) == 1


def test_one_reissue_counted_apart(world, election):
    send_code(world)
    lost, new, third = (Voter(election.pack) for _ in range(3))
    assert problem(token, world, new, cohort=2, reissue=True) == "enrolment.unknown"
    token(world, lost)
    assert problem(token, world, new) == "enrolment.used"
    new.enrolled(token(world, new, cohort=2, reissue=True))
    assert problem(token, world, third, cohort=2, reissue=True) == "enrolment.reissued"
    asyncio.run(world.beat.once())
    assert world.totals.per_cohort() == {"2020-W32": (1, 0), "2020-W33": (0, 0), "reissue": (1, 0)}


def test_a_code_is_needed_and_only_the_newest_is_good(world, election):
    voter = Voter(election.pack)
    assert problem(token, world, voter, code="123456") == "enrolment.code_expired"
    send_code(world)
    first = world.channel.codes[PHONE]
    send_code(world)
    if world.channel.codes[PHONE] != first:
        assert problem(token, world, voter, code=first) == "enrolment.code_wrong"
    assert token(world, voter)
    send_code(world, "+375291234568")
    other = world.channel.codes["+375291234568"]
    assert problem(token, world, voter, code=other, phone="+375291234569") == "enrolment.code_expired"
    assert len(world.records_of("enrolment")) == 1


def test_guesses_are_limited(world, election):
    voter = Voter(election.pack)
    send_code(world)
    right = world.channel.codes[PHONE]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    codes = [problem(token, world, voter, code=wrong) for _ in range(6)]
    assert codes == ["enrolment.code_wrong"] * 5 + ["enrolment.guesses"]
    assert problem(token, world, voter, code=right) == "enrolment.guesses", "the sixth guess must not win"
    assert world.records_of("enrolment") == []


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_codes_expire_and_phones_are_forgotten():
    clock = Clock()
    codes = Codes(Limits(lifetime=60, window=600), clock)
    code = codes.new(b"tag")
    clock.now = 59.9
    codes.check(b"tag", code)
    clock.now = 60.0
    with pytest.raises(Problem, match="expired"):
        codes.check(b"tag", code)
    clock.now = 601.0
    codes.forget()
    assert len(codes) == 0


def test_codes_per_phone_and_overall_are_limited():
    clock = Clock()
    codes = Codes(Limits(codes_per_phone=2, codes_overall=4, window=600), clock)
    codes.new(b"one")
    codes.new(b"one")
    assert problem(codes.new, b"one") == "enrolment.too_often"
    codes.new(b"two")
    codes.new(b"three")
    assert problem(codes.new, b"four") == "enrolment.busy"
    clock.now = 600.0
    codes.new(b"one")


def test_a_full_store_gives_no_token_and_the_retry_gives_one(world, election, monkeypatch):
    """The Enrolment is durable before the answer leaves."""
    voter = Voter(election.pack)
    request = voter.enrol(election.cohorts[0])
    send_code(world)

    def full(rows):
        raise StoreFull("no space")

    monkeypatch.setattr(type(world.stores.journal), "admit_future", lambda self, rows: full(rows))
    with pytest.raises(StoreFull):
        token(world, voter, request=request)
    monkeypatch.undo()
    assert world.records_of("enrolment") == []
    voter.enrolled(token(world, voter, request=request))
    assert len(world.records_of("enrolment")) == 1


def test_what_waits_over_a_restart_is_counted_once(election, tmp_path):
    world = World(election, tmp_path)
    send_code(world)
    token(world, Voter(election.pack))
    world.close()
    world = World(election, tmp_path)
    asyncio.run(world.follower.start())
    assert world.totals.per_cohort()["2020-W32"] == (0, 0)
    asyncio.run(world.beat.once())
    assert world.totals.per_cohort()["2020-W32"] == (1, 0)
    world.close()


def test_an_enrolment_names_neither_phone_nor_tag(world, election):
    voter = Voter(election.pack)
    send_code(world)
    token(world, voter)
    (record,) = world.records_of("enrolment")
    tag = world.register._tag(PHONE)
    assert tag not in record and PHONE.encode() not in record and voter.key.public not in record
    assert decode_entry(record).election == election.pack.id


def test_no_phone_in_any_file_or_log(world, election, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    for last in range(5):
        phone = f"+37529123457{last}"
        send_code(world, phone)
        token(world, Voter(election.pack), phone)
    asyncio.run(world.beat.once())
    out, err = capfd.readouterr()
    said = (out + err + caplog.text).encode()
    for path in [p for p in tmp_path.rglob("*") if p.is_file()]:
        said += path.read_bytes()
    assert len(said) > 10_000
    assert b"29123457" not in said
    assert len(world.codes) == 5 and "29123457" not in repr(vars(world.codes))


def test_console_shows_codes_on_a_terminal_only(capsys):
    with pytest.raises(Problem, match="no terminal"):
        asyncio.run(Console().send(PHONE, "123456"))
    assert PHONE not in "".join(capsys.readouterr())
