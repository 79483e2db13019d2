"""Every kind of published file changed, dropped, added, swapped: by a mirror, by the publisher, and with more keys."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import cbor2
import pytest
from folder import Election, Signer, Vote, note, pack_items, reindex, render, sha, tiny, votes, write
from tamper import Tampering, attempt, evil, evil_lists, files, tamperings


@pytest.fixture
def amiss(published: Path, copy: Path, wrong):
    """Try each tampering on the copy and list those the verifier does not answer as it should."""

    def run(tried: Iterator[Tampering], at_least: int) -> list[str]:
        found = list(attempt(tried, published, copy, wrong))
        assert len(found) >= at_least
        return [said for said in found if said]

    return run


def test_untouched_folder_is_ok(verifier, published, election, capsys):
    assert verifier.main([str(published), "--election", election.id.hex()]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"OK: election {election.id.hex()}\n") and "39 winning, 36 opened" in out


def test_what_a_mirror_can_do_is_caught_at_its_place(published, amiss):
    assert amiss(tamperings(published), 150) == []


def test_what_the_publisher_can_do_is_caught_at_its_place(published, election, amiss):
    assert amiss(evil(published, lambda at: reindex(at, election.publisher)), 100) == []


def test_lists_that_the_publisher_twists_are_caught_at_their_place(published, election, amiss):
    assert amiss(evil_lists(published, election.publisher), 25) == []


def test_one_page_is_checked_with_three_small_files_and_nothing_else(verifier, published, election, tmp_path, capsys):
    path, alone = "en/index.html", tmp_path / "alone"
    by = verifier.Folder(published)
    by.check_root()
    for name in ("index", "index.csv", by.list_of(path), path):
        write(alone, name, (published / name).read_bytes())
    given = ["--publisher", election.publisher.verifier, "--election", election.id.hex()]
    assert verifier.main(["page", str(alone), path, *given]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"OK: {path} is of election {election.id.hex()}, log size 284\n") and "(--" not in out
    for name in ("index", "index.csv", by.list_of(path), path):
        data = bytearray((alone / name).read_bytes())
        data[len(data) // 2] ^= 1
        write(alone, name, bytes(data))
        assert verifier.main(["page", str(alone), path, *given]) == 1, name
        assert capsys.readouterr().out.startswith("WRONG: ")
        write(alone, name, (published / name).read_bytes())
    assert verifier.main(["page", str(alone), path, "--publisher", Signer("another").verifier]) == 1
    assert verifier.main(["page", str(alone), path, *given[:2], "--election", "00" * 32]) == 1


def test_every_file_can_be_checked_alone_and_none_that_is_not_listed(verifier, published, copy, capsys):
    for path in files(published):
        listed = not path.startswith(("lists/", "index")) or path == "index.html"
        assert verifier.main(["page", str(published), path]) == (0 if listed else 1), path
    write(copy, "en/added.html", b"not of this publication")
    capsys.readouterr()
    assert verifier.main(["page", str(copy), "en/added.html"]) == 1
    assert "is not of this publication" in capsys.readouterr().out
    assert verifier.main(["page", str(copy), "../../etc/passwd"]) == 1


def _published(election: Election, folder: Path, verifier) -> Path:
    """Publish without data/: what is wrong with the log comes first."""
    for path, data in election.files_of().items():
        write(folder, path, data)
    reindex(folder, election.publisher, election.id)
    return folder


# The publisher hides or lays open single records.


KINDS = (
    "key enrolment photo reading verdict table official protocol turnout incident retraction freeze ballot withdrawal"
)


@pytest.mark.parametrize("kind", KINDS.split())
def test_any_record_hidden_as_closed_breaks_the_stewards_digest(kind, verifier, wrong, tmp_path):
    election = tiny()
    hidden = next(i for i, r in enumerate(election.records) if cbor2.loads(r)[0] == kind and i not in election.closed)
    election.closed.add(hidden)
    said = wrong(_published(election, tmp_path / "x", verifier))
    what = "is of a freeze at 173, the log's is at no size" if kind == "freeze" else "the 4 closed leaves below 283"
    assert said.startswith(f"opening (leaf 283): {what}")


def test_a_closed_verdict_laid_open_is_caught(verifier, wrong, tmp_path):
    election = tiny()
    index = min(election.closed)
    election.closed.discard(index)
    said = wrong(_published(election, tmp_path / "x", verifier))
    assert "the 2 closed leaves below 283 are not those that the stewards signed" in said


def test_the_opening_itself_hidden(verifier, wrong, tmp_path):
    election = tiny()
    election.closed.add(len(election.records) - 1)
    said = wrong(_published(election, tmp_path / "x", verifier))
    assert re.fullmatch("leaf [0-9]+: is a ballot or withdrawal laid open although no opening covers it", said)


# The log's operator cheats too: the log is consistent in itself, but says what it must not.


def test_dropped_record_without_the_witness(verifier, wrong, tmp_path):
    election = tiny()
    election.witness = Signer("stranger", 4)
    assert wrong(_published(election, tmp_path / "x", verifier)) == (
        "checkpoint: has the cosignatures of 0 witnesses, the pack asks for 1"
    )


def test_another_log_against_a_remembered_checkpoint(verifier, published, wrong, tmp_path):
    kept = tmp_path / "kept"
    kept.write_bytes((published / "checkpoint").read_bytes())
    election = tiny()
    election.records[100] = election.records[101][:-1] + b"\x00"
    folder = _published(election, tmp_path / "x", verifier)
    assert "not those of the checkpoint remembered" in wrong(folder, "--checkpoint", str(kept))


def test_a_shorter_log_than_remembered(verifier, published, wrong, tmp_path):
    kept = tmp_path / "kept"
    kept.write_bytes((published / "checkpoint").read_bytes())
    election = tiny()
    del election.records[280:]
    folder = _published(election, tmp_path / "x", verifier)
    assert "has 280 entries, the log signed 284 before" in wrong(folder, "--checkpoint", str(kept))


def test_an_older_checkpoint_is_a_prefix(verifier, published, election, tmp_path, capsys):
    text = f"{election.log.name}\n77\n{base64.b64encode(election.root(77)).decode()}\n"
    (tmp_path / "old").write_bytes(note(text.encode(), election.log))
    assert verifier.main([str(published), "--checkpoint", str(tmp_path / "old")]) == 0
    assert "goes on from the checkpoint remembered" in capsys.readouterr().out


def test_a_ballot_slipped_in_before_the_freeze(verifier, wrong, tmp_path):
    election = tiny()
    extra = tiny()
    extra.ballot(Signer("slipped in"), Vote("S1", "b"))
    election.records.insert(50, extra.records[-1])
    election.opened = {i + (i >= 50): part for i, part in election.opened.items()}
    election.closed = {i + 1 for i in election.closed}
    said = wrong(_published(election, tmp_path / "x", verifier))
    assert "froze another log" in said


def test_the_same_record_twice(verifier, wrong, tmp_path):
    election = tiny()
    election.add(election.records[7])
    assert wrong(_published(election, tmp_path / "x", verifier)) == "leaf 284: repeats the record of leaf 7"


def test_a_record_from_behind_the_opening_laid_open(verifier, wrong, tmp_path):
    election = tiny()
    election.ballot(Signer("later"), Vote("S1", "b"))
    said = wrong(_published(election, tmp_path / "x", verifier))
    assert said == "leaf 284: is a ballot or withdrawal laid open although no opening covers it"


# The stewards cheat or err.


def test_opening_below_the_threshold(verifier, wrong, tmp_path):
    said = wrong(_published(tiny(by=1), tmp_path / "x", verifier))
    assert "laid open although" in said
    assert said.endswith("(leaf 283 is the opening with 1 good steward signatures of the 2 it needs)")


def test_forged_token_counted(verifier, wrong, tmp_path):
    said = wrong(_published(tiny(forged_wins=True), tmp_path / "x", verifier))
    assert "is opened but is no winning ballot" in said and said.startswith("openings: leaf ")


def test_too_many_ballots_called_withheld(verifier, wrong, tmp_path):
    said = wrong(_published(tiny(hide=3), tmp_path / "x", verifier))
    assert said.endswith("5 ballots are withheld, but 2 stations without an opening can hold 4 at most with k = 3")


def test_ballot_assigned_to_another_station(verifier, wrong, tmp_path):
    def edit(election: Election, opened: dict[int, bytes], spoilt: list[int]) -> None:
        index = max(opened)
        opened[index] = opened[index].replace(b"bS2", b"bS4")

    said = wrong(_published(tiny(edit=edit), tmp_path / "x", verifier))
    assert "the inner part is not the one whose hash the ballot holds" in said


def test_good_ballot_called_spoilt_twice(verifier, wrong, tmp_path):
    def edit(election: Election, opened: dict[int, bytes], spoilt: list[int]) -> None:
        spoilt.append(spoilt[0])

    assert "listed twice" in wrong(_published(tiny(edit=edit), tmp_path / "x", verifier))


def test_superseded_ballot_opened(verifier, wrong, tmp_path):
    def edit(election: Election, opened: dict[int, bytes], spoilt: list[int]) -> None:
        first = next(i for i, r in enumerate(election.records) if cbor2.loads(r)[0] == "ballot")
        opened[first] = election.inner[first]

    assert "superseded, late, withdrawn or not valid" in wrong(_published(tiny(edit=edit), tmp_path / "x", verifier))


def test_station_below_k_opened(verifier, wrong, tmp_path):
    def edit(election: Election, opened: dict[int, bytes], spoilt: list[int]) -> None:
        small = [i for i, part in election.inner.items() if b"bS3" in part]
        opened.update({i: election.inner[i] for i in small})

    said = wrong(_published(tiny(edit=edit), tmp_path / "x", verifier))
    assert said.endswith("station S3 is opened with 2 ballots, fewer than k = 3")


@pytest.mark.parametrize(
    ("vote", "said"),
    [
        (Vote("S9", "a"), "names the station S9, which the pack lacks"),
        (Vote("S1", "c"), "its marks for president are not the pack's"),
    ],
)
def test_spoilt_ballot_opened(vote, said, verifier, wrong, tmp_path, monkeypatch):
    monkeypatch.setattr("folder.votes", lambda: [*votes(), vote])
    assert said in wrong(_published(tiny(), tmp_path / "x", verifier))


def test_table_with_other_rows_than_its_name(verifier, wrong, tmp_path):
    election = tiny()
    digest = next(iter(election.tables))
    election.tables[digest] = election.tables[digest].replace(b"S1,100,40,5,35", b"S1,100,40,35,5")
    assert (
        wrong(_published(election, tmp_path / "x", verifier))
        == f"tables/{digest.hex()}.csv: its SHA-256 is not its name"
    )


def test_other_pack_with_the_same_log(verifier, published, election, wrong, copy):
    (copy / "pack/options.csv").write_bytes(
        (copy / "pack/options.csv").read_bytes().replace(b"president,a", b"president,c")
    )
    other = tiny()
    other.id = sha(b"golos/election/v1\n" + cbor2.dumps(_listing(copy / "pack"), canonical=True))
    reindex(copy, other.publisher, other.id)
    assert wrong(copy) == "leaf 0: has to be the pack of this election, but is a pack of another election"
    assert wrong(copy, "--election", election.id.hex()).startswith(f"pack: is of the election {other.id.hex()}")


def _listing(pack: Path) -> list[list[object]]:
    files = sorted(pack.iterdir(), key=lambda p: p.name.encode())
    return [[p.name, sha(p.read_bytes()), p.stat().st_size] for p in files]


def test_rendered_twice_is_the_same(verifier, published):
    for path, data in render(verifier, published).items():
        assert (published / path).read_bytes() == data
    assert pack_items([None, b"ab"]) == b"\xff\xff\xff\xff\x00\x00\x00\x02ab"
