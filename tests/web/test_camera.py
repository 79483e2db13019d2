"""The app's own camera says what is wrong with a picture, while one looks."""

import pytest
from selenium.webdriver.common.by import By
from tests.web import film, way
from tests.web.phone import Phone, phones

pytestmark = pytest.mark.xdist_group("web")

SHOWN_FOR = 75
"""Frames of each sight; a hint is said when it was true twice in a row."""


def test_a_hint_for_each_thing_that_is_wrong(voting, tmp_path):
    frames = [film.sight(kind) for kind in film.SIGHTS]
    with phones(tmp_path / "profile", film.write(tmp_path / "sights.mjpeg", frames, SHOWN_FOR)) as window:
        phone = Phone(window, voting.line()).open()
        phone.press("start_go")
        way.choose(phone, voting)
        phone.press("photo_with")
        phone.press("photo_open")
        hints = {phone.say(f"hint_{kind}"): kind for kind in film.SIGHTS}
        seen = set()

        def all_seen():
            seen.add(hints.get(window.find_element(By.CSS_SELECTOR, ".hint").text))
            return set(film.SIGHTS) <= seen

        phone.until(all_seen, f"waits for all of {film.SIGHTS}, one after the other")
