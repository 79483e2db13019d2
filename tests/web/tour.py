"""Tour: past every screen of the app once, as a voter comes to see them, for tests and for the pictures of the docs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver.common.by import By
from tests.web import way
from tests.web.election import Voting
from tests.web.phone import Phone

PIN = "246810"
BUNDLE = ".golos,application/octet-stream"


@dataclass(slots=True)
class Trip:
    """Who goes on the tour: a phone, the election, a sealed report of somebody else; later the number used."""

    phone: Phone
    voting: Voting
    foreign: Path
    number: str = ""


Step = Callable[[Trip], object]


def press(key: str) -> Step:
    return lambda trip: trip.phone.press(key)


def heading(key: str) -> Step:
    return lambda trip: trip.phone.heading(key)


def sees(key: str, **values: object) -> Step:
    return lambda trip: trip.phone.sees(key, **values)


def there(selector: str) -> Step:
    return lambda trip: trip.phone.until(lambda: trip.phone.window.find_elements(By.CSS_SELECTOR, selector), selector)


def typed(field: str, text: str) -> Step:
    return lambda trip: trip.phone.type(field, text)


def number(trip: Trip) -> None:
    """Give the trip's number, or one that nobody has used."""
    trip.number = trip.number or trip.voting.number()
    trip.phone.type("phone", trip.number)


def code(trip: Trip) -> None:
    trip.phone.type("code", trip.voting.inbox.code(trip.number))


def station(trip: Trip) -> None:
    trip.phone.pick(way.station_name(trip.phone, trip.voting))


def seek_station(trip: Trip) -> None:
    trip.phone.type("search", trip.voting.station)
    trip.phone.button(way.station_name(trip.phone, trip.voting))


def option(trip: Trip) -> None:
    trip.phone.pick(way.option_name(trip.phone, trip.voting, way.OPTION))


def take_foreign(trip: Trip) -> None:
    trip.phone.choose(trip.foreign, BUNDLE)


def cut(trip: Trip) -> None:
    trip.phone.line.close()


def mend(trip: Trip) -> None:
    trip.phone.line.mend()


def again(trip: Trip) -> None:
    trip.phone.window.get(trip.phone.address)


QR = there(".qr path")

TOUR: tuple[tuple[str, *tuple[Step, ...]], ...] = (
    ("start",),
    ("restore", press("start_back"), heading("restore_h")),
    ("home", press("back"), press("start_go"), heading("home_h")),
    ("phone", press("home_register"), number),
    ("code", press("phone_go"), heading("code_h")),
    ("pin", code, press("go_on"), heading("pin_h")),
    ("paper", typed("pin", PIN), typed("again", PIN), press("pin_set"), heading("paper_h"), QR),
    ("home-registered", lambda trip: way.keep_paper(trip.phone)),
    ("station", press("home_station"), seek_station),
    ("station-unknown", press("station_unknown"), sees("station_unknown_help"), there("section .rows button")),
    ("choice", station, heading("choice_h"), option),
    ("photo", press("go_on"), heading("photo_h")),
    ("camera", press("photo_with"), press("photo_open"), sees("hint_good")),
    ("mask", press("camera_take"), heading("mask_h"), press("mask_add")),
    ("back", press("mask_use"), heading("photo_back_ask")),
    ("review", press("photo_back_skip"), heading("review_h"), there("figcaption")),
    ("outbox-saved", cut, lambda trip: way.seal(trip.phone), sees("unreached"), press("outbox_qr"), QR),
    (
        "outbox-received",
        mend,
        press("outbox_now"),
        lambda trip: way.reaches(trip.phone, "received"),
        sees("outbox_photo_all"),
    ),
    ("check", press("menu_check"), QR),
    ("home-sent", press("menu_home"), heading("home_h")),
    ("change", press("menu_change"), heading("change_h"), press("withdraw_go")),
    ("carry", press("menu_carry"), heading("carry_h"), cut, take_foreign, sees("carry_held", n=1)),
    (
        "observe-key",
        mend,
        press("menu_start"),
        press("start_observe"),
        press("observe_make"),
        heading("observe_h"),
        QR,
    ),
    ("observe", lambda trip: way.be_accredited(trip.phone, trip.voting)),
    (
        "protocol",
        press("observe_protocol"),
        press("report_station"),
        seek_station,
        station,
        heading("observe_protocol"),
        *(typed(line, figure) for line, figure in (("voters", "900"), ("turnout", "612"), ("zaria", "402"))),
    ),
    ("turnout", press("back"), press("observe_turnout"), heading("observe_turnout")),
    ("incident", press("back"), press("observe_incident"), heading("observe_incident")),
    ("trace", press("menu_trace"), heading("trace_h"), press("trace_go")),
    ("hidden", press("cancel"), press("hide"), there("#note")),
    ("unlock", lambda trip: trip.phone.click(trip.phone.window.find_element(By.CSS_SELECTOR, ".top button"))),
    (
        "gone",
        heading("unlock_h"),
        typed("pin", PIN),
        press("unlock_go"),
        heading("trace_h"),
        again,
        heading("unlock_h"),
        press("unlock_forgot"),
        press("trace_sure"),
        heading("gone_h"),
    ),
    (
        "used",
        again,
        lambda trip: trip.phone.speak(),
        press("start_go"),
        press("home_register"),
        number,
        press("phone_go"),
        heading("code_h"),
        code,
        press("go_on"),
        heading("used_h"),
        there("#region option:nth-child(2)"),
    ),
)
"""Each screen: its name, and what is done to come there from the one before."""


def tour(phone: Phone, voting: Voting, foreign: Path) -> Iterator[str]:
    """Yield the name of each screen while it is shown. ``foreign`` is a sealed report of somebody else."""
    trip = Trip(phone, voting, foreign)
    for name, *steps in TOUR:
        for step in steps:
            step(trip)
        yield name
