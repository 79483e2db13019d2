"""The room looks at every photograph first: copies and what can't be opened never reach a reader."""

import asyncio
import hashlib

from tests.intake.world import PRESIDENT, World

from golos.credential.staff import Staff
from golos.credential.steward import retraction, staff_key
from golos.desk.room import PICTURES
from golos.model.ed25519 import SigningKey
from golos.model.entry import PhotoReceived, decode_entry
from golos.model.problem import Problem
from golos.model.record import digest, encode, signed
from golos.ports import Row


async def send(world, picture):
    """A voter's photograph and the ballot that names it."""
    photo = await world.photograph(picture)
    await world.admission.admit(world.election.voter().ballot("s1", PRESIDENT, 1, photo).envelope)
    return photo


async def settle(world):
    await world.beat.once()
    while await world.room.look():
        pass
    await world.beat.once()


def readings(world):
    return [decode_entry(record) for record in world.records_of("reading")]


def test_the_same_picture_sealed_again_is_a_copy(world):
    async def main():
        photos = [await send(world, b"one picture"), await send(world, b"one picture"), await send(world, b"another")]
        await settle(world)
        return photos

    first, second, other = asyncio.run(main())
    (reading,) = readings(world)
    assert reading.status == "copy" and {reading.photo, reading.copy_of} == {first, second}
    shown = {world.assignment.next(bytes([n]) * 32) for n in range(4)}
    assert shown == {reading.copy_of, other}
    assert hashlib.sha256(b"one picture").digest() not in b"".join(row.record for row in world.rows())
    assert world.stores.vault.erase(PICTURES) == 2


def test_what_cannot_be_opened_is_said_and_not_shown(world, election):
    async def main():
        (photo,) = world.stores.blobs.put([b"\x01" + bytes(8249)])
        draft = PhotoReceived(1, election.pack.id, photo, 8250, bytes(64))
        world.stores.journal.admit([Row(encode(signed(draft, election.receiver.sign)))])
        await world.admission.admit(election.voter().ballot("s1", PRESIDENT, 1, photo).envelope)
        await settle(world)
        return photo

    photo = asyncio.run(main())
    assert [(r.status, r.photo) for r in readings(world)] == [("unreadable", photo)]
    assert world.assignment.next(bytes(32)) is None


def test_a_crash_after_the_reading_makes_no_second_one(world, monkeypatch):
    async def main():
        for _ in range(2):
            await send(world, b"one picture")
        await world.beat.once()
        monkeypatch.setattr(type(world.stores.work), "done", lambda self, job: None)
        monkeypatch.setattr("golos.desk.room._LEASE", 0.0)
        for _ in range(3):
            await world.room.look()

    asyncio.run(main())
    assert len(readings(world)) == 1


def accept(world, record):
    async def main():
        try:
            return await world.records.accept(record)
        except Problem as problem:
            return problem.code

    return asyncio.run(main())


def grant(world, role):
    staff, record = world.election.staff(role)
    assert accept(world, record) == digest(record)
    asyncio.run(world.beat.once())
    return staff


def test_a_verdict_needs_the_role_the_photograph_and_a_paper_that_exists(world, election):
    async def main():
        photo = await send(world, b"a picture")
        await settle(world)
        return photo

    photo = asyncio.run(main())
    stranger = Staff(election.pack.id, SigningKey.generate())
    assert accept(world, stranger.verdict(photo, "ballot", PRESIDENT)) == "role.missing"
    machine = grant(world, "machine")
    assert accept(world, machine.verdict(photo, "ballot", PRESIDENT)) == "role.missing"
    reader = grant(world, "reader")
    assert accept(world, reader.verdict(photo, "ballot", PRESIDENT)) == "desk.not_assigned", "nobody chooses"
    assert world.assignment.next(reader.key.public) == photo
    assert accept(world, reader.verdict(photo, "ballot", (("president", ("three",)),))) == "verdict.choices"
    assert accept(world, reader.verdict(photo, "ballot", (("mayor", ()),))) == "verdict.choices"
    record = reader.verdict(photo, "ballot", PRESIDENT)
    assert accept(world, record[:-1] + bytes([record[-1] ^ 1])) == "record.signature"
    assert accept(world, record) == accept(world, record) == digest(record)
    assert accept(world, reader.verdict(photo, "unreadable")) == "verdict.already"
    assert world.records_of("verdict") == [record]


