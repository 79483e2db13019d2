"""Who sends a picture first does not matter where its sender's code lies beside the sheet."""

import asyncio
import itertools

import msgspec
import pytest
from tests.intake.world import PRESIDENT, Election, World

from golos.credential.sealing import seal_photo
from golos.desk.machine import Machine
from golos.desk.notes import NOTES
from golos.model.entry import decode_entry
from golos.model.problem import Problem
from golos.model.record import digest
from golos.photo.answer import Answer
from golos.photo.binding import code_of
from golos.photo.reader import Sight

ONE = Answer("read", marked=("one",))
DOUBT = Answer("review", ("doubt",))


class Eyes:
    """A look that sees in each picture what was put there: an answer, and the digits beside the sheet."""

    def __init__(self):
        self.pictures = {}

    def put(self, picture, code, answer=ONE):
        self.pictures[picture] = msgspec.structs.replace(
            answer, evidence={"code": {"seen": code, "sure": "False"}} if code else {}
        )
        return picture

    def once(self, data):
        return Sight(self.pictures[data], b"")


@pytest.fixture
def eyes():
    return Eyes()


@pytest.fixture
def binding(tmp_path, eyes, monkeypatch):
    monkeypatch.setattr("golos.desk.room._LEASE", 0.0)
    world = World(Election(tmp_path / "pack", binding=True), tmp_path, machine=Machine([eyes], "president"))
    yield world
    world.close()


class Cast:
    """One voter, and the ballot that will name a photograph."""

    def __init__(self, world, sequence=1, voter=None):
        self.world, self.voter, self.sequence = world, voter or world.election.voter(), sequence
        record = decode_entry(self.voter.ballot("s1", PRESIDENT, 99).record)
        self.key, self.code = record.key, code_of(record.token, world.election.pack.id)

    async def name(self, photo):
        await self.world.admission.admit(self.voter.ballot("s1", PRESIDENT, self.sequence, photo).envelope)
        await self.world.beat.once()


async def settle(world):
    await world.beat.once()
    for _ in range(9):
        await world.room.look()
    await world.beat.once()


def room_of(world):
    return world.election.room.public, world.election.pack.id


def said(world):
    bindings = [decode_entry(record) for record in world.records_of("binding")]
    readings = [decode_entry(record) for record in world.records_of("reading")]
    return {(b.photo, b.sender) for b in bindings}, {(r.photo, r.status, r.copy_of) for r in readings}


def asked(world):
    return {world.assignment.next(bytes([n]) * 32) for n in range(5)} - {None}


@pytest.mark.parametrize("order", list(itertools.permutations(("photograph", "ballot", "look"))))
def test_whichever_comes_last_the_photograph_is_bound_once(binding, eyes, order, monkeypatch):
    async def main():
        voter = Cast(binding)
        sealed = seal_photo(eyes.put(b"a picture", voter.code, DOUBT), *room_of(binding))
        monkeypatch.setattr("tests.intake.world.seal_photo", lambda *_: sealed)
        for step in order:
            if step == "look":
                await settle(binding)
            elif step == "photograph":
                await binding.photograph(b"a picture")
            else:
                await voter.name(digest(sealed))
        await settle(binding)
        return digest(sealed), voter.key

    photo, key = asyncio.run(main())
    assert said(binding) == ({(photo, key)}, set()), "the machine says nothing of the marks: they are in doubt"
    assert asked(binding) == {photo}


@pytest.mark.parametrize("code", [None, "another's", "no code at all"])
def test_digits_that_are_not_the_sender_s_leave_the_room_never(binding, eyes, code):
    async def main():
        voter = Cast(binding)
        digits = Cast(binding).code if code == "another's" else "375291234" if code else None
        await voter.name(await binding.photograph(eyes.put(b"a picture", digits)))
        await settle(binding)
        return digits, voter.code

    digits, own = asyncio.run(main())
    assert said(binding)[0] == set() and len(binding.records_of("reading")) == 1
    everything = b"".join(row.record for row in binding.rows())
    assert not any(each.encode() in everything for each in (digits, own) if each)


