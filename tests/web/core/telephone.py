"""Telephone: the app's core without a screen, in a process of its own, and what a person does with it."""

import itertools
import os
import time

from tests.web.core.browser_side import BrowserSide

_NUMBERS = itertools.count(1_000_000 + os.getpid() % 1000 * 1000)
_HEAD = bytes.fromhex("ffd8ffdb000401ffffda0002")


def picture(size: int) -> bytes:
    """Return the bytes of a JPEG as the camera's screen hands it over: bare, and as long as wanted."""
    return (_HEAD + os.urandom(size).replace(b"\xff", b"\xfe"))[: size - 2] + b"\xff\xd9"


class Telephone(BrowserSide):
    def __init__(self, program, country, base):
        super().__init__(program, base)
        self._country = country

    def call(self, path, *arguments, tab=0):
        return self.ask("call", tab, path, *arguments)

    def state(self, tab=0):
        return self.ask("state", tab)

    def item(self, name, tab=0):
        return next(one for one in self.state(tab)["items"] if one["id"] == name)

    def set(self, **knobs):
        self.ask("set", knobs)

    def register(self, **options):
        """Load the election, prove a number that nobody had, get a token; return the number."""
        number = f"+37529{next(_NUMBERS)}"
        self.call("loadElection")
        self.call("registration.sendCode", number)
        self.call("registration.finish", number, self._country.code())
        return number

    def vote(self, station=0, option=0, photo=None, small=None, **more):
        """Put a ballot into the outbox; return its name on this phone."""
        pack = self._country.living.pack
        code = list(pack.stations)[station]
        chosen = {pack.contests[0].id: [pack.contests[0].options[option].id]}
        pictures = {"full": photo, "small": small or picture(9000)} if photo else None
        return self.call("outbox.ballot", {"station": code, "choices": chosen, "photo": pictures, **more})

    def sent_until(self, name, stage):
        """Press "send" until the item has had the stage; return the item."""
        for _ in range(40):
            self.call("outbox.send")
            if self._has(self.item(name), stage):
                break
            time.sleep(0.3)
        return self.until(name, stage, 0.2)

    @staticmethod
    def _has(item, stage):
        there = any(step["stage"] == stage for step in item["steps"])
        return there and (stage == "handed" or not item["photo"] or item["photo"]["done"])

    def until(self, name, stage, seconds=20, tab=0):
        """Wait until the item has had the stage; return the item."""
        for _ in range(int(seconds * 10)):
            item = self.item(name, tab)
            if self._has(item, stage):
                return item
            time.sleep(0.1)
        raise AssertionError(f"not {stage}: {item['steps']} {item['problem']}")
