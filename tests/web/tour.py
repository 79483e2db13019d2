"""Tour: past every screen of the app once, as a voter comes to see them, for tests and for the pictures of the docs."""

from collections.abc import Iterator
from pathlib import Path

from selenium.webdriver.common.by import By
from tests.web import way
from tests.web.election import Voting
from tests.web.phone import Phone

PIN = "246810"


def tour(phone: Phone, voting: Voting, foreign: Path) -> Iterator[str]:
    """Yield the name of each screen while it is shown. ``foreign`` is a sealed report of somebody else."""
    yield "start"
    phone.press("start_go")
    phone.heading("home_h")
    yield "home"
    yield from _registering(phone, voting)
    yield from _filling(phone, voting)
    yield from _sent(phone)
    yield from _else(phone, foreign)


def _registering(phone: Phone, voting: Voting) -> Iterator[str]:
    number = voting.number()
    phone.press("home_register")
    phone.type("phone", number)
    yield "phone"
    phone.press("phone_go")
    phone.heading("code_h")
    yield "code"
    phone.type("code", voting.inbox.code(number))
    phone.press("go_on")
    phone.heading("pin_h")
    yield "pin"
    phone.type("pin", PIN)
    phone.type("again", PIN)
    phone.press("pin_set")
    phone.heading("paper_h")
    phone.until(lambda: phone.window.find_elements(By.CSS_SELECTOR, ".qr path"))
    yield "paper"
    way.keep_paper(phone)
    yield "home-registered"


def _filling(phone: Phone, voting: Voting) -> Iterator[str]:
    phone.press("home_station")
    phone.type("search", voting.station)
    phone.button(way.station_name(phone, voting))
    yield "station"
    phone.press("station_unknown")
    phone.sees("station_unknown_help")
    phone.until(lambda: len(phone.window.find_elements(By.CSS_SELECTOR, "section .rows button")) > 0)
    yield "station-unknown"
    phone.pick(way.station_name(phone, voting))
    phone.heading("choice_h")
    phone.pick(way.option_name(phone, voting, way.OPTION))
    yield "choice"
    phone.press("go_on")
    phone.heading("photo_h")
    yield "photo"
    phone.press("photo_with")
    phone.press("photo_open")
    phone.sees("hint_good")
    yield "camera"
    phone.press("camera_take")
    phone.heading("mask_h")
    phone.press("mask_add")
    yield "mask"
    phone.press("mask_use")
    phone.heading("photo_back_ask")
    yield "back"
    phone.press("photo_back_skip")
    phone.heading("review_h")
    phone.until(lambda: phone.window.find_elements(By.CSS_SELECTOR, "figcaption"))
    yield "review"


def _sent(phone: Phone) -> Iterator[str]:
    phone.line.close()
    way.seal(phone)
    phone.sees("unreached")
    phone.press("outbox_qr")
    phone.until(lambda: phone.window.find_elements(By.CSS_SELECTOR, ".qr path"))
    yield "outbox-saved"
    phone.line.mend()
    phone.press("outbox_now")
    way.reaches(phone, "received")
    phone.sees("outbox_photo_all")
    yield "outbox-received"
    phone.press("menu_check")
    phone.until(lambda: phone.window.find_elements(By.CSS_SELECTOR, ".qr path"))
    yield "check"
    phone.press("menu_home")
    phone.heading("home_h")
    yield "home-sent"
    phone.press("menu_change")
    phone.heading("change_h")
    phone.press("withdraw_go")
    yield "change"


def _else(phone: Phone, foreign: Path) -> Iterator[str]:
    phone.press("menu_carry")
    phone.heading("carry_h")
    phone.line.close()
    phone.choose(foreign, ".golos,application/octet-stream")
    phone.sees("carry_held", n=1)
    yield "carry"
    phone.line.mend()
    phone.press("menu_trace")
    phone.heading("trace_h")
    phone.press("trace_go")
    yield "trace"
    phone.press("cancel")
    phone.press("hide")
    phone.until(lambda: phone.window.find_elements(By.ID, "note"))
    yield "hidden"
    phone.click(phone.window.find_element(By.CSS_SELECTOR, ".top button"))
    phone.heading("unlock_h")
    yield "unlock"
    phone.type("pin", PIN)
    phone.press("unlock_go")
    phone.heading("trace_h")
    phone.window.get(phone.address)
    phone.heading("unlock_h")
    phone.press("unlock_forgot")
    phone.press("trace_sure")
    phone.heading("gone_h")
    yield "gone"
