"""The network fails in every way it can: nothing is lost, nothing doubled, and no state claims more than happened."""

import re
import shutil
import time
from datetime import datetime, timedelta

import pytest
from selenium.webdriver.common.by import By
from tests.e2e.living import golos
from tests.web import way
from tests.web.line import Line
from tests.web.phone import PATIENCE, Phone

from golos.ports import Waiting

pytestmark = pytest.mark.xdist_group("web")

UPLOAD = 135_000
"""About how many bytes a ballot with the picture of these tests sends."""
TWO_G = 50_000 / 8
DAY = 86_400_000


FULL = """
window.roomy = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (value, key) {
  if (value.data?.byteLength > 10000 || value.byteLength > 10000) throw new DOMException("full", "QuotaExceededError");
  return window.roomy.call(this, value, key);
};
"""
"""No room for a picture: the store says so, as when the disk is full. (Chromium's own override of the quota is not
heeded by its IndexedDB.)"""


class Counted:
    """What the log holds more than when this was made."""

    def __init__(self, voting):
        self._voting = voting
        while voting.living.office.journal.read(Waiting(1)):  # an earlier voter's, not yet under a checkpoint
            time.sleep(0.2)
        self._before = self._now()

    def _now(self):
        ballots, photos = self._voting.ballots(), self._voting.photos()
        return len(ballots), len({ballot.key for ballot in ballots}), len(photos)

    def becomes(self, ballots, voters, photos):
        """Wait until so many have come since, and see that no more come with the next checkpoints."""
        deadline, wanted = time.monotonic() + PATIENCE, (ballots, voters, photos)
        while self._grown() != wanted:
            assert time.monotonic() < deadline, f"{self._grown()} instead of {wanted}"
            time.sleep(0.5)
        time.sleep(2.5)
        assert self._grown() == wanted

    def _grown(self):
        return tuple(now - before for now, before in zip(self._now(), self._before, strict=True))


def filled(voter, voting, photo=True):
    """Fill the ballot in up to the last button."""
    way.choose(voter, voting)
    (way.photograph if photo else way.without_photo)(voter)


def arrives(voter, photo=True):
    """Press the button until all is there, as an impatient person does."""

    def there():
        if "received" in voter.stages() and (not photo or voter.say("outbox_photo_all") in voter.screen):
            return True
        for button in voter.window.find_elements(By.CSS_SELECTOR, "main .acts button.main:not([aria-disabled])"):
            voter.click(button)
        return False

    voter.until(there, "waits for the receipt and the photograph")


def test_the_day_without_a_network_and_then_with_one(voter, voting):
    counted = Counted(voting)
    voter.press("home_station")
    voter.type("search", voting.station)
    voter.button(way.station_name(voter, voting))  # what was looked at stays on the phone
    voter.line.close()
    voter.window.get(voter.address)
    filled(voter, voting)
    way.seal(voter)
    voter.sees("unreached")
    assert voter.stages() == ["saved"]
    voter.window.get(voter.address)
    voter.press("menu_outbox")
    way.reaches(voter, "saved")
    assert voter.stages() == ["saved"]
    counted.becomes(0, 0, 0)
    voter.line.mend()
    arrives(voter)
    counted.becomes(1, 1, 1)


@pytest.mark.parametrize("percent", [10, 50, 90])
def test_the_connection_is_cut_in_the_middle_of_the_upload(voter, voting, percent):
    counted = Counted(voting)
    filled(voter, voting)
    voter.line.cut_after(UPLOAD * percent // 100)
    way.seal(voter)
    voter.until(lambda: not voter.line.is_open, "waits for the cut")
    voter.until(lambda: "handed" in voter.stages() and voter.say("unreached") in voter.screen)
    assert voter.say("outbox_photo_all") not in voter.screen
    sent = voter.line.sent
    voter.line.mend()
    arrives(voter)
    counted.becomes(1, 1, 1)
    assert voter.line.sent - sent < UPLOAD * (100 - percent) // 100 + 75_000  # it went on, it did not begin again


def test_the_server_is_killed_in_the_middle(voter, voting):
    counted = Counted(voting)
    filled(voter, voting)
    voter.line.rate, before = 20_000, voter.line.sent
    way.seal(voter)
    voter.until(lambda: voter.line.sent - before > UPLOAD / 2)
    assert voter.say("outbox_photo_all") not in voter.screen
    voting.living.kill()
    voting.start()
    voter.line.rate = 0
    arrives(voter)
    counted.becomes(1, 1, 1)


NAMED = """
const done = arguments[0];
caches.match('index.html').then((kept) => done(kept ? kept.headers.get('content-security-policy') : ''));
"""
"""The policy of the page that the service worker keeps."""


def test_an_installed_app_takes_up_a_new_list_and_one_mirror_is_dead_and_another_takes_it(voter, voting):
    counted = Counted(voting)
    window, dead, alive = voter.window, voting.line(), voting.line()
    dead.close()
    window.get(voter.address)
    voter.until(lambda: "connect-src 'self';" in window.execute_async_script(NAMED), "waits for the worker")
    assert golos("app", "mirrors", voting.living.folder, dead.origin, alive.origin).returncode == 0
    try:
        window.get(voter.address)
        voter.until(lambda: alive.origin in window.execute_async_script(NAMED), "waits for the policy of today")
        window.get(voter.address)
        filled(voter, voting)
        voter.line.close()
        way.seal(voter)
        arrives(voter)
        counted.becomes(1, 1, 1)
        assert alive.sent > UPLOAD / 2
    finally:
        assert golos("app", "mirrors", voting.living.folder).returncode == 0


@pytest.mark.parametrize("ahead", [DAY, -DAY], ids=["a day ahead", "a day behind"])
def test_the_clock_is_wrong_by_a_day(chromium, voting, ahead):
    counted = Counted(voting)
    script = f"const now = Date.now; Date.now = () => now() + {ahead};"
    mark = chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})["identifier"]
    try:
        phone = Phone(chromium, voting.line()).open()
        way.register(phone, voting)
        filled(phone, voting, photo=False)
        way.seal(phone)
        arrives(phone, photo=False)
        phone.sees("clock_wrong")
        shown = phone.window.find_element(By.CSS_SELECTOR, "[data-stage=received] small").text
        told = datetime.strptime(shown, "%b %d, %Y, %I:%M %p")
        assert abs(told - datetime.now()) < timedelta(hours=1)
        counted.becomes(1, 1, 0)
    finally:
        chromium.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": mark})


