"""Way: what a voter does, step by step, on any phone and in any language."""

from tests.web.election import Voting
from tests.web.phone import Phone

OPTION = "zaria"


def prove(phone: Phone, voting: Voting, number: str) -> None:
    """From the first screen past the code that the number was sent."""
    phone.press("start_go")
    phone.press("home_register")
    phone.type("phone", number)
    phone.press("phone_go")
    phone.heading("code_h")
    phone.type("code", voting.inbox.code(number))
    phone.press("go_on")


def register(phone: Phone, voting: Voting, pin: str = "") -> str:
    """From the first screen to the key on paper; return the number."""
    number = voting.number()
    prove(phone, voting, number)
    phone.heading("pin_h")
    if pin:
        phone.type("pin", pin)
        phone.type("again", pin)
    phone.press("pin_set" if pin else "pin_none")
    keep_paper(phone)
    return number


def keep_paper(phone: Phone) -> None:
    """Copy the number that stands under the code, as the app asks for."""
    phone.heading("paper_h")
    shown = phone.until(lambda: phone.window.find_element("css selector", ".number").text)
    phone.type("check", shown.split()[-1])
    phone.press("paper_done")
    phone.heading("home_h")


def choose(phone: Phone, voting: Voting, option: str = OPTION) -> None:
    """The station by its number, then the choice."""
    phone.press("home_station")
    phone.type("search", voting.station)
    phone.pick(station_name(phone, voting))
    phone.heading("choice_h")
    phone.pick(option_name(phone, voting, option))
    phone.press("go_on")
    phone.heading("photo_h")


def photograph(phone: Phone) -> None:
    """The front in the app's camera; the back is empty."""
    phone.press("photo_with")
    phone.press("photo_open")
    phone.sees("hint_good")
    phone.press("camera_take")
    phone.heading("mask_h")
    phone.press("mask_use")
    phone.heading("photo_back_ask")
    phone.press("photo_back_skip")
    phone.heading("review_h")


def without_photo(phone: Phone) -> None:
    phone.press("photo_without")
    phone.heading("review_h")


def seal(phone: Phone) -> None:
    phone.press("review_send")
    phone.heading("outbox_h")


def reaches(phone: Phone, stage: str) -> None:
    """Wait in the outbox until a state is reached."""
    phone.until(lambda: stage in phone.stages(), f"waits for {stage}")


def be_accredited(phone: Phone, voting: Voting) -> None:
    """Have the organisation of the election vouch for the key that the screen shows."""
    key = phone.until(lambda: phone.window.find_element("css selector", "#key").text)
    phone.type("accreditation", voting.accredit(key))
    phone.press("observe_take")
    phone.sees("observe_by", organisation=voting.organisation.name)


def station_name(phone: Phone, voting: Voting) -> str:
    names = voting.living.pack.stations[voting.station].names
    return names[phone.language] if phone.language in names else next(iter(names.values()))


def option_name(phone: Phone, voting: Voting, option: str) -> str:
    contest = voting.living.pack.contests[0]
    return next(one.names[phone.language] for one in contest.options if one.id == option)
