"""Where the machine saw no code, or can see nothing, two readers who type the same digits bind a photograph."""

import asyncio

import pytest
from tests.desk.test_binder import Cast, Eyes, asked, said, settle
from tests.intake.world import Election, World

from golos.desk.machine import Machine
from golos.desk.typed import TYPED
from golos.model.problem import Problem
from golos.photo.binding import check_digit
from golos.ports import StoreFull

NOBODY = "12345678" + check_digit("12345678")


class Blind:
    """A computer on which no photograph can be looked at safely."""

    def once(self, data):
        raise Problem("sandbox.unavailable", "photo", "can't be read safely on this machine.")


class Unread(Eyes):
    """A look that never finds the slip."""

    def once(self, data):
        self.put(data, None)
        return super().once(data)


@pytest.fixture(params=["no slip found", "no sandbox", "no form"])
def binding(request, tmp_path, monkeypatch):
    monkeypatch.setattr("golos.desk.room._LEASE", 0.0)
    look = {"no slip found": Unread, "no sandbox": Blind}.get(request.param)
    machine = Machine([look()], "president") if look else None
    world = World(Election(tmp_path / "pack", binding=True), tmp_path, machine=machine)
    yield world
    world.close()


@pytest.fixture
def readers():
    return [bytes([n]) * 32 for n in range(1, 6)]


def pairs(world):
    return said(world)[0]


async def types(world, photo, code, *readers):
    for reader in readers:
        assert world.assignment.next(reader) == photo
        await world.room.code(reader, photo, code.encode())


async def sent(world, picture=b"the picture"):
    owner = Cast(world)
    photo = await world.photograph(picture)
    await owner.name(photo)
    await settle(world)
    return owner, photo


def on_disk(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_two_readers_who_type_the_sender_s_digits_bind_it_and_nothing_tells_the_digits(binding, readers, tmp_path):
    async def main():
        owner, photo = await sent(binding)
        await types(binding, photo, owner.code, readers[0])
        await types(binding, photo, owner.code, readers[0])
        assert not pairs(binding), "one reader alone, even twice"
        await types(binding, photo, owner.code, readers[1])
        await binding.beat.once()
        return photo, owner

    photo, owner = asyncio.run(main())
    assert pairs(binding) == {(photo, owner.key)}
    assert asked(binding) == {photo}, "both still have to say what it shows"
    assert owner.code.encode() not in on_disk(tmp_path)


@pytest.mark.parametrize("kind", ["another's", "nobody's", "each their own"])
def test_other_digits_bind_it_to_nobody(binding, readers, kind):
    async def main():
        owner, photo = await sent(binding)
        other = Cast(binding).code
        codes = {"another's": [other] * 2, "nobody's": [NOBODY] * 2, "each their own": [owner.code, other]}[kind]
        for reader, code in zip(readers, codes, strict=False):
            await types(binding, photo, code, reader)
        await binding.beat.once()

    asyncio.run(main())
    assert pairs(binding) == set()


@pytest.mark.parametrize("late", [False, True])
def test_the_owner_gets_a_picture_that_a_thief_sent_first(binding, readers, late):
    """The readers were shown the thief's; the owner's, the same file, comes after them or before."""

    async def main():
        owner, thief = Cast(binding), Cast(binding)
        stolen = await binding.photograph(b"the picture")
        await thief.name(stolen)
        await settle(binding)
        if late:
            await types(binding, stolen, owner.code, *readers[:2])
        own = await binding.photograph(b"the picture")
        await owner.name(own)
        await settle(binding)
        if not late:
            await types(binding, stolen, owner.code, *readers[:2])
        await settle(binding)
        return stolen, own, owner.key

    stolen, own, key = asyncio.run(main())
    assert pairs(binding) == {(own, key)}
    assert (stolen, "copy", own) in said(binding)[1] and asked(binding) == {own}


def test_after_a_crash_before_the_answer_the_reader_sends_it_again(binding, readers, monkeypatch):
    async def main():
        owner, photo = await sent(binding)
        await types(binding, photo, owner.code, readers[0])
        with monkeypatch.context() as broken:
            broken.setattr(type(binding.stores.journal), "admit", crash)
            with pytest.raises(StoreFull):
                await types(binding, photo, owner.code, readers[1])
        await types(binding, photo, owner.code, readers[1])
        await types(binding, photo, owner.code, readers[1])
        await binding.beat.once()
        return photo, owner.key

    def crash(*_):
        raise StoreFull("the disk is full")

    pair = asyncio.run(main())
    assert len(binding.records_of("binding")) == 1 and pairs(binding) == {pair}


def test_what_can_t_be_taken_is_refused_with_what_to_do(binding, readers):
    async def main():
        owner, photo = await sent(binding)
        assert binding.assignment.next(readers[0]) == photo
        wrong = f"{owner.code[:-1]}{(int(owner.code[-1]) + 1) % 10}"
        for typed, told in ((b"12", "9 digits"), (b"12345678x", "9 digits"), (wrong.encode(), "check digit")):
            with pytest.raises(Problem, match=told) as refused:
                await binding.room.code(readers[0], photo, typed)
            assert refused.value.code == "code.digits"
        with pytest.raises(Problem) as refused:
            await binding.room.code(readers[1], photo, owner.code.encode())
        assert refused.value.code == "desk.not_assigned"
        await types(binding, photo, NOBODY, readers[0])
        with pytest.raises(Problem) as refused:
            await types(binding, photo, owner.code, readers[0])
        assert refused.value.code == "code.already"

    asyncio.run(main())


def test_an_election_that_does_not_bind_takes_no_digits(election, tmp_path, readers):
    world = World(election, tmp_path)

    async def main():
        _, photo = await sent(world)
        with pytest.raises(Problem) as refused:
            await types(world, photo, NOBODY, readers[0])
        return refused.value.code

    assert asyncio.run(main()) == "code.unasked" and not world.stores.vault.find(TYPED)
    world.close()
