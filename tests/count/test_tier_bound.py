"""The tier of the bound: photographs that show their sender's code. By hand, and by two programs on any log."""

import dataclasses
import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from count_support import photos, protocol, quick, small_pack
from hypothesis import given, settings
from hypothesis import strategies as st
from test_recount import ANN, BOB, cast, votes

from golos.count.compare import compare
from golos.count.log import Leaf
from golos.count.pictures import owners, pictures
from golos.count.recount import recount
from golos.count.tiers import OpenBallot, bound_alone, tiers
from golos.count.tree import Tree
from golos.credential.staff import Staff
from golos.credential.steward import retraction
from golos.model.ed25519 import SigningKey
from golos.model.entry import Binding, PhotoReceived, Reading, Verdict
from golos.model.pack import Policy

TIERS = ("declared", "photographed", "read", "confirmed", "bound")
D1, D2, D3, D4 = (bytes([n]) * 32 for n in range(1, 5))


@pytest.fixture
def example(writer, country):
    """The election of docs/counting.md section 2; returns the voters' indexes and inner parts too."""
    writer.country = dataclasses.replace(country, pack=dataclasses.replace(country.pack, policy=Policy(binding=True)))
    names = ("T", "O", "Q", "P", "R")
    voters = {name: country.voter() for name in names}
    opened = dict(cast(writer, voters[n], photo=photo) for n, photo in zip(names, (D1, D2, D3, D3, D4), strict=True))
    machine, readers = writer.staff("machine"), [writer.staff("reader") for _ in range(2)]
    for photo in (D1, D2, D3, D4):
        writer.received(photo)
    for photo in (D1, D3, D4):
        writer.add(machine.reading(photo, "ballot", ANN))
    writer.add(machine.reading(D2, "copy", (), D1))
    for photo in (D1, D2, D3, D4):
        for reader in readers:
            writer.add(reader.verdict(photo, "ballot", ANN))
    writer.freeze()
    writer.machine, writer.voters, writer.opened = machine, voters, opened
    return writer


def bind(writer):
    machine, voters = writer.machine, writer.voters
    writer.add(machine.binding(D2, voters["O"].key.public))
    writer.add(machine.reading(D2, "ballot", ANN))
    writer.add(machine.reading(D1, "copy", (), D2))
    writer.add(machine.binding(D3, voters["P"].key.public))


def by_tier(writer):
    writer.open(writer.opened)
    return [votes(writer.count(), tier).get(("s1", "ann"), 0) for tier in TIERS]


def test_the_example_of_the_specification(example):
    bind(example)
    assert by_tier(example) == [5, 4, 3, 3, 2]


def test_without_bindings_a_thief_keeps_what_was_sent_first(example):
    assert by_tier(example) == [5, 4, 3, 3, 0]  # D1 is T's, D2 a copy, D3 is Q's


def test_a_binding_that_nobody_may_make_binds_nothing(example):
    owner, election = example.voters["O"].key.public, example.pack.id
    example.add(Staff(election, SigningKey.generate()).binding(D2, owner))
    example.add(example.staff("reader").binding(D2, owner))
    forged = example.machine.binding(D2, owner)
    example.add(forged[:-1] + bytes([forged[-1] ^ 1]))
    assert by_tier(example)[4] == 0


def test_a_picture_that_is_bound_to_another_is_nobody_else_s(example):
    example.add(example.machine.binding(D4, bytes(32)))  # of a key whose ballot counts no more
    assert by_tier(example) == [5, 3, 2, 2, 0]


def test_two_people_can_call_a_bound_photograph_a_copy(example):
    bind(example)
    example.records = [r for r in example.records if not r.startswith(b"\x89\x67verdict") or D3 not in r]
    for _ in range(2):
        example.add(example.staff("reader").verdict(D3, "copy"))
    assert by_tier(example)[2:] == [2, 2, 1]


def test_an_election_that_does_not_bind_has_no_such_tier(example, country):
    bind(example)
    example.country = country
    example.open(example.opened)
    count = example.count()
    assert {v.tier for v in count.votes} == set(TIERS[:4])
    assert "bound" not in compare(count).summary["contests"]["president"]["sources"]["ballots"]


def test_what_the_bound_alone_contradict(example):
    """Five votes were cast for ann; the protocol has one: confirmed 3 - 1 = 2 are missing, of the bound 2 - 1 = 1."""
    bind(example)
    clerk = example.staff("clerk")
    example.table(protocol({"s1": {"ann": 1, "bob": 9}}, authority=True), clerk)
    example.table(photos({"s1": {"ann": 7}}), clerk)
    example.open(example.opened)
    found = compare(recount(example.log()))
    c1 = {f.tier: (f.breaking, f.grade) for f in found.findings if (f.rule, f.source) == ("C1", "ballots")}
    assert c1["confirmed"] == (2, "proven") and "bound" not in c1, "no contradiction is listed twice"
    told = found.summary["contests"]["president"]["sources"]
    assert (told["ballots"]["confirmed"], told["ballots"]["bound"]) == (3, 2)
    assert told["ballots"]["c1"]["votes"] == 2
    assert (told["ballots"]["c1_bound"]["votes"], told["ballots"]["c1_bound"]["stations"]) == (1, 1)
    assert "bound" not in told["golos"], "a table of citizens has no such tier"
    alone = compare(bound_alone(found.count))
    assert {(f.source, f.tier): f.breaking for f in alone.findings if f.rule == "C1"} == {("ballots", "confirmed"): 1}
    assert next(b.votes for b in alone.bounds if (b.set, b.parameter) == ("all", "F")) == 1


