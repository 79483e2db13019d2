import pytest
from ledger_support import signer

from golos.ledger.checkpoint import Checkpoint
from golos.ledger.note import COSIGNATURE
from golos.ledger.policy import Policy
from golos.model.problem import Problem

LOG = signer()
X1, X2, X3, Y1, Y2 = WITNESSES = [signer(f"w{seed}.example", seed, COSIGNATURE) for seed in range(11, 16)]
CHECKPOINT = Checkpoint("example.org/log", 5, bytes(32))


def key(party):
    return party.verifier.vkey()


FILE = f"""
# two organisations
log {key(LOG)} https://log.example/

witness X1 {key(X1)}
witness X2 {key(X2)}\thttps://x2.example/submit
  witness X3 {key(X3)}
group X-witnesses 2 X1 X2 X3
witness Y1 {key(Y1)}
witness Кутулік {key(Y2)}
group Y-witnesses any Y1 Кутулік
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def cosigned(*witnesses):
    lines = "".join(witness.signature(CHECKPOINT.text(), 1).line() for witness in witnesses)
    return CHECKPOINT.sign(LOG) + lines.encode()


@pytest.mark.parametrize(
    ("witnesses", "enough"),
    [
        ((), False),
        ((X1, X2), False),
        ((X1, Y1), False),
        ((Y1, Y2), False),
        ((X1, X3, Y2), True),
        ((X1, X2, Y1), True),
        (tuple(WITNESSES), True),
    ],
)
def test_the_quorum_of_groups(witnesses, enough):
    policy = Policy.parse(FILE.encode())
    if enough:
        assert policy.accept(cosigned(*witnesses)) == CHECKPOINT
    else:
        with pytest.raises(Problem) as caught:
            policy.accept(cosigned(*witnesses))
        assert caught.value.code == "checkpoint.quorum"


def test_addresses_are_kept():
    policy = Policy.parse(FILE.encode())
    assert policy.logs[0].url == "https://log.example/"
    assert [policy.witnesses[name].url for name in ("X1", "X2")] == ["", "https://x2.example/submit"]


def test_any_of_several_logs_will_do_and_no_other():
    other, third = signer("other.example", 2), signer("third.example", 3)
    policy = Policy.parse(f"log {key(LOG)}\nlog {key(other)}\nquorum none\n".encode())
    for log in (LOG, other):
        checkpoint = Checkpoint(log.name, 1, bytes(32))
        assert policy.accept(checkpoint.sign(log)) == checkpoint
    with pytest.raises(Problem):
        policy.accept(Checkpoint(third.name, 1, bytes(32)).sign(third))
    with pytest.raises(Problem):
        policy.accept(Checkpoint(other.name, 1, bytes(32)).sign(LOG))


def test_the_policy_of_a_packs_keys():
    keys = [key(witness) for witness in WITNESSES]
    assert Policy.of(key(LOG), keys, 0).accept(cosigned()) == CHECKPOINT
    two = Policy.of(key(LOG), keys, 2)
    assert two.accept(cosigned(X1, Y2)) == CHECKPOINT
    with pytest.raises(Problem):
        two.accept(cosigned(X1, X1))
    for quorum in (-1, 6):
        with pytest.raises(Problem):
            Policy.of(key(LOG), keys, quorum)
    with pytest.raises(Problem):
        Policy.of(key(LOG), [keys[0], keys[0]], 1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("quorum A", ":1"),
        ("quorum none\nquorum none", ":2"),
        (f"witness none {key(X1)}\nquorum none", ":1"),
        (f"witness A {key(X1)}\nwitness A {key(X2)}\nquorum A", ":2"),
        (f"witness A {key(X1)}\nwitness B {key(X1)}\nquorum A", ":2"),
        (f"log {key(LOG)}\nlog {key(LOG)}\nquorum none", ":2"),
        (f"witness A {key(LOG)}\nquorum A", ":1"),
        (f"log {key(X1)}\nquorum none", ":1"),
        (f"witness A {key(X1)}\ngroup G 2 A\nquorum G", ":2"),
        (f"witness A {key(X1)}\ngroup G 0 A\nquorum G", ":2"),
        (f"witness A {key(X1)}\ngroup G 01 A\nquorum G", ":2"),
        (f"witness A {key(X1)}\ngroup G any\nquorum G", ":2"),
        (f"witness A {key(X1)}\ngroup G any none\nquorum G", ":2"),
        (f"witness A {key(X1)}\ngroup G any G\nquorum G", ":2"),
        (f"witness A {key(X1)}\ngroup G any A\ngroup H any A\nquorum H", ":3"),
        (f"witness A {key(X1)}\ngroup G any A A\nquorum G", ":2"),
        ("group G any A\nquorum G", ":1"),
        ("log nonsense\nquorum none", ":1"),
        ("quorum none\r\n", ""),
        ("quorum\u00a0none", ":1"),
        ("frobnicate\nquorum none", ":1"),
    ],
)
def test_a_mistake_is_named_with_its_line(text, line):
    with pytest.raises(Problem) as caught:
        Policy.parse(text.encode())
    assert caught.value.field == f"policy{line}"


def test_names_are_octets():
    kelvin, byte = b"\xe2\x84\xaa", b"\xff"
    lines = [b"witness " + name + b" " + key(w).encode() for name, w in ((kelvin, X1), (b"K", X2), (byte, X3))]
    assert len(Policy.parse(b"\n".join([*lines, b"quorum K"])).witnesses) == 3
