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


def change_after_the_cut_off(phone, voting):
    """Another version is made and refused, in words."""
    phone.press("menu_home")
    phone.press("menu_change")
    phone.press("change_go")
    phone.press("home_choice")
    phone.pick(way.option_name(phone, voting, "lipen"))
    phone.press("go_on")
    way.without_photo(phone)
    way.seal(phone)
    phone.sees("outbox_refused", why=phone.say("refused_frozen"))


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
            phone.sees("check_tier_photographed")
            assert phone.lang == language
        change_after_the_cut_off(phone, voting)
    finally:
        voting.end()
