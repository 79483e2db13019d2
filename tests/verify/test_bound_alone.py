"""The tier of the bound in the tiny election: its numbers by hand, and what is wrong if they are not those."""

import json

import folder
import pytest
from folder import Election, Signer, reindex, sha, tiny
from test_figures import rows


def binding(election: Election, number: int, sender: str, by: Signer | None = None) -> None:
    """The machine says that photograph ``number`` shows the code of the voter ``sender``."""
    machine = by or election.machine
    fields = (sha(b"photo %d" % number), machine.public, Signer(sender).public)
    election.closed.add(election.one(machine, "binding", *fields))


def bind(election: Election, *_: object) -> None:
    """Seven of S1 are bound, one of S4; that of voter 12 (S2) belongs to another; a reader's word binds nothing."""
    for number in (*range(7), 22):
        binding(election, number, f"voter {number}")
    binding(election, 12, "voter copy")
    binding(election, 21, "voter 20")  # voter 21's, of the closed station S3
    binding(election, 7, "voter 7", election.readers[0])


def published(verifier, path, edit):
    plain = folder.PACK["election.toml"]
    folder.PACK["election.toml"] = plain + "binding = true\n"
    try:
        election = tiny(edit=edit)
        return election, election.publish(path, verifier)
    finally:
        folder.PACK["election.toml"] = plain


@pytest.fixture(scope="module")
def bound(verifier, tmp_path_factory):
    return published(verifier, tmp_path_factory.mktemp("bound") / "site", bind)


@pytest.mark.parametrize(
    ("tier", "area", "votes"),
    [
        ("bound", "S1", "7 0 0"),
        ("bound", "S2", "1 0 0"),
        ("bound", "S4", "1 0 0"),
        ("bound", "S5", "0 0 0"),
        ("bound", "N", "9 0 0"),
        ("confirmed", "S1", "12 0 0"),
        ("photographed", "S2", "3 3 1"),  # voter 12's picture is that of a voter who declared b
        ("confirmed", "S2", "5 0 1"),  # and it shows a
    ],
)
def test_tallies(bound, tier, area, votes):
    said = [r for r in rows(bound[1], "tallies.csv") if (r["source"], r["tier"], r["area"]) == ("ballots", tier, area)]
    assert " ".join(r["votes"] for r in said) == votes


def test_what_the_bound_alone_contradict(bound, verifier, capsys):
    # S1: a has 5 votes in two equal protocols, 12 confirmed photographs, 7 of them bound.
    said = json.loads((bound[1] / "data/summary.json").read_bytes())["contests"]["president"]["sources"]["ballots"]
    assert (said["confirmed"], said["bound"]) == (32, 9)
    assert said["c1_bound"] == {
        "stations": 1,
        "votes": 2,
        "by_grade": {"proven": [1, 2]},
        "by_region": {"R1": 1},
        "by_option": {"a": 2},
    }
    assert said["c1"]["votes"] == 13
    assert verifier.main([str(bound[1])]) == 0
    assert "(C1), bound photographs alone: proven 2 at 1\n" in capsys.readouterr().out


def test_what_is_withdrawn_is_withdrawn_of_the_bound_too(verifier, tmp_path):
    def edit(election, *_):
        bind(election)
        steward = election.stewards[0]
        election.one(steward, "retraction", "C1:president::S1:ballots:confirmed", "misread", steward.public)

    _, site = published(verifier, tmp_path / "site", edit)
    said = json.loads((site / "data/summary.json").read_bytes())["contests"]["president"]["sources"]["ballots"]
    assert said["bound"] == 9 and said["c1_bound"]["by_grade"] == {}


def test_a_table_without_the_bound_or_with_others_is_wrong(bound, wrong, tmp_path):
    election, site = bound
    path, data = site / "data/tallies.csv", (site / "data/tallies.csv").read_bytes()
    try:
        for change in (
            (b"bound,S1,president,a,7", b"bound,S1,president,a,8"),
            (b"ballots,bound,N,president,a,9\n", b""),
        ):
            path.write_bytes(data.replace(*change))
            reindex(site, election.publisher)
            assert "data/tallies.csv" in wrong(site) and path.read_bytes() != data
    finally:
        path.write_bytes(data)
        reindex(site, election.publisher)


def test_a_binding_of_a_ballot_that_is_not_opened_is_closed(bound, wrong):
    election, site = bound
    hidden = [i for i in election.closed if b"\x67binding" in election.records[i]]
    assert len(hidden) == 1
    files = {p: p.read_bytes() for p in site.rglob("*") if p.is_file()}
    try:
        election.closed.discard(hidden[0])
        for path, data in election.files_of().items():
            folder.write(site, path, data)
        reindex(site, election.publisher)
        assert "closed leaves" in wrong(site)
    finally:
        election.closed.add(hidden[0])
        for path, data in files.items():
            path.write_bytes(data)


def test_without_a_word_in_the_pack_there_is_no_such_tier(verifier, tmp_path):
    site = tiny(edit=bind).publish(tmp_path / "site", verifier)
    assert verifier.main([str(site), "--quiet"]) == 0
    assert {r["tier"] for r in rows(site, "tallies.csv")} == {"declared", "photographed", "read", "confirmed"}
