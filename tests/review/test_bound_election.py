"""Two programs count the bound photographs alone: the one that publishes, and the stranger's."""

import csv
import io
import os
import re

import pytest
from rich.console import Console
from tests.review import election as review
from tests.review.election import Whole

from golos.__main__ import create
from golos.credential.staff import Staff
from golos.credential.steward import staff_key
from golos.ledger.merkle import leaf_hash
from golos.model.ed25519 import SigningKey
from golos.model.entry import PhotoReceived, decode_entry
from golos.model.problem import Problem
from golos.model.record import digest, encode, signed
from golos.ports import Row

CHOICE = (("president", ("a",)),)


@pytest.fixture
def binding(tmp_path, monkeypatch) -> Whole:
    toml = review.FILES["election.toml"].replace("[policy]", "[policy]\nbinding = true")
    monkeypatch.setitem(review.FILES, "election.toml", toml)
    return Whole(tmp_path / "election")


class Desk:
    """Staff who say of each photograph what they are told to say."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.machine, *self.readers = (Staff(whole.pack.id, SigningKey.generate()) for _ in range(3))
        steward = whole.keys.stewards()[0]
        roles = [(self.machine, "machine"), *((reader, "reader") for reader in self.readers)]
        grants = [staff_key(steward, whole.pack.id, "grant", role, staff.key.public) for staff, role in roles]
        whole.cast([Row(encode(grant)) for grant in grants])

    def photograph(self) -> tuple[bytes, list[Row]]:
        photo = os.urandom(32)
        draft = PhotoReceived(1, self.whole.pack.id, photo, 8192, bytes(64))
        return photo, [Row(encode(signed(draft, self.whole.keys.signing("receiver").sign)))]

    def read(self, photo: bytes, sender: bytes | None = None) -> list[Row]:
        said = [staff.verdict(photo, "ballot", CHOICE) for staff in self.readers]
        said.append(self.machine.reading(photo, "ballot", CHOICE))
        said += [self.machine.binding(photo, sender)] if sender else []
        return [Row(record) for record in said]


def looked_up(whole: Whole) -> list[str]:
    return [line for file in (whole.folder / "public" / "lookup").iterdir() for line in file.read_text().splitlines()]


def test_the_bound_are_published_beside_the_confirmed_and_recomputed_by_a_stranger(binding: Whole, capsys):
    desk, rows, said = Desk(binding), [], []
    for number, station in enumerate(["S1"] * 5 + ["S2"] * 2):  # S2 stays closed: it has fewer than k
        voter, (photo, received) = binding.voter(), desk.photograph()
        sent = voter.ballot(station, CHOICE, 1, photo)
        rows += [Row(sent.record, sent.sealed), *received]
        said += desk.read(photo, voter.key.public if number in (0, 1, 5) else None)
    thief = binding.voter().ballot("S1", CHOICE, 1, decode_entry(said[0].record).photo)
    binding.cast([Row(thief.record, thief.sealed)])  # before the owner, who gets the photograph all the same
    binding.cast(rows)
    binding.cast(said)
    binding.freeze()
    binding.open()
    told = binding.publish()["contests"]["president"]["sources"]["ballots"]  # the verifier agrees, or raises
    assert (told["declared"], told["confirmed"], told["bound"], told["c1_bound"]["votes"]) == (6, 5, 2, 0)
    with (binding.folder / "public" / "data" / "tallies.csv").open(newline="") as file:
        tallies = {(r["tier"], r["area"]): r["votes"] for r in csv.DictReader(file) if r["option"] == "a"}
    assert tallies["bound", "S1"] == "2" and tallies["bound", "N"] == "2" and ("bound", "S2") not in tallies
    records = b"".join(
        path.read_bytes() for path in (binding.folder / "public" / "records").rglob("*") if path.is_file()
    )
    assert records.count(b"\x67binding") == 2, "that of a ballot which is not opened stays closed"
    said = {leaf.split()[0]: leaf.split()[2:] for leaf in looked_up(binding)}
    assert said[leaf_hash(digest(thief.record)).hex()[:24]] == ["counted", "declared"]
    counted = sorted(tier for what, *tier in said.values() if what == "counted")
    assert counted == [*[["bound"]] * 2, *[["confirmed"]] * 3, ["declared"]]
    console = Console(file=io.StringIO(), width=200)
    for command in (("count",), ("compare",), ("compare", "--bound")):
        create(console)([command[0], str(binding.folder), *command[1:]], result_action="return_value")
    shown = console.file.getvalue()
    assert (
        re.search(r"ballots +│ president +│ 6 +│ 5 +│ 5 +│ 5 +│ 2 ", shown)
        and "ballots, bound alone: photographs exceed" in shown
    )


def test_where_no_code_is_asked_for_none_is_compared(whole: Whole):
    with pytest.raises(Problem, match="asks for no code"):
        create(Console())(["compare", str(whole.folder), "--bound"], result_action="return_value")
