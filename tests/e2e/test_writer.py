"""One writer: a second server is refused, a command goes through the first. Witnesses make a checkpoint final."""

import re
import time

import pytest
from tests.e2e.living import CONTEST, Living, found, golos
from tests.ledger.ledger_support import WitnessServer

from golos.credential.keys import keys_of
from golos.demo.road import Refused
from golos.ledger.note import Verifier
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.model.entry import Key, decode_entry
from golos.model.problem import Problem

pytestmark = pytest.mark.xdist_group("e2e")  # the demo runs once, on one worker


def plain(text):
    return " ".join(text.split())


def until(condition, seconds=20):
    """Wait until it returns something true, and return that."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.2)
    return value


def test_a_second_server_on_the_folder_is_refused_and_the_first_goes_on(living):
    living.start()
    second = golos("serve", living.folder)
    assert second.returncode == 1
    assert "is open for writing in another process" in plain(second.stderr) and "Traceback" not in second.stderr
    assert living.process.poll() is None
    (voter,) = living.voters(1)
    name = living.road.envelope(voter.ballot(living.station, ((CONTEST, ("zaria",)),), 1).envelope)
    assert until(lambda: living.road.receipt(name))


def test_a_command_beside_the_server_goes_through_it(living):
    living.start()
    done = golos("staff", "grant", living.folder, "ab" * 32, "--role", "reader")
    assert done.returncode == 0, done.stderr
    assert "granted" in done.stdout
    granted = [e for e in map(decode_entry, living.office.log().records) if isinstance(e, Key)]
    assert [(e.role, e.action) for e in granted if e.key == bytes.fromhex("ab" * 32)] == [("reader", "grant")]
    assert living.process.poll() is None


def test_a_command_without_a_server_takes_the_lock(living):
    assert golos("staff", "grant", living.folder, "cd" * 32, "--role", "clerk").returncode == 0
    living.start()  # and gives it back


def test_a_store_that_is_held_while_no_server_answers_is_said(living):
    from golos.app import App

    app = App(living.folder)
    try:
        done = golos("staff", "grant", living.folder, "ab" * 32, "--role", "reader")
    finally:
        app.close()
    assert done.returncode == 1
    assert "no server answers" in plain(done.stderr) and "Traceback" not in done.stderr


@pytest.fixture
def witnessed(tmp_path):
    """An election that asks one witness, and the witness, which does not know the log yet."""
    server = WitnessServer([])
    with server.running():
        vkey = server.signer.verifier.vkey()
        folder = found(tmp_path / "election", (vkey,), 1, f'\n[[witness]]\nvkey = "{vkey}"\nurl = "{server.url}"\n')
        living = Living(folder)
        yield living, server
        living.kill()


def test_nothing_is_final_until_the_witness_has_cosigned(witnessed):
    living, server = witnessed
    with pytest.raises(Problem) as caught:
        living.office.head()
    assert caught.value.code == "checkpoint.quorum"

    keys = keys_of(living.pack)
    log = Verifier.parse(keys.log)
    server.logs[log.name] = log
    living.start()
    before = until(lambda: living.office.head().size)

    server.instead = (503, b"later\n")
    (voter,) = living.voters(1)
    name = living.road.envelope(voter.ballot(living.station, ((CONTEST, ("zaria",)),), 1).envelope)
    until(lambda: living.office.journal.head().size > before)
    asked = len(server.answers)
    until(lambda: len(server.answers) > asked + 1)
    assert living.road.receipt(name) is None
    assert int(living.road.ask("GET", "/checkpoint", b"", {}).split(b"\n")[1]) == before
    with pytest.raises(Refused) as caught:
        living.road.ask("GET", "/health", b"", {})
    assert caught.value.status == 503

    server.instead = None
    data = until(lambda: living.road.receipt(name))
    policy = Policy.of(keys.log, keys.witnesses, keys.quorum)
    Receipt.parse(data).verify(name, policy)
    assert b"witness.example" in data
    assert living.road.ask("GET", "/health", b"", {})


def test_a_witness_that_the_pack_does_not_know_is_a_mistake(living):
    stranger = WitnessServer([], "stranger.example", 7).signer.verifier.vkey()
    with (living.folder / "golos.toml").open("a") as config:
        config.write(f'\n[[witness]]\nvkey = "{stranger}"\nurl = "http://127.0.0.1:1/"\n')
    done = golos("serve", living.folder)
    assert done.returncode == 1 and "no witness of this election's pack" in plain(done.stderr)


def test_a_mirror_that_knows_more_stops_a_restored_store_for_good(living):
    """Also without the guard, and whatever the operator says."""
    other = Living.copy(living.folder, living.folder.with_name("ahead"))
    assert golos("staff", "grant", other.folder, "ab" * 32, "--role", "reader").returncode == 0
    other.start()
    config = living.folder / "golos.toml"
    config.write_text(f'mirrors = ["http://127.0.0.1:{other.port}/"]\n' + config.read_text())
    (living.folder / "guard/log.json").unlink()
    try:
        for command in (("serve", living.folder), ("log", "recover", living.folder, "--yes")):
            done = golos(*command)
            assert done.returncode == 1, command
            assert re.search("mirror: has another log than this journal|guard: has no memory", plain(done.stderr))
        assert "mirror: has another log" in plain(done.stderr)
    finally:
        other.kill()


def test_no_election_is_founded_with_a_witness_that_is_no_key(tmp_path):
    assert golos("election", "new", tmp_path / "x/pack").returncode == 0
    for options in (["--witness", "nonsense", "--quorum", "1"], ["--quorum", "1"]):
        done = golos("init", tmp_path / "x", *options)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert not (tmp_path / "x/keys").exists()
