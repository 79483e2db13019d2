"""One election and one browser for most tests: each voter is a tab in a profile of its own with its own number."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from tests.web import film, way
from tests.web.election import Voting
from tests.web.phone import Phone, phones

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app as it is now, built; servers find it by the environment."""
    out = tmp_path_factory.mktemp("app")
    done = subprocess.run([sys.executable, ROOT / "web" / "node.py", out], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the app can't be built here: {done.stderr.strip().splitlines()[-1]}")
    return out


@pytest.fixture(scope="session")
def ballot_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the cameras see: a ballot on a table."""
    return film.write(tmp_path_factory.mktemp("film") / "ballot.mjpeg", [film.sight()] * 3)


@pytest.fixture(scope="session")
def voting(app: Path) -> Iterator[Voting]:
    voting = Voting(app)
    voting.start()
    yield voting
    voting.end()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory, ballot_film: Path) -> Iterator[webdriver.Chrome]:
    with phones(tmp_path_factory.mktemp("profile"), ballot_film) as window:
        yield window


@pytest.fixture
def phone(chromium: webdriver.Chrome, voting: Voting) -> Iterator[Phone]:
    """A new voter's phone, at the first screen."""
    phone = Phone(chromium, voting.line()).open()
    yield phone
    phone.line.mend()
    chromium.get("about:blank")


@pytest.fixture
def voter(phone: Phone, voting: Voting) -> Phone:
    """A phone that is registered, at the list of what is to be done."""
    way.register(phone, voting)
    return phone
