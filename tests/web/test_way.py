"""The whole way, in each language: register, photograph, declare, send, receipt, counted; on a server as it runs."""

import pytest
from tests.web import way
from tests.web.election import Voting
from tests.web.phone import Phone

LANGUAGES = ("be", "ru", "en")
pytestmark = pytest.mark.xdist_group("web")


def received(window, line, voting, language):
    """Walk from the first screen to a receipt."""
    Phone(window, line, language).complaints()  # of the voters before
    phone = Phone(window, line, language).open()
    way.register(phone, voting)
    way.choose(phone, voting)
    way.photograph(phone)
    way.seal(phone)
    way.reaches(phone, "received")
    phone.sees("outbox_photo_all")
    return phone


def test_the_whole_way_in_each_language(app, chromium):
    voting = Voting(app)
    voting.start()
    try:
        voting.others_vote(2)
        lines = {language: voting.line() for language in LANGUAGES}
        for language, line in lines.items():
            phone = received(chromium, line, voting, language)
            assert phone.complaints() == []
        voting.count()
        assert len(voting.ballots()) == 2 + len(LANGUAGES)
        assert len(voting.photos()) == len(LANGUAGES)
        for language, line in lines.items():
            phone = Phone(chromium, line, language)
            chromium.get(phone.address)
            phone.press("menu_check")
            phone.press("check_go")
            phone.sees("check_counted", station=way.station_name(phone, voting))
            assert phone.lang == language
    finally:
        voting.end()
