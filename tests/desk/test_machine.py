"""The machine reads what is sure, says nothing where people must look, and outlives what kills its worker."""

import asyncio
from dataclasses import replace

import cv2
import msgspec
import numpy as np
import pytest
import zxingcpp
from tests.intake.world import Election, World
from tests.photo import files

from golos.credential.sealing import open_photo
from golos.demo.picture import Printer, junk
from golos.desk import room as room_module
from golos.desk.machine import TRIES, Machine, contest_of, machine_of
from golos.desk.notes import NOTES
from golos.model.entry import decode_entry
from golos.model.pack import Contest, Option, Policy
from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.binding import QR, code_of
from golos.photo.copies.descriptor import Descriptor
from golos.photo.form import parse_form
from golos.photo.look import Look
from golos.photo.reader import Sight
from golos.photo.sandbox import WorkerDied


def named(*ids):
    return tuple(Option(each, "president", {"en": each.title()}) for each in ids)


@pytest.fixture(scope="module")
def printer(module_pack):
    return Printer(module_pack, module_pack.contests[0])


@pytest.fixture(scope="module")
def module_pack(tmp_path_factory):
    pack = Election(tmp_path_factory.mktemp("election")).pack
    return replace(pack, contests=(Contest("president", {"en": "Head of State"}, named("one", "two", "three")),))


@pytest.fixture(scope="module")
def machine(printer, module_pack):
    form = printer.form()
    with Look(parse_form(form["FORM.toml"], form)) as look:
        yield Machine([look], "president")


class Fatal:
    """A look whose worker dies at every photograph, or only the first ``times``."""

    def __init__(self, times=99):
        self.times = times

    def once(self, data):
        self.times -= 1
        if self.times >= 0:
            raise WorkerDied("memory", "MemoryError")
        return Sight(Answer("read", marked=("one",)), b"")


class Says:
    """A look that always answers the same."""

    def __init__(self, answer):
        self.answer = answer

    def once(self, data):
        return Sight(self.answer, b"")


def looked_at(world, *pictures):
    """Send the pictures, have the machine look at each, and return its readings by picture and the photographs."""

    async def main():
        voters = [world.election.voter() for _ in pictures]
        photos = [await world.photograph(picture) for picture in pictures]
        for voter, photo in zip(voters, photos, strict=True):
            await world.admission.admit(voter.ballot("s1", (("president", ("one",)),), 1, photo).envelope)
        await world.beat.once()
        while await world.room.look():
            pass
        await world.beat.once()
        return photos

    photos = asyncio.run(main())
    said = {entry.photo: entry for entry in map(decode_entry, world.records_of("reading"))}
    return [said.get(photo) for photo in photos], photos


def test_what_is_sure_is_an_entry_and_people_are_asked_all_the_same(election, tmp_path, machine, printer):
    random = np.random.default_rng(1)
    world = World(election, tmp_path, machine=machine)
    sheet, table, broken = printer.ballot("two", random), junk(random), files.png_bomb(30_000, 30_000, 1)
    (read, none, refused, copy), photos = looked_at(world, sheet, table, broken, sheet)
    if copy.status != "copy":  # which of two equal pictures is looked at first is chance
        read, copy = copy, read
    assert (read.status, read.choices, read.copy_of) == ("ballot", (("president", ("two",)),), None)
    assert none is None or none.status == "not_a_ballot"
    assert (refused.status, copy.status) == ("unreadable", "copy")
    asked = {world.assignment.next(bytes([n]) * 32) for n in range(9)}
    assert asked - {None} == {read.photo, photos[1]}
    world.close()


def test_what_it_noted_opens_with_the_room_s_key_alone(election, tmp_path, machine, printer):
    world = World(election, tmp_path, machine=machine)
    _, (photo,) = looked_at(world, printer.ballot("one", np.random.default_rng(2)))
    notes = world.stores.blobs.get(world.stores.vault.get(NOTES, photo))
    assert b"current" not in notes and b"fit" not in notes
    sight = msgspec.msgpack.decode(open_photo(notes, [election.room], election.pack.id), type=Sight)
    assert sight.answer.marked == ("one",) and sight.answer.evidence["two"]["mark"] == "False"
    assert Descriptor.decode(sight.descriptor).marks
    world.close()


