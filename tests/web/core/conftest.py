import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.living import Living, found
from tests.web.core.browser_side import HERE, BrowserSide, bundled
from tests.web.core.telephone import Telephone


@pytest.fixture(scope="session")
def program(tmp_path_factory) -> Path:
    return bundled(HERE / "answer.ts", tmp_path_factory.mktemp("web") / "answer.mjs", "--platform=node")


@pytest.fixture(scope="session", params=["native", "fallback"])
def app(request, program):
    """The app's code, with the browser's curves and with the fallback's."""
    side = BrowserSide(program)
    if request.param == "fallback":
        side.ask("fallback")
    assert side.ask("native") == (request.param == "native")
    yield side
    side.close()


@pytest.fixture(scope="session")
def phone_program(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("web") / "phone.mjs"
    return bundled(HERE / "phone.ts", out, "--platform=node", "--define:__OFFLINE__=false")


class Country:
    """A founded election, its server, and the place where the codes of its telephones come in."""

    def __init__(self, living: Living, codes: socket.socket) -> None:
        self.living = living
        self._codes = codes

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.living.port}/"

    def code(self) -> str:
        return self._codes.recv(200).decode().split()[1]


@pytest.fixture(scope="session")
def country(tmp_path_factory) -> Iterator[Country]:
    folder = tmp_path_factory.mktemp("country") / "election"
    found(folder, extra='[enrolment]\nchannel = "drill"\nsocket = "drill.sock"\n')
    codes = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    codes.settimeout(20)
    before = Path.cwd()
    os.chdir(folder)  # a Unix socket's path is short
    codes.bind("drill.sock")
    os.chdir(before)
    living = Living(folder)
    living.start()
    yield Country(living, codes)
    living.kill()
    codes.close()


@pytest.fixture
def phones(country, phone_program):
    """Make telephones; each is a process of its own with nothing on it."""
    made = []

    def new(base: str | None = None) -> Telephone:
        made.append(Telephone(phone_program, country, country.base if base is None else base))
        return made[-1]

    yield new
    for one in made:
        one.close()
