"""Leave no trace: after "forget me" neither the browser's storages nor its files on the disk know anything."""

import pytest
from tests.web import way
from tests.web.phone import Phone, phones
from tests.web.test_carry import DUMP

pytestmark = pytest.mark.xdist_group("web")

KEPT = """
const done = arguments[arguments.length - 1];
(async () => {
  const found = [];
  const walk = (value) => {
    if (value instanceof ArrayBuffer) value = new Uint8Array(value);
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, Math.min(24, value.byteLength));
      if (bytes.length >= 16) found.push([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((yes) => (indexedDB.open(name).onsuccess = (e) => yes(e.target.result)));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      (await new Promise((yes) => (rows.getAll().onsuccess = (e) => yes(e.target.result)))).forEach(walk);
    }
    database.close();
  }
  done(found);
})();
"""
"""How every piece of bytes that the app keeps begins, in hex: the key of the store is among them."""
LEFT_BEHIND = "const done = arguments[0]; Promise.all([caches.keys(), indexedDB.databases()]).then(done)"


def on_disk(profile, needles):
    """Return which of the needles some file of the profile holds, as UTF-8 or UTF-16."""
    found = set()
    for path in (path for path in profile.rglob("*") if path.is_file()):
        data = path.read_bytes()
        for needle in needles:
            spelt = (needle,) if isinstance(needle, bytes) else (needle.encode(), needle.encode("utf-16-le"))
            if any(one in data for one in spelt):
                found.add(needle)
    return found


def test_nothing_is_left_in_the_browser_or_on_the_disk(voting, ballot_film, tmp_path):
    profile = tmp_path / "profile"
    with phones(profile, ballot_film) as window:
        phone = Phone(window, voting.line()).open()
        number = way.register(phone, voting)
        way.choose(phone, voting)
        way.photograph(phone)
        way.seal(phone)
        way.reaches(phone, "received")
        phone.press("menu_check")
        words = phone.until(lambda: [word.text for word in window.find_elements("css selector", ".words li")])
        assert len(words) == 6
        phone.window.get(phone.address)
        phone.heading("home_h")
        pieces = {bytes.fromhex(piece) for piece in window.execute_async_script(KEPT)}
        assert len(pieces) >= 4 and on_disk(profile, pieces)  # so a search of the disk does find what is kept
        phone.press("menu_trace")
        phone.press("trace_go")
        phone.press("trace_sure")
        phone.heading("gone_h")
        assert window.execute_script("return [location.hash, location.search, document.title]") == ["", "", "Notes"]
        assert window.execute_async_script(DUMP) == ""
        assert window.execute_async_script(LEFT_BEHIND) == [[], []]
    name = voting.living.pack.stations[voting.station].names["en"]
    words_of_ours = {voting.station, name, "zaria", "Nadzeya", "president", "Demaland", number, number[1:], "GOLOS:K"}
    assert on_disk(profile, words_of_ours | {" ".join(words), "polling station"} | pieces) == set()
