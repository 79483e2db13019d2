"""The clock is set back an hour, or a week: what runs goes on, and nothing is used up by a wrong day."""

import asyncio
import time
from datetime import date, timedelta

import pytest
from tests.intake.world import PRESIDENT, Election, World, serving

from golos.app import App
from golos.credential.issuer import Issuer
from golos.credential.voter import Voter
from golos.intake.codes import Codes, Limits
from golos.model.problem import Problem

TAG = bytes(32)


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the wall clock back by so many seconds; the monotonic clock goes on."""
    real = time.time

    def back(seconds):
        monkeypatch.setattr(time, "time", lambda: real() - seconds)

    return back


def test_a_code_lives_as_long_as_it_did(clock):
    codes = Codes(Limits(lifetime=0.3))
    code = codes.new(TAG)
    clock(3600)
    codes.check(TAG, code)
    time.sleep(0.35)
    with pytest.raises(Problem) as expired:
        codes.check(TAG, code)
    assert expired.value.code == "enrolment.code_expired"


def test_a_server_goes_on_with_its_checkpoints_and_its_health(living, clock, monkeypatch):
    app = App(living.folder)
    try:
        (voter,) = living.voters(1)
        one, two = (voter.ballot(living.station, (("president", ("zaria",)),), n) for n in (1, 2))
        with serving(_Served(app)) as client:
            _accepted_and_logged(client, one)
            clock(3600)
            _accepted_and_logged(client, two)
            assert client.get("/health").status_code == 200
            upload = {"Tus-Resumable": "1.0.0", "Upload-Length": "8249", "Upload-Metadata": "sha256 " + "A" * 43 + "="}
            assert client.post("/photos", headers=upload).status_code == 201
            monkeypatch.undo()
            assert client.get("/health").status_code == 200, "set right again"
    finally:
        app.close()


class _Served:
    def __init__(self, app):
        self.services = app.services()


def _accepted_and_logged(client, one):
    answer = client.post("/envelopes", content=one.envelope, headers={"Content-Type": "application/octet-stream"})
    assert answer.status_code == 202
    until = time.monotonic() + 20
    while client.get(f"/receipts/{one.name.hex()}").status_code == 404:
        assert time.monotonic() < until, "the checkpoints stand still"
        time.sleep(0.1)


class Calendar:
    """The day by which the cohort is chosen."""

    def __init__(self, day):
        self.day = day

    def __call__(self):
        return self.day


@pytest.fixture
def issuing(tmp_path):
    election = Election(tmp_path / "pack")
    world = World(election, tmp_path)
    today = Calendar(date(2020, 8, 10))  # the Monday on which the second cohort begins
    yield election, Issuer(election.pack.id, election.private, election.registrar, world.stores.vault, today), today
    world.close()


def test_a_day_back_over_the_turn_of_a_cohort_uses_nothing_up(issuing):
    election, issuer, today = issuing
    first, second = Voter(election.pack), Voter(election.pack)
    request, later = first.enrol(election.cohorts[1]), second.enrol(election.cohorts[1])
    given = issuer.issue(TAG, request)
    today.day -= timedelta(days=1)
    assert issuer.current().name == "2020-W32"
    assert issuer.issue(TAG, request) == given, "an answer that was lost can be had again on any day"
    with pytest.raises(Problem) as refused:
        issuer.issue(bytes([1]) * 32, later)
    assert refused.value.code == "enrolment.cohort" and refused.value.remedy
    today.day -= timedelta(days=30)
    with pytest.raises(Problem) as closed:
        issuer.issue(bytes([1]) * 32, later)
    assert closed.value.code == "enrolment.closed"
    today.day = date(2020, 8, 10)
    second.enrolled(issuer.issue(bytes([1]) * 32, later).response)
    first.enrolled(given.response)
    assert first.token[66:98] == second.token[66:98], "of the cohort that both asked for"


def test_a_token_of_a_cohort_that_has_not_begun_by_this_clock_is_taken(issuing, tmp_path):
    """Intake asks no calendar: the stewards' cut-off is a checkpoint."""
    election, *_ = issuing
    world = World(election, tmp_path / "other")
    sent = election.voter(cohort=1).ballot("s1", PRESIDENT, 1)
    assert asyncio.run(world.admission.admit(sent.envelope)) == sent.name
    world.close()
