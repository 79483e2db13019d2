"""From hand to hand: sealed on one phone, carried and handed over by another, which can't read it."""

import pytest
from tests.web import way
from tests.web.phone import Phone, phones

pytestmark = pytest.mark.xdist_group("web")

DUMP = """
const done = arguments[arguments.length - 1];
(async () => {
  const found = [];
  const plain = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder('latin1').decode(value) : typeof value === 'object' && value !== null
    ? Object.entries(value).map(([k, v]) => k + ' ' + plain(v)).join(' ') : String(value);
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((yes) => (indexedDB.open(name).onsuccess = (e) => yes(e.target.result)));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      for (const what of ['getAllKeys', 'getAll']) {
        const all = await new Promise((yes) => (rows[what]().onsuccess = (e) => yes(e.target.result)));
        for (const row of all) found.push(plain(row));
      }
    }
    database.close();
  }
  for (const area of [localStorage, sessionStorage])
    for (const key of Object.keys(area)) found.push(key + ' ' + area[key]);
  done(found.join('\\n'));
})();
"""
"""Everything that the app's origin keeps on the phone, bytes as the letters they would be."""


@pytest.fixture
def carrier(tmp_path, voting, app):
    with phones(tmp_path / "carrier") as window:
        yield Phone(window, voting.line(), "ru").open()


def test_a_report_goes_by_another_phone_which_cannot_read_it(voter, voting, carrier, tmp_path):
    voter.window.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path / "usb")}
    )
    way.choose(voter, voting)
    way.photograph(voter)
    voter.line.close()
    way.seal(voter)
    voter.sees("unreached")
    voter.press("outbox_save")
    (file,) = voter.until(lambda: list((tmp_path / "usb").glob("*.golos")))
    voter.sees("state_handed_file")
    assert voter.stages() == ["saved", "handed"]

    ballots, photos = len(voting.ballots()), len(voting.photos())
    carrier.press("start_carry")
    carrier.line.close()
    carrier.choose(file, ".golos,application/octet-stream")
    carrier.sees("carry_held", n=1)
    kept = carrier.window.execute_async_script(DUMP)
    assert len(kept) > 100_000  # the picture is there, sealed
    for readable in (voting.station, "zaria", "Zaria", "president", "JFIF", "\u00ff\u00d8\u00ff"):
        assert readable not in kept, readable
    carrier.line.mend()
    carrier.press("carry_deliver")
    carrier.sees("carry_delivered", n=1)
    voter.until(lambda: (len(voting.ballots()), len(voting.photos())) == (ballots + 1, photos + 1))

    voter.line.mend()
    voter.press("outbox_now")
    way.reaches(voter, "received")
    voter.sees("outbox_photo_all")
    assert (len(voting.ballots()), len(voting.photos())) == (ballots + 1, photos + 1)


def test_the_facts_go_by_a_code_that_another_phone_reads(voter, voting, carrier, tmp_path):
    way.choose(voter, voting)
    way.without_photo(voter)
    voter.line.close()
    way.seal(voter)
    voter.sees("unreached")
    voter.press("outbox_qr")
    code = voter.until(lambda: voter.window.find_element("css selector", ".qr svg"))
    voter.window.execute_script("arguments[0].scrollIntoView()", code)
    picture = tmp_path / "code.png"
    picture.write_bytes(code.screenshot_as_png)
    ballots = len(voting.ballots())
    carrier.press("start_carry")
    carrier.choose(picture)
    carrier.sees("carry_delivered", n=1)
    voter.until(lambda: len(voting.ballots()) == ballots + 1)