def test_a_role_holds_from_its_leaf_until_it_is_revoked(world, election):
    staff, record = election.staff("reader")
    accept(world, record)
    assert not world.roll.holds(staff.key.public, "reader"), "the grant is under no checkpoint yet"
    asyncio.run(world.beat.once())
    assert world.roll.holds(staff.key.public, "reader")
    accept(world, encode(staff_key(election.stewards[1], election.pack.id, "revoke", "reader", staff.key.public)))
    asyncio.run(world.beat.once())
    assert not world.roll.holds(staff.key.public, "reader")


def test_a_revocation_that_hashing_would_put_before_its_grant_has_to_wait(world, election):
    """Under one checkpoint the order is that of the hashes: half of such revocations would come first, and be void."""
    staff, granted = election.staff("reader")
    key, stewards = staff.key.public, election.stewards
    revoked = encode(staff_key(stewards[0], election.pack.id, "revoke", "reader", key))
    accept(world, granted)
    assert accept(world, revoked) == "role.waiting"
    assert accept(world, granted) == digest(granted), "the same record again is welcome"
    asyncio.run(world.beat.once())
    assert accept(world, revoked) == digest(revoked)
    assert not world.roll.holds(key, "reader"), "a reader who is sent away says nothing more"
    asyncio.run(world.beat.once())
    assert accept(world, granted) == "role.repeated", "the log has that record; it would change nothing"
    again = encode(staff_key(stewards[1], election.pack.id, "grant", "reader", key))
    assert accept(world, again) == digest(again)
    asyncio.run(world.beat.once())
    assert world.roll.holds(key, "reader")


def test_only_stewards_grant_freeze_and_retract(world, election):
    thief = SigningKey.generate()
    assert (
        accept(world, encode(staff_key(thief, election.pack.id, "grant", "reader", thief.public))) == "record.steward"
    )
    assert accept(world, encode(retraction(thief, election.pack.id, "C1:x", "no"))) == "record.steward"
    assert accept(world, election.voter().ballot("s1", PRESIDENT, 1).record) == "record.not_staff"
    head = world.stores.journal.head()
    wrong = type(head)(head.size, bytes(32), b"")
    assert accept(world, election.freeze(wrong)) == "freeze.checkpoint"
    assert accept(world, election.freeze(type(head)(head.size + 5, head.root, b""))) == "freeze.checkpoint"
    assert len(accept(world, election.freeze(head))) == 32


def test_a_restart_rebuilds_the_desk_from_the_log(election, tmp_path):
    world = World(election, tmp_path)

    async def main():
        await world.follower.start()
        photos = {await send(world, b"picture %d" % n) for n in range(3)}
        photos |= {await send(world, b"picture 1")}
        await settle(world)
        return photos

    asyncio.run(main())
    readers = [grant(world, "reader") for _ in range(2)]
    done = world.assignment.next(readers[0].key.public)
    accept(world, readers[0].verdict(done, "ballot", PRESIDENT))  # waits for its checkpoint when the process dies
    before = {world.assignment.next(bytes([n]) * 32) for n in range(8)}
    world.close()
    world = World(election, tmp_path)

    async def again():
        await world.follower.start()
        await world.room.start()

    asyncio.run(again())
    assert world.roll.holds(readers[0].key.public, "reader")
    assert len(world.assignment) == 3
    assert world.assignment.heard(readers[0].key.public, done)
    assert {world.assignment.next(bytes([n]) * 32) for n in range(8)} == before
    world.close()