def test_a_photograph_that_kills_the_worker_is_put_back_then_refused(election, tmp_path, monkeypatch):
    monkeypatch.setattr(room_module, "_LEASE", 0.0)
    world = World(election, tmp_path, machine=Machine([Fatal()], "president"))
    (reading,), (photo,) = looked_at(world, b"poison")
    assert reading.status == "unreadable" and world.assignment.next(bytes(32)) is None
    notes = open_photo(world.stores.blobs.get(world.stores.vault.get(NOTES, photo)), [election.room], election.pack.id)
    answer = msgspec.msgpack.decode(notes, type=Sight).answer
    assert (answer.status, answer.evidence["worker"]["died"]) == ("rejected", "memory")
    world.close()


def test_a_worker_that_dies_now_and_then_loses_nothing(election, tmp_path, monkeypatch):
    monkeypatch.setattr(room_module, "_LEASE", 0.0)
    world = World(election, tmp_path, machine=Machine([Fatal(TRIES - 1)], "president"))
    (reading,), _ = looked_at(world, b"a picture")
    assert reading.status == "ballot"
    world.close()


def test_where_nothing_can_be_looked_at_safely_people_read_alone(election, tmp_path):
    class Unavailable:
        def once(self, data):
            raise Problem("sandbox.unavailable", "photo", "can't be read safely on this machine.")

    world = World(election, tmp_path, machine=Machine([Unavailable()], "president"))
    (reading,), (photo,) = looked_at(world, b"a picture")
    assert reading is None and world.assignment.next(bytes(32)) == photo
    world.close()


@pytest.mark.parametrize(
    ("answer", "status", "choices"),
    [
        (Answer("read", marked=()), "ballot", (("president", ()),)),
        (Answer("review", ("over-vote",), marked=("one", "two")), None, ()),
        (Answer("rejected", ("thumbnail",)), None, ()),
        (Answer("review", ("not a form",)), None, ()),
        (Answer("rejected", ("not a form",)), "not_a_ballot", ()),
        (Answer("rejected", ("undecodable",)), "unreadable", ()),
    ],
)
def test_only_the_sure_is_said(module_pack, answer, status, choices):
    seen = Machine([Says(answer)], "president").see(b"", 1)
    assert (seen.status, seen.choices) == (status, choices)


def with_slip(picture, code):
    """The photograph with a printed slip on the table below the ballot."""
    seen = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    slip = np.array(zxingcpp.create_barcode(QR + code, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4))
    seen = cv2.copyMakeBorder(seen, 0, slip.shape[0] + 20, 0, 0, cv2.BORDER_REPLICATE)
    seen[-slip.shape[0] - 10 : -10, 200 : 200 + slip.shape[1]] = slip[:, :, None]
    return cv2.imencode(".jpg", seen)[1].tobytes()


def test_a_real_photograph_with_its_sender_s_printed_slip_is_bound(tmp_path, printer, module_pack):
    """Through the sandbox, the room and the log: the machine sees the code, and says whose it is."""
    election = Election(tmp_path / "pack", binding=True)
    form = printer.form()
    with Look(parse_form(form["FORM.toml"], form), code=True) as look:
        world = World(election, tmp_path, machine=Machine([look], "president"))
        voter, other = election.voter(), election.voter()
        sent = [decode_entry(each.ballot("s1", (("president", ("one",)),), 1).record) for each in (voter, other)]
        codes = [code_of(ballot.token, election.pack.id) for ballot in sent]
        own, foreign = (with_slip(printer.ballot("one", np.random.default_rng(3)), code) for code in codes)

        async def main():
            photos = [await world.photograph(picture) for picture in (own, foreign)]
            for photo, sequence in zip(photos, (2, 3), strict=True):
                await world.admission.admit(voter.ballot("s1", (("president", ("one",)),), sequence, photo).envelope)
            await world.beat.once()
            while await world.room.look():
                pass
            await world.beat.once()
            return photos

        photos = asyncio.run(main())
        (binding,) = map(decode_entry, world.records_of("binding"))
        assert (binding.photo, binding.sender) == (photos[0], voter.key.public)
        assert {decode_entry(record).status for record in world.records_of("reading")} == {"ballot"}
        world.close()


def test_the_pack_s_form_names_options_of_one_contest(module_pack, printer, tmp_path):
    assert machine_of(module_pack, tmp_path) is None, "a pack without a form has no machine"
    assert contest_of(module_pack, ["two", "three"]) == "president"
    with pytest.raises(Problem, match="one contest"):
        contest_of(module_pack, ["two", "nobody"])
    form = tmp_path / "form"
    form.mkdir()
    for name, data in printer.form().items():
        (form / name).write_bytes(data)
    listed = replace(module_pack, files=(("form/FORM.toml", bytes(32), 1),), policy=Policy(binding=True))
    assert isinstance(machine_of(listed, tmp_path), Machine)
