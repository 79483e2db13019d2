import socket
import threading

import pytest
from ledger_support import VECTORS, WitnessServer, needs_vectors, signer, verifier, vkeys

from golos.ledger.checkpoint import Checkpoint
from golos.ledger.note import COSIGNATURE, Verifier, decode64
from golos.ledger.policy import Party
from golos.ledger.tree import Tree
from golos.ledger.witness import Ahead, Mirror, Unknown, Witness
from golos.model.problem import Problem

LOG = signer()
TREE = Tree(bytes([i]) * 32 for i in range(40))
FORK = Tree(bytes([99]) * 32 for i in range(40))


@pytest.fixture
def server():
    with WitnessServer([LOG.verifier]).running() as running:
        yield running


def client(server, seconds=5.0):
    return Witness(Party(server.signer.verifier, server.url), seconds=seconds)


def cosign(witness, size, tree=TREE, log=LOG):
    checkpoint = Checkpoint(log.name, size, tree.root(size)).sign(log)
    return witness.cosign(checkpoint, size, lambda old: tree.consistency(old, size))


def test_a_growing_log_is_cosigned_step_by_step(server):
    witness = client(server)
    for size in (0, 1, 3, 8, 8, 40):
        signature = cosign(witness, size)
        assert server.signer.verifier.verify(Checkpoint(LOG.name, size, TREE.root(size)).text(), signature)
    assert server.answers == [200] * 6


def test_a_client_that_forgot_asks_from_zero_and_is_told(server):
    cosign(client(server), 8)
    cosign(client(server), 40)
    assert server.answers == [200, 409, 200]
    assert server.known[LOG.name][0] == 40


def test_a_fork_is_refused_422_and_named(server):
    cosign(client(server), 8)
    with pytest.raises(Ahead, match=r"contradicts .*422"):
        cosign(client(server), 9, FORK)
    assert server.answers[-2:] == [409, 422]


def test_another_root_of_the_same_size_is_refused_409(server):
    cosign(client(server), 8)
    with pytest.raises(Ahead):
        cosign(client(server), 8, FORK)
    assert server.answers[-2:] == [409, 409]


def test_a_stale_size_is_refused_409(server):
    witness = client(server)
    cosign(witness, 40)
    with pytest.raises(Ahead, match="cosigned 40 leaves"):
        cosign(witness, 8)
    assert server.answers[-1] == 409


def test_a_wrong_key_is_refused_403(server):
    with pytest.raises(Problem, match="403") as caught:
        cosign(client(server), 8, log=signer("example.org/log", 77))
    assert (caught.value.code, server.answers) == ("witness.refused", [403])


def test_an_unknown_origin_is_refused_404(server):
    with pytest.raises(Unknown):
        cosign(client(server), 8, log=signer("example.org/other", 1))
    assert server.answers == [404]


def test_an_unknown_origin_refused_403_as_was_done_in_2025_is_no_word_on_what_the_witness_knows(server):
    server.instead = (403, b"unknown log\n")
    with pytest.raises(Problem, match="403") as caught:
        cosign(client(server), 8)
    assert (type(caught.value), caught.value.code) == (Problem, "witness.refused")


@pytest.mark.parametrize(
    "answer",
    [
        (200, b""),
        (200, b"\xff\n"),
        (200, "\u2014 witness.example AAAAAAAA\n".encode()),
        (200, b"x" * 100_000),
        (409, b"many\n"),
        (409, b""),
        (409, b"3" * 30),
        (500, b"error\n"),
        (302, b""),
        (400, b"no\n"),
    ],
)
def test_a_strange_answer_is_a_problem_that_names_the_witness(server, answer):
    server.instead = answer
    with pytest.raises(Problem) as caught:
        cosign(client(server), 8)
    assert caught.value.field == "witness.example"
    assert not isinstance(caught.value, Ahead)


def test_a_cosignature_of_another_checkpoint_is_refused(server):
    text = Checkpoint(LOG.name, 7, TREE.root(7)).text()
    server.instead = (200, server.signer.signature(text, 1).line().encode())
    with pytest.raises(Problem) as caught:
        cosign(client(server), 8)
    assert caught.value.code == "note.forged"


def test_cosignatures_by_other_keys_are_ignored(server):
    text = Checkpoint(LOG.name, 8, TREE.root(8)).text()
    other = signer("other.example", 33, COSIGNATURE).signature(text, 1).line()
    server.instead = (200, (other + server.signer.signature(text, 5).line()).encode())
    assert cosign(client(server), 8).time == 5
    server.instead = (200, other.encode())
    with pytest.raises(Problem, match="its own key"):
        cosign(client(server), 8)


def test_a_witness_that_drips_is_left_after_its_time():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        party = Party(signer("w", 9, COSIGNATURE).verifier, f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(Problem, match="too slowly"):
            cosign(Witness(party, seconds=0.4), 8)
        stop.set()
        thread.join()


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    party = Party(signer("w", 9, COSIGNATURE).verifier, f"http://127.0.0.1:{port}")
    with pytest.raises(Problem) as caught:
        cosign(Witness(party, seconds=1), 8)
    assert caught.value.code == "witness.silent"
    with pytest.raises(Problem):
        Mirror(f"http://127.0.0.1:{port}", seconds=1).latest()
    with pytest.raises(Problem):
        Mirror("nonsense", seconds=1).latest()


def script(name):
    """Yield (body, status) of each request of a witness's test script."""
    text = (VECTORS / "tlog-witness" / name).read_text().partition("-- add-checkpoint.hurl --\n")[2]
    for request in text.split("POST ")[1:]:
        _, body, answer = request.split("```")
        yield body.removeprefix("\n").encode(), int(answer.split("HTTP ")[1][:3]), answer


@needs_vectors
def test_the_sumdb_script():
    server = WitnessServer([])
    server.logs["go.sum database tree"] = verifier(vkeys()["go-sumdb"])
    ((body, status, _),) = script("sumdb.txtar")
    assert server.add_checkpoint(body)[0] == status == 200
    assert server.known["go.sum database tree"][0] == 35_225_469


@needs_vectors
def test_the_litewitness_script_request_by_request_and_as_the_client_sends_it():
    key = bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f")
    origin = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
    server = WitnessServer([Verifier(origin, key)])
    sent = []
    for body, status, answer in script("litewitness.txtar"):
        expected = 404 if "unknown log" in answer else status  # the script is of 2025, when that was 403
        got, _, text = server.add_checkpoint(body)
        assert got == expected, answer
        if status == 409:
            assert f'body == "{text.decode().strip()}\\n"' in answer
        if status == 200:
            sent.append(body)
    assert len(sent) == 3

    server = WitnessServer([Verifier(origin, key)])
    with server.running():
        witness = client(server)
        for body in sent:
            head, _, checkpoint = body.partition(b"\n\n")
            old, *proof = head.decode().split("\n")
            size = int(checkpoint.split(b"\n")[1])

            def consistency(known, old=old, proof=proof):
                assert f"old {known}" == old
                return [decode64(line) for line in proof]

            witness.cosign(checkpoint, size, consistency)
        assert server.answers == [200, 200, 200]
        assert server.known[origin][0] == 5
