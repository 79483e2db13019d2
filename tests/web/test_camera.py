"""The app's own camera says what is wrong with a picture, while one looks."""

import pytest
from tests.web import film, way
from tests.web.phone import Phone, phones

pytestmark = pytest.mark.xdist_group("web")


@pytest.mark.parametrize("kind", film.SIGHTS)
def test_a_hint_for_each_thing_that_is_wrong(voting, tmp_path, kind):
    """One film per sight: what the camera shows does not change while the hint is waited for."""
    with phones(tmp_path / "profile", film.write(tmp_path / "sight.mjpeg", [film.sight(kind)] * 3)) as window:
        phone = Phone(window, voting.line()).open()
        phone.press("start_go")
        way.choose(phone, voting)
        phone.press("photo_with")
        phone.press("photo_open")
        phone.sees(f"hint_{kind}")
