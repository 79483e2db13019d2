"""What an operator mistypes is said in one line: no command ends in a traceback, none says what is not so."""

import socket
import subprocess
import sys

import pytest
from tests.review.election import Whole


def said(*arguments: object) -> str:
    command = [sys.executable, "-m", "golos", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_second_freeze_is_not_said_to_move_the_cut_off(whole: Whole):
    whole.cast([whole.honest("S1")])
    whole.freeze()
    whole.cast([whole.honest("S1")])
    assert "is frozen at 4 entries" in said("freeze", whole.folder)


def test_an_address_that_is_taken_or_none_is_named(whole: Whole):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        (whole.folder / "golos.toml").write_text(f"[web]\nport = {port}\n")
        assert f"127.0.0.1:{port}: can't be listened on" in said("serve", whole.folder)
    (whole.folder / "golos.toml").write_text("[web]\nport = 99999\n")
    assert "web.port" in said("serve", whole.folder)


@pytest.mark.parametrize("command", [["staff", "new"], ["publish", ".", "--out"]])
def test_a_file_that_can_not_be_written_is_named(whole: Whole, command, monkeypatch):
    monkeypatch.chdir(whole.folder)
    (whole.folder / "file").write_text("")
    assert "file" in said(*command, "file/new")
