"""Observers: whom an organisation vouches for says what the protocol holds, who came to the door, what went wrong."""

import pytest
from tests.web import way

from golos.model.entry import Incident, Protocol, Turnout

pytestmark = pytest.mark.xdist_group("web")

FIGURES = {"voters": 900, "turnout": 610, "zaria": 402, "hrabar": 150, "lipen": 40, "against_all": 10, "invalid": 8}


@pytest.fixture
def observer(phone, voting):
    """A phone that an organisation has accredited: no number was asked."""
    phone.press("start_observe")
    phone.press("observe_make")
    phone.type("accreditation", voting.accredit("ab" * 32))
    phone.press("observe_take")
    phone.sees("observe_wrong")  # the word is for another phone's key
    way.be_accredited(phone, voting)
    return phone


def at_station(observer, voting, kind):
    observer.press(f"observe_{kind}")
    observer.press("report_station")
    observer.type("search", voting.station)
    observer.pick(way.station_name(observer, voting))
    observer.heading(f"observe_{kind}")
    observer.sees("report_send")


def signed(observer, stage):
    """Sign, and wait on the list of reports until the newest has that stage."""
    observer.press("report_send")
    observer.heading("observe_h")
    newest = f"[data-report]:first-of-type[data-report={stage}]"
    observer.until(lambda: observer.window.find_elements("css selector", newest), f"waits for {stage}")


def test_a_protocol_a_count_and_an_incident_go_into_the_public_record(observer, voting):
    before = len(voting.entries())
    at_station(observer, voting, "protocol")
    for line, figure in FIGURES.items():
        observer.type(line, str(figure) if line != "lipen" else "4o")
    observer.press("report_send")
    observer.sees("report_whole")
    observer.type("lipen", str(FIGURES["lipen"] - 3))
    observer.sees("report_sum", check="Votes and invalid ballots add up to the turnout", left=610, right=607)
    observer.type("lipen", str(FIGURES["lipen"]))
    observer.press("photo_open")
    observer.sees("hint_good")
    observer.press("camera_take")
    observer.press("mask_use")
    observer.heading("observe_protocol")
    observer.sees("photo_have")
    assert observer.window.find_element("id", "turnout").get_attribute("value") == "610"
    signed(observer, "received")
    observer.sees("outbox_photo_all")

    at_station(observer, voting, "turnout")
    observer.press("report_send")
    observer.sees("report_empty")
    observer.pick("Ballots in the boxes")
    observer.type("voters", "598")
    observer.press("report_throughout")
    signed(observer, "received")
    at_station(observer, voting, "incident")
    observer.press("incident_ballots_added")
    signed(observer, "received")

    said = [entry for entry in voting.entries()[before:] if isinstance(entry, Protocol | Turnout | Incident)]
    assert len({entry.key for entry in said}) == 1
    by_kind = {type(entry): entry for entry in said}
    protocol, turnout, incident = by_kind[Protocol], by_kind[Turnout], by_kind[Incident]
    assert {entry.station for entry in said} == {voting.station}
    assert dict(protocol.lines) == FIGURES
    assert protocol.photo in {photo.photo for photo in voting.photos()}
    assert (turnout.line, turnout.voters, turnout.double_count, turnout.throughout) == ("turnout", 598, 0, True)
    assert incident.category == "ballots-added"