def test_the_phone_s_storage_is_nearly_full(voter, voting):
    counted = Counted(voting)
    way.choose(voter, voting)
    voter.press("photo_with")
    voter.press("photo_open")
    voter.sees("hint_good")
    voter.press("camera_take")
    voter.press("mask_use")
    voter.heading("photo_back_ask")
    voter.window.execute_script(FULL)
    voter.press("photo_back_skip")
    voter.sees("storage_full")
    voter.window.execute_script("IDBObjectStore.prototype.put = window.roomy")
    voter.press("photo_back_skip")
    voter.heading("review_h")
    way.seal(voter)
    arrives(voter)
    counted.becomes(1, 1, 1)


def test_two_tabs_at_once(voter, voting):
    counted = Counted(voting)
    filled(voter, voting)
    voter.line.close()
    way.seal(voter)
    voter.sees("unreached")
    first = voter.window.current_window_handle
    voter.window.switch_to.new_window("tab")
    try:
        voter.window.get(voter.address)
        voter.press("menu_outbox")
        way.reaches(voter, "saved")
        assert voter.stages() == ["saved"]
        voter.line.mend()
        press = "document.querySelector('main .acts button.main').click()"
        voter.window.execute_script(press)
        second = voter.window.current_window_handle
        voter.window.switch_to.window(first)
        voter.window.execute_script(press)
        arrives(voter)
        voter.window.switch_to.window(second)
        way.reaches(voter, "received")
        counted.becomes(1, 1, 1)
    finally:
        if voter.window.current_window_handle == first:
            voter.window.switch_to.window(next(h for h in voter.window.window_handles if h != first))
        voter.window.close()
        voter.window.switch_to.window(first)


@pytest.fixture
def blocked(voter):
    """A network that carries pages, but nothing of what the voter sends."""
    voter.window.execute_cdp_cmd("Network.enable", {})
    voter.window.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/envelopes", "*/photos"]})
    yield lambda: voter.window.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    voter.window.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})


def test_the_app_is_updated_with_a_full_outbox(voter, voting, app, tmp_path, blocked):
    counted = Counted(voting)
    filled(voter, voting)
    way.seal(voter)
    voter.sees("unreached")
    newer = shutil.copytree(app, tmp_path / "newer")
    worker = newer / "sw.js"
    worker.write_bytes(worker.read_bytes() + b"\n//another version\n")
    voting.restart(newer)
    voter.window.get(voter.address)
    voter.sees("newer")
    voter.press("newer_take")
    voter.until(lambda: voter.say("newer") not in voter.screen, "waits for the new version")
    voter.press("menu_outbox")
    way.reaches(voter, "saved")
    assert voter.stages() == ["saved"]
    blocked()
    arrives(voter)
    counted.becomes(1, 1, 1)
    voting.restart(app)


def test_a_slow_network_of_the_second_generation(voter, voting):
    counted = Counted(voting)
    filled(voter, voting)
    slow(voter.line)
    way.seal(voter)
    voter.until(lambda: re.search(r"[1-9]\d? %", voter.screen))
    assert voter.say("outbox_photo_all") not in voter.screen
    arrives(voter)
    counted.becomes(1, 1, 1)


@pytest.mark.slow
def test_the_first_visit_on_a_slow_network(chromium, voting):
    line = voting.line()
    slow(line)
    phone = Phone(chromium, line).open()
    counted = Counted(voting)
    way.register(phone, voting)
    filled(phone, voting)
    way.seal(phone)
    arrives(phone)
    counted.becomes(1, 1, 1)


def slow(line: Line) -> None:
    """50 kbit/s, and half a second there and back."""
    line.rate, line.delay = TWO_G, 0.25
