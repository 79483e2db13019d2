"""The door at three in the morning: loops that break are begun again, and no request makes a defect line."""

import asyncio
import socket
import time

import pytest
from tests.doors.test_web_intake import receipt, send
from tests.intake.world import PRESIDENT, Election, World, serving


@pytest.fixture(scope="module")
def election(tmp_path_factory):
    return Election(tmp_path_factory.mktemp("election") / "pack")


@pytest.fixture
def world(election, tmp_path):
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "index.html").write_text("here")
    world = World(election, tmp_path, public=tmp_path / "public")
    yield world
    world.close()


def test_a_broken_background_loop_is_said_and_begun_again(world, monkeypatch, capfd):
    monkeypatch.setattr("golos.doors.web.site._PAUSE", 0.05)
    once, broken = world.beat.once, []

    async def breaks_first():
        if len(broken) < 2:
            broken.append(1)
            raise OSError("input/output error on +375291234567")
        await asyncio.sleep(0)
        return await once()

    monkeypatch.setattr(world.beat, "once", breaks_first)
    with serving(world) as client:
        sent = world.election.voter().ballot("s1", PRESIDENT, 1)
        assert send(client, sent.envelope).status_code == 202
        assert receipt(client, sent.name).status_code == 200
    said = "".join(capfd.readouterr())
    assert said.count("defect") == 2 and "OSError" in said and "375291234567" not in said


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /%00 HTTP/1.1\r\n", 404),
        (b"GET /published/a%00b HTTP/1.1\r\n", 404),
        (b"POST /enrolment/code HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n", 400),
    ],
)
def test_no_request_makes_a_defect(world, request_, status, capfd):
    with serving(world) as client:
        with socket.create_connection((client.base_url.host, client.base_url.port), 5) as line:
            line.sendall(request_ + b"Host: x\r\nConnection: close\r\n\r\n" + b"[" * (4000 * (b"POST" in request_)))
            answer = line.recv(65536)
        time.sleep(0.05)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert "defect" not in "".join(capfd.readouterr())
