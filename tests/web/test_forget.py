"""Leave no trace: after "forget me" neither the browser's storages nor its files on the disk know anything."""

import pytest
from tests.web import way
from tests.web.phone import Phone, phones
from tests.web.test_carry import DUMP

pytestmark = pytest.mark.xdist_group("web")

CACHES = "const done = arguments[0]; caches.keys().then(done)"
WORKERS = "const done = arguments[0]; navigator.serviceWorker.getRegistrations().then((all) => done(all.length))"
OUR_FILES = (
    "blob_storage",
    "Cache",
    "Code Cache",
    "IndexedDB",
    "Local Storage",
    "Session Storage",
    "Service Worker",
    "Sessions",
    "File System",
    "WebStorage",
    "databases",
    "Web Data",
    "Login Data",
)
"""Where a page's doings end up in a profile."""


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
        phone.press("menu_trace")
        phone.press("trace_go")
        phone.press("trace_sure")
        phone.heading("gone_h")
        assert phone.window.execute_script("return location.hash + location.search") == ""
        assert [
            row for row in window.execute_async_script(DUMP).split("\n") if voting.station in row or "zaria" in row
        ] == []
    name = voting.living.pack.stations[voting.station].names["en"]
    needles = [
        voting.station,
        name,
        "zaria",
        "Nadzeya",
        "president",
        "Demaland",
        number,
        number[1:],
        " ".join(words),
        "GOLOS:K",
        "polling station",
    ]
    left = {
        f"{path.relative_to(profile)}: {needle}"
        for path in profile.rglob("*")
        if path.is_file() and any(part in OUR_FILES for part in path.parts)
        for needle in needles
        for spelt in (needle.encode(), needle.encode("utf-16-le"))
        if spelt in path.read_bytes()
    }
    assert left == set()
