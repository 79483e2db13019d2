"""The app as one file, from a stick, without a server: what it seals is carried by another phone; a mirror is found."""

import hashlib

import pytest
from tests.e2e.living import golos
from tests.web import way
from tests.web.phone import Phone, phones

pytestmark = pytest.mark.xdist_group("web")

ELECTION = ".golos,application/cbor"
BUNDLE = ".golos,application/octet-stream"


@pytest.fixture
def mirror(voting):
    """A mirror on the signed list, which nobody reaches yet."""
    line = voting.line()
    line.close()
    assert golos("app", "mirrors", voting.living.folder, line.origin).returncode == 0
    yield line
    assert golos("app", "mirrors", voting.living.folder).returncode == 0


@pytest.fixture
def stick(mirror, voter, tmp_path):
    """What a voter with internet passes on: the page and the election's file."""
    downloads_to(voter.window, tmp_path)
    voter.press("menu_carry")
    voter.press("carry_app_page")
    voter.until((tmp_path / "notes.html").exists, "waits for the page")
    voter.press("carry_app_election")
    voter.until((tmp_path / "election.golos").exists, "waits for the election's file")
    return tmp_path


def downloads_to(window, folder):
    window.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})


@pytest.fixture
def paper(voter, tmp_path):
    """A picture of the voter's key on paper."""
    voter.press("menu_home")
    voter.press("home_paper")
    code = voter.until(lambda: voter.window.find_element("css selector", ".qr svg"))
    voter.window.execute_script("arguments[0].scrollIntoView()", code)
    (tmp_path / "paper.png").write_bytes(code.screenshot_as_png)
    return tmp_path / "paper.png"


def test_from_a_page_on_a_stick_to_a_report_that_another_phone_delivers(
    voter, voting, mirror, stick, paper, ballot_film, app
):
    page, ballots, photos = stick / "notes.html", len(voting.ballots()), len(voting.photos())
    assert page.read_bytes() == (app / "offline.html").read_bytes()
    assert hashlib.sha256(page.read_bytes()).hexdigest() == voting.living.pack.offline_page  # in leaf 0 of the log
    with phones(stick / "profile", ballot_film) as window:
        downloads_to(window, stick / "out")
        lone = Phone(window, voting.line(), address=page.as_uri()).open()
        lone.line.close()
        lone.sees("start_file")
        lone.choose(paper, ELECTION)
        lone.sees("start_file_bad")
        lone.choose(stick / "election.golos", ELECTION)
        lone.press("start_back")
        lone.choose(paper)
        lone.heading("pin_h")
        lone.press("pin_none")
        lone.heading("home_h")
        way.choose(lone, voting)
        way.photograph(lone)
        way.seal(lone)
        window.get(lone.address)  # closed and opened again: everything is still there
        lone.press("menu_outbox")
        lone.press("outbox_save")
        (file,) = lone.until(lambda: list((stick / "out").glob("*.golos")))
        lone.sees("state_handed_file")
        assert lone.stages() == ["saved", "handed"]
        voter.press("menu_carry")
        voter.choose(file, BUNDLE)
        voter.sees("carry_delivered", n=1)
        voter.until(lambda: (len(voting.ballots()), len(voting.photos())) == (ballots + 1, photos + 1))
        mirror.mend()  # internet at last: the election's file has brought the list of mirrors
        lone.press("outbox_now")
        way.reaches(lone, "received")
        lone.sees("outbox_photo_all")
        assert lone.complaints() == []
    assert (len(voting.ballots()), len(voting.photos())) == (ballots + 1, photos + 1)