def test_what_is_withdrawn_is_withdrawn_of_the_bound_too(example):
    bind(example)
    example.table(protocol({"s1": {"ann": 1, "bob": 9}}, authority=True), example.staff("clerk"))
    name = "C1:president::s1:ballots:confirmed"
    example.add(retraction(example.country.stewards[0], example.pack.id, name, "the protocol was misread"))
    example.open(example.opened)
    told = compare(example.count()).summary["contests"]["president"]["sources"]["ballots"]
    assert told["bound"] == 2 and told["c1_bound"]["by_grade"] == {}


# Any log at all: three keys with a ballot each, two photographs, three readers and a machine in any order.

KEYS = st.integers(0, 2)
PHOTOS = st.sampled_from((D1, D2))
STATUS = st.sampled_from(("ballot", "ballot", "copy", "unreadable"))
MACHINE, READERS = bytes([90]) * 32, [bytes([91 + n]) * 32 for n in range(3)]
FACTS = st.one_of(
    st.builds(lambda p, k: Binding(1, bytes(32), p, MACHINE, bytes([k]) * 32, bytes(64)), PHOTOS, KEYS),
    st.builds(lambda p, s, c: Reading(1, bytes(32), p, MACHINE, s, c, None, bytes(16), bytes(64)),
              PHOTOS, STATUS, st.sampled_from((ANN, BOB))),
    st.builds(lambda p, r, s, c: Verdict(1, bytes(32), p, r, s, c, bytes(16), bytes(64)),
              PHOTOS, st.sampled_from(READERS), STATUS, st.sampled_from((ANN, BOB))),
    st.builds(lambda p: PhotoReceived(1, bytes(32), p, 9, bytes(64)), PHOTOS),
)  # fmt: skip
LOGS = st.lists(FACTS, max_size=30)
NAMED = st.lists(st.none() | PHOTOS, min_size=3, max_size=3)
PACK = dataclasses.replace(small_pack({"s1": "A"}), policy=Policy(binding=True))


class Anybody:
    def may(self, leaf):
        return True


def ours(facts, named):
    """The votes of each tier and option, and who has which photograph, by the count."""
    seen = pictures([Leaf(index, b"", fact, None) for index, fact in enumerate(facts)], Anybody(), len(facts))
    owner = owners(((at, bytes([at]) * 32, photo) for at, photo in enumerate(named)), seen)
    ballots = [OpenBallot("ballots", 0, ANN, p if owner.get(p) == at else None) for at, p in enumerate(named)]
    tree = Tree.of(PACK)
    found = Counter()
    for made in tiers(PACK, tree, ballots, seen, ""):
        for option, number in zip(made.figures.columns, made.figures.values[0].tolist(), strict=True):
            found[made.tier, option] = number
    return found, owner, seen


def theirs(verifier, facts, named):
    """The same by the stranger's program."""
    log = verifier.Log(len(facts))
    for index, fact in enumerate(facts):
        match fact:
            case PhotoReceived():
                log.photos.setdefault(fact.photo, index)
            case Binding():
                log.senders.setdefault(fact.photo, set()).add(fact.sender)
            case Reading() | Verdict():
                kept = log.readings if isinstance(fact, Reading) else log.verdicts
                mark = verifier.Mark(index, fact.key, fact.status, [[c, list(o)] for c, o in fact.choices])
                kept.setdefault(fact.photo, []).append(mark)
    pack = SimpleNamespace(
        tiers=(*verifier.TIERS, verifier.BOUND),
        binding=True,
        counted=[verifier.Contest("president", ("ann", "bob"), 1)],
        keys=SimpleNamespace(reissue=set()),
    )
    voters = {at: verifier.Voter(at, bytes([at]) * 32, 1, photo, b"", b"", b"cohort") for at, photo in enumerate(named)}
    opened = [verifier.Opened(voter, "s1", [["president", ["ann"]]]) for voter in voters.values()]
    result = verifier.Count()
    verifier._count_ballots(pack, log, verifier.Ballots({}, Counter(), voters, opened), result)
    return Counter({(tier, o): by.get("s1", 0) for (_, tier, _), of in result.tallies.items() for o, by in of.items()})


@pytest.fixture(scope="module")
def verifier():
    file = Path(__file__).parents[2] / "verify" / "golos_verify.py"
    spec = importlib.util.spec_from_file_location("golos_verify_bound", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["golos_verify_bound"] = module
    spec.loader.exec_module(module)
    return module


@settings(quick, max_examples=400)
@given(LOGS, NAMED)
def test_both_programs_count_any_log_alike(verifier, facts, named):
    assert ours(facts, named)[0] == theirs(verifier, facts, named)


@quick
@given(LOGS, NAMED, st.randoms(use_true_random=False))
def test_a_bound_photograph_is_its_senders_and_the_tiers_nest(facts, named, random):
    found, owner, seen = ours(facts, named)
    for photo, at in owner.items():
        senders = seen[photo].senders if photo in seen else set()
        assert named[at] == photo and (not senders or bytes([at]) * 32 in senders)
    for option in ("ann", "bob", "invalid"):
        assert found["bound", option] <= found["confirmed", option]
    total = {tier: sum(n for (t, _), n in found.items() if t == tier) for tier in TIERS}
    assert total["bound"] <= total["confirmed"] <= total["photographed"] <= total["declared"] == 3
    unbound = [fact for fact in facts if not isinstance(fact, Binding)]
    assert not any(number for (tier, _), number in ours(unbound, named)[0].items() if tier == "bound")
    moved = [fact for fact in facts if isinstance(fact, Binding)]
    random.shuffle(moved)  # when a binding comes does not matter, only what it says
    assert ours([*moved, *unbound], named)[0] == found == ours([*unbound, *moved], named)[0]
