"""What few voters need and then need badly: a used number, a lost key, the nearest station, another mind, no trace."""

import json
from urllib.request import urlopen

import pytest
from tests.web import way
from tests.web.phone import Phone

pytestmark = pytest.mark.xdist_group("web")


def region_of(voting, station):
    """Return the area right below the nation in which a station lies."""
    areas, code = voting.living.pack.areas, voting.living.pack.stations[station].area
    while areas[code].parent != voting.living.pack.root:
        code = areas[code].parent
    return code


def disputes(voting):
    with urlopen(f"http://127.0.0.1:{voting.living.port}/disputes") as answer:
        return json.loads(answer.read())["regions"]


def asked_again(phone, voting, number):
    """From the first screen to where the app says that the number is used."""
    way.prove(phone, voting, number)
    phone.heading("used_h")


def test_a_number_that_is_used_is_disputed_in_public_or_gets_one_more_key(chromium, voting):
    number = way.register(Phone(chromium, voting.line()).open(), voting)
    region = region_of(voting, voting.station)
    before = disputes(voting).get(region, 0)
    phone = Phone(chromium, voting.line()).open()
    asked_again(phone, voting, number)
    name = voting.living.pack.areas[region].names["en"]
    phone.until(lambda: name in phone.screen)
    phone.window.execute_script(
        "const list = document.querySelector('#region'); list.value = arguments[0];"
        "list.dispatchEvent(new Event('change', {bubbles: true}))",
        region,
    )
    phone.press("used_say")
    phone.sees("used_said")
    voting.others_vote(1)  # the count moves with the log alone
    phone.until(lambda: disputes(voting).get(region, 0) == before + 1, "waits for the public count")
    phone.press("used_again")
    phone.heading("pin_h")
    phone.press("pin_none")
    way.keep_paper(phone)
    phone.sees("home_reissued")
    third = Phone(chromium, voting.line()).open()
    asked_again(third, voting, number)
    third.press("used_again")
    third.sees("used_twice")


def test_a_key_comes_back_from_paper_and_says_the_last_word(voter, chromium, voting, tmp_path):
    way.choose(voter, voting)
    way.without_photo(voter)
    way.seal(voter)
    way.reaches(voter, "received")
    first = voting.ballots()[-1]
    voter.press("menu_home")
    voter.window.get(voter.address)
    voter.press("menu_change")
    voter.press("change_go")
    voter.press("home_paper")
    code = voter.until(lambda: voter.window.find_element("css selector", ".qr svg"))
    voter.window.execute_script("arguments[0].scrollIntoView()", code)
    (tmp_path / "paper.png").write_bytes(code.screenshot_as_png)
    other = Phone(chromium, voting.line()).open()
    other.press("start_back")
    other.type("text", "GOLOS:K:NOTHING")
    other.press("restore_go")
    other.sees("restore_wrong")
    other.choose(tmp_path / "paper.png")
    other.heading("pin_h")
    other.press("pin_none")
    other.heading("home_h")
    way.choose(other, voting, "hrabar")
    way.without_photo(other)
    way.seal(other)
    way.reaches(other, "received")
    same = [ballot for ballot in voting.ballots() if ballot.key == first.key]
    assert len(same) == 2 and same[-1].sequence > first.sequence


def test_the_nearest_station_is_found_and_the_position_stays_on_the_phone(voter, voting):
    pack = voting.living.pack
    wanted = list(pack.stations.values())[-1]
    window, where = voter.window, {"latitude": wanted.lat + 0.0007, "longitude": wanted.lon - 0.0004}
    window.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["geolocation"], "origin": voter.line.origin})
    window.execute_cdp_cmd("Emulation.setGeolocationOverride", where | {"accuracy": 20})
    voter.press("home_station")
    voter.press("station_near")
    rows = voter.until(lambda: [row.text for row in window.find_elements("css selector", "ul.rows button")])
    assert rows[0].startswith(wanted.names["en"])
    voter.pick(wanted.names["en"])
    voter.heading("choice_h")
    heard = bytes(voter.line.heard)
    for said in (str(where["latitude"])[:6], str(where["longitude"])[:6], "latitude", "geolocation"):
        assert said.encode() not in heard
    window.execute_cdp_cmd("Emulation.clearGeolocationOverride", {})


def test_a_report_is_withdrawn_and_made_again_with_the_photograph_that_was_sent(voter, voting):
    photos = len(voting.photos())
    way.choose(voter, voting)
    way.photograph(voter)
    way.seal(voter)
    way.reaches(voter, "received")
    voter.sees("outbox_photo_all")
    mine = voting.ballots()[-1].key
    voter.press("menu_home")
    voter.press("menu_change")
    voter.press("withdraw_go")
    voter.press("withdraw_sure")
    voter.heading("outbox_h")
    voter.sees("outbox_withdrawal")
    voter.until(lambda: [one for one in voting.withdrawals() if one.key == mine], "waits for the withdrawal")
    voter.press("menu_home")
    voter.press("menu_change")
    voter.press("change_go")
    voter.press("home_station")
    voter.type("search", voting.station)
    voter.pick(way.station_name(voter, voting))
    voter.pick(way.option_name(voter, voting, "lipen"))
    voter.press("go_on")
    voter.press("photo_same")
    voter.heading("review_h")
    voter.until(lambda: voter.window.find_element("css selector", "figcaption").text)
    way.seal(voter)
    voter.until(lambda: len([one for one in voting.ballots() if one.key == mine]) == 2, "waits for the ballot")
    (photo,) = {one.photo for one in voting.ballots() if one.key == mine}
    assert photo is not None and len(voting.photos()) == photos + 1
    sequences = [one.sequence for one in [*voting.ballots(), *voting.withdrawals()] if one.key == mine]
    assert sorted(sequences) == [1, 2, 3]


def test_a_report_leaves_the_phone_once_its_receipt_is_there(voter, voting):
    way.choose(voter, voting)
    way.photograph(voter)
    voter.press("menu_trace")
    voter.press("trace_wipe")
    voter.press("menu_home")
    voter.press("home_send")
    way.seal(voter)
    way.reaches(voter, "received")
    voter.until(lambda: "%" not in voter.screen and not voter.window.find_elements("tag name", "progress"))
    voter.window.get(voter.address)
    voter.press("menu_check")
    voter.sees("check_none")
    assert way.station_name(voter, voting) not in voter.screen
    voter.press("menu_home")
    voter.press("menu_change")
    voter.press("change_go")  # the key is still there
    voter.heading("home_h")
