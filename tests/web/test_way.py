"""The whole way, in each language: register, photograph, declare, send, receipt, counted; on a server as it runs."""

import pytest
from tests.web import way
from tests.web.election import Voting
from tests.web.phone import Phone, phones

LANGUAGES = ("be", "ru", "en")
pytestmark = pytest.mark.xdist_group("web")


def received(window, voting, line, language):
    """Walk from the first screen to a receipt."""
    phone = Phone(window, line, language).open()
    way.register(phone, voting)
    way.choose(phone, voting)
    way.photograph(phone)
    way.seal(phone)
    way.reaches(phone, "received")
    phone.sees("outbox_photo_all")
    return phone


def test_the_whole_way_in_each_language(tmp_path_factory, app, ballot_film):
    voting = Voting(app)
    voting.start()
    try:
        voting.others_vote(2)
        lines = {language: voting.line() for language in LANGUAGES}
        profiles = {language: tmp_path_factory.mktemp(language) for language in LANGUAGES}
        for language, profile in profiles.items():
            with phones(profile, ballot_film) as window:
                phone = received(window, voting, lines[language], language)
                assert phone.complaints() == []
        voting.count()
        assert len(voting.ballots()) == 2 + len(LANGUAGES)
        assert len(voting.photos()) == len(LANGUAGES)
        for language, profile in profiles.items():
            with phones(profile) as window:
                phone = Phone(window, lines[language], language)
                window.get(phone.address)
                phone.press("menu_check")
                phone.press("check_go")
                phone.sees("check_counted", station=way.station_name(phone, voting))
                assert phone.lang == language
    finally:
        voting.end()