def test_the_owner_s_photograph_stands_even_if_a_thief_sends_the_same_file_first(binding, eyes):
    async def main():
        owner, thief = Cast(binding), Cast(binding)
        eyes.put(b"the picture", owner.code)
        stolen = await binding.photograph(b"the picture")
        await thief.name(stolen)
        await settle(binding)
        assert asked(binding) == {stolen}
        own = await binding.photograph(b"the picture")
        await settle(binding)  # it is called a copy: no ballot names it yet
        assert asked(binding) == {stolen}
        await owner.name(own)
        await settle(binding)
        late = await binding.photograph(b"the picture")
        await Cast(binding).name(late)
        await settle(binding)
        return stolen, own, late, owner.key

    stolen, own, late, key = asyncio.run(main())
    bound, readings = said(binding)
    assert bound == {(own, key)}
    assert readings == {
        (stolen, "ballot", None), (own, "copy", stolen), (own, "ballot", None), (stolen, "copy", own),
        (late, "copy", stolen),
    }  # fmt: skip
    assert asked(binding) == {own}
    binding.assignment.__init__()
    for index, row in enumerate(binding.rows()):  # a restart that shows the log anew gives the same queue
        binding.assignment.apply(decode_entry(row.record), digest(row.record), index)
    assert asked(binding) == {own}


def test_whoever_names_another_s_photograph_gets_nothing_and_takes_nothing(binding, eyes):
    async def main():
        owner, thief = Cast(binding), Cast(binding)
        photo = await binding.photograph(eyes.put(b"the picture", owner.code))
        await thief.name(photo)
        await settle(binding)
        await owner.name(photo)
        await settle(binding)
        return photo, owner.key

    photo, key = asyncio.run(main())
    assert said(binding) == ({(photo, key)}, {(photo, "ballot", None)})


def test_a_picture_sealed_again_by_its_owner_stands_too(binding, eyes):
    async def main():
        owner = Cast(binding)
        again = Cast(binding, 2, owner.voter)
        photos = [await binding.photograph(eyes.put(b"the picture", owner.code)) for _ in range(2)]
        await owner.name(photos[0])
        await again.name(photos[1])
        await settle(binding)
        return photos, owner.key

    photos, key = asyncio.run(main())
    bound, readings = said(binding)
    assert bound == {(photo, key) for photo in photos}
    assert readings == {(photo, "ballot", None) for photo in photos}, "neither is a copy: one ballot of the key wins"


def test_what_is_not_known_yet_is_matched_later(binding, eyes):
    """The view of the log is behind it; and the first of two equal pictures is still being looked at."""

    async def main():
        owner, thief = Cast(binding), Cast(binding)
        eyes.put(b"the picture", owner.code)
        stolen = await binding.photograph(b"the picture")
        await thief.name(stolen)
        await settle(binding)
        own = await binding.photograph(b"the picture")
        await settle(binding)
        notes = binding.stores.vault.get(NOTES, stolen)
        binding.stores.vault.erase(NOTES, stolen)
        await binding.admission.admit(owner.voter.ballot("s1", PRESIDENT, 1, own).envelope)
        await asyncio.to_thread(binding.sequencer.publish, True)
        await binding.room.look()
        await binding.follower.catch_up()
        await binding.room.look()
        assert said(binding)[0] == set()
        binding.stores.vault.put(NOTES, stolen, notes)
        await settle(binding)
        return own, owner.key

    bound = asyncio.run(main())
    assert said(binding)[0] == {bound}


def test_a_crash_after_the_binding_makes_no_second_one(binding, eyes, monkeypatch):
    async def main():
        voter = Cast(binding)
        await voter.name(await binding.photograph(eyes.put(b"a picture", voter.code)))
        monkeypatch.setattr(type(binding.stores.work), "done", lambda self, job: None)
        await settle(binding)

    asyncio.run(main())
    assert len(binding.records_of("binding")) == len(binding.records_of("reading")) == 1


def test_only_a_machine_of_the_election_may_say_so(binding):
    async def accepted(record):
        try:
            return await binding.records.accept(record)
        except Problem as problem:
            return problem.code

    async def main():
        staff = {}
        for role in ("reader", "machine"):
            staff[role], record = binding.election.staff(role)
            await accepted(record)
        await binding.beat.once()
        records = {role: each.binding(bytes(32), bytes(32)) for role, each in staff.items()}
        return {
            role: await accepted(record) == digest(record) or await accepted(record) for role, record in records.items()
        }

    assert asyncio.run(main()) == {"reader": "role.missing", "machine": True}


def test_an_election_that_does_not_bind_has_no_such_work(election, tmp_path, eyes, monkeypatch):
    world = World(election, tmp_path, machine=Machine([eyes], "president"))

    async def main():
        voter = Cast(world)
        await voter.name(await world.photograph(eyes.put(b"a picture", voter.code)))
        await settle(world)

    asyncio.run(main())
    assert said(world)[0] == set() and not world.stores.work.lease("bind", 9, 1.0)
    world.close()
