"""Photographs come in whole or in pieces, are checked, durable, and in the log once."""

import asyncio
import os
from types import SimpleNamespace

import pytest
from tests.intake.photographs import ELECTION, LIMIT, RECEIVER, Reception, sealed_picture, sha, small_pack

from golos.intake.photo import RESERVE, Named
from golos.intake.uploads import Limits, Uploads
from golos.model.ballot import Ballot
from golos.model.ed25519 import verify
from golos.model.entry import PhotoReceived
from golos.model.problem import Problem
from golos.model.record import decode, signing_input
from golos.ports import Missing, StoreFull, Waiting


@pytest.fixture
def reception(tmp_path):
    one = Reception(tmp_path)
    yield one
    one.close()


def records(reception):
    return [row.record for row in reception.stores.journal.read(Waiting(99))]


def refused(code, coroutine):
    with pytest.raises(Problem) as caught:
        asyncio.run(coroutine)
    assert caught.value.code == code
    return caught.value


def test_a_whole_photograph_is_stored_and_entered_in_the_log(reception):
    picture = sealed_picture()
    _, offset = reception.run(reception.photos.begin(len(picture), sha(picture), picture))
    assert offset == len(picture)
    assert reception.stores.blobs.get(sha(picture)) == picture
    (record,) = records(reception)
    entry = decode(record, PhotoReceived)
    assert (entry.election, entry.photo, entry.size) == (ELECTION, sha(picture), len(picture))
    assert verify(RECEIVER.public, signing_input(record), entry.signature)
    assert list(reception.uploads.iterdir()) == []


def test_pieces_make_a_photograph_across_a_restart(tmp_path):
    picture = sealed_picture()
    first = Reception(tmp_path)
    name, offset = first.run(first.photos.begin(len(picture), sha(picture)))
    assert offset == 0
    assert first.run(first.photos.append(name, 0, picture[:9000])) == 9000
    first.close()
    second = Reception(tmp_path)
    assert second.run(second.photos.offset(name)) == 9000
    assert second.run(second.photos.append(name, 9000, picture[9000:])) == len(picture)
    assert second.run(second.photos.offset(name)) == len(picture)
    assert second.run(second.photos.append(name, len(picture), b"")) == len(picture)
    assert second.stores.blobs.get(sha(picture)) == picture
    assert len(records(second)) == 1
    assert list(second.uploads.iterdir()) == []
    second.close()


def test_the_same_photograph_any_number_of_times_is_one_record(reception):
    picture = sealed_picture()

    async def many():
        await asyncio.gather(*(reception.photos.begin(len(picture), sha(picture), picture) for _ in range(20)))
        name, _ = await reception.photos.begin(len(picture), sha(picture), picture[:100])
        await reception.photos.append(name, 100, picture[100:])
        await asyncio.gather(*(reception.photos.append(name, len(picture), b"") for _ in range(5)))

    reception.run(many())
    assert len(records(reception)) == 1


def test_an_upload_is_not_said_to_be_whole_before_it_is_durable(reception):
    """The last piece is here, the store can't write: the next question tries again, and only then says "whole"."""
    picture = sealed_picture()
    put, failures = reception.stores.blobs.put_future, [1, 1]

    def flaky(blobs):
        if failures:
            failures.pop()
            raise StoreFull("no room")
        return put(blobs)

    reception.stores.blobs.put_future = flaky
    name, _ = reception.run(reception.photos.begin(len(picture), sha(picture)))
    with pytest.raises(StoreFull):
        reception.run(reception.photos.append(name, 0, picture))
    with pytest.raises(StoreFull):
        reception.run(reception.photos.offset(name))
    assert records(reception) == []
    assert reception.run(reception.photos.offset(name)) == len(picture)
    assert reception.stores.blobs.get(sha(picture)) == picture
    assert len(records(reception)) == 1


def test_a_sender_who_goes_away_at_the_end_does_not_stop_the_photograph(reception):
    picture = sealed_picture()

    async def impatient():
        for digest, data in ((sha(picture), picture),):
            task = asyncio.create_task(reception.photos.begin(len(data), digest, data))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.sleep(0.3)

    reception.run(impatient())
    assert len(records(reception)) == 1


def test_what_does_not_match_its_digest_is_refused_and_dropped(reception):
    picture, other = sealed_picture(), sealed_picture()
    refused("photo.mismatch", reception.photos.begin(len(picture), sha(picture), other))
    name, _ = reception.run(reception.photos.begin(len(picture), sha(picture)))
    refused("photo.mismatch", reception.photos.append(name, 0, other))
    refused("upload.missing", reception.photos.offset(name))
    assert records(reception) == []
    with pytest.raises(Missing):
        reception.stores.blobs.get(sha(other))


def test_what_is_no_sealed_photograph_of_this_election_is_refused(reception):
    size = len(sealed_picture())
    noise = os.urandom(size)
    refused("photo.not_sealed", reception.photos.begin(size, sha(noise), noise))
    refused("photo.size", reception.photos.begin(size + 1, sha(noise)))
    refused("photo.size", reception.photos.begin(0, sha(b"")))
    problem = refused("photo.too_large", reception.photos.begin(LIMIT + 1, sha(noise)))
    assert str(LIMIT) in problem.problem
    assert records(reception) == []


def test_pieces_at_the_wrong_place_or_too_long_change_nothing(reception):
    picture = sealed_picture()
    name, _ = reception.run(reception.photos.begin(len(picture), sha(picture), picture[:10]))
    refused("upload.offset", reception.photos.append(name, 9, picture[9:]))
    refused("upload.offset", reception.photos.append(name, 11, picture[11:]))
    refused("upload.too_much", reception.photos.append(name, 10, picture))
    refused("upload.too_much", reception.photos.begin(len(picture), sha(picture), picture + b"x"))
    refused("upload.missing", reception.photos.append("0" * 32, 0, b"x"))
    refused("upload.missing", reception.photos.offset("../store/golos.db"))
    assert reception.run(reception.photos.append(name, 10, picture[10:])) == len(picture)


def test_a_dropped_upload_is_gone(reception):
    picture = sealed_picture()
    name, _ = reception.run(reception.photos.begin(len(picture), sha(picture), picture[:10]))
    reception.photos.drop(name)
    refused("upload.missing", reception.photos.offset(name))
    assert list(reception.uploads.iterdir()) == []


def test_a_cancelled_election_takes_no_photograph(tmp_path):
    reception = Reception(tmp_path, pack=small_pack(cancelled="as the court said"))
    picture = sealed_picture()
    refused("election.cancelled", reception.photos.begin(len(picture), sha(picture), picture))
    reception.close()


def test_files_of_unfinished_uploads_tell_no_time(reception):
    picture = sealed_picture()
    for size in (0, 10, 100):
        reception.run(reception.photos.begin(len(picture), sha(picture), picture[:size]))
    files = list(reception.uploads.iterdir())
    assert len(files) == 3
    assert [file.stat().st_mtime for file in files] == [0, 0, 0]


def ballot_naming(picture):
    blank = bytes(32)
    return Ballot(1, ELECTION, blank, bytes(354), 1, sha(picture), blank, blank, bytes(64))


def test_photographs_that_nobody_names_can_not_fill_the_disk_nor_keep_out_those_that_ballots_name(tmp_path):
    pictures = [sealed_picture() for _ in range(5)]
    size = len(pictures[0])
    named = Named(unnamed_limit=2 * size)
    reception = Reception(tmp_path, named=named)
    named.apply(ballot_naming(pictures[0]), bytes(32), None)

    def send(i):
        return reception.photos.begin(size, sha(pictures[i]), pictures[i])

    for i in (1, 2):
        reception.run(send(i))
    refused("overload.photos", send(3))
    reception.run(send(0))
    reception.run(send(1))  # again: the same answer
    named.apply(ballot_naming(pictures[1]), bytes(32), None)
    named.apply(ballot_naming(pictures[1]), bytes(32), 7)
    reception.run(send(3))
    refused("overload.photos", send(4))
    reception.close()


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_abandoned_uploads_make_room_and_busy_ones_do_not(tmp_path):
    clock = Clock()
    uploads = Uploads(tmp_path, Limits(count=3, size=1000, idle=60, expiry=3600), clock)
    old, *_ = [uploads.begin(100, bytes(32)) for _ in range(3)]
    with pytest.raises(Problem, match="more unfinished uploads"):
        uploads.begin(100, bytes(32))
    clock.now = 61
    uploads.append(old, b"still here")
    uploads.begin(100, bytes(32))
    assert uploads.get(old.name) is old
    clock.now = 65
    with pytest.raises(Problem):
        uploads.begin(950, bytes(32))  # the size is limited too: `old` is busy
    clock.now = 61 + 3601
    assert uploads.get(old.name) is None
    assert len(list(tmp_path.iterdir())) == 0


def test_uploads_kept_busy_can_not_keep_out_a_photograph_that_a_ballot_names(tmp_path):
    """A flooder needs no token to hold every place; a voter whose ballot is here takes one all the same."""
    named = {bytes([1]) * 32, bytes([2]) * 32}
    uploads = Uploads(tmp_path, Limits(count=3, size=1000, idle=60, expiry=3600), Clock(), named.__contains__)
    first = uploads.begin(100, bytes([1]) * 32)
    flood = [uploads.begin(100, bytes(32)) for _ in range(2)]
    with pytest.raises(Problem, match="more unfinished uploads"):
        uploads.begin(100, bytes(32))
    second = uploads.begin(100, bytes([2]) * 32)
    assert uploads.get(flood[0].name) is None and uploads.get(flood[1].name) is flood[1]
    third = uploads.begin(100, bytes([2]) * 32)
    with pytest.raises(Problem, match="more unfinished uploads"):
        uploads.begin(100, bytes([2]) * 32)
    assert all(uploads.get(upload.name) is upload for upload in (first, second, third))


def test_the_last_of_the_disk_is_for_ballots_and_what_they_name(reception, monkeypatch):
    pictures = [sealed_picture() for _ in range(2)]
    size = len(pictures[0])
    reception.named.apply(ballot_naming(pictures[0]), bytes(32), None)
    nearly_full = SimpleNamespace(free=RESERVE + size - 1)
    monkeypatch.setattr("golos.intake.photo.shutil.disk_usage", lambda folder: nearly_full)
    refused("overload.photos", reception.photos.begin(size, sha(pictures[1]), pictures[1]))
    reception.run(reception.photos.begin(size, sha(pictures[0]), pictures[0]))
    nearly_full.free += 1
    reception.run(reception.photos.begin(size, sha(pictures[1]), pictures[1]))


def test_a_torn_file_of_a_crash_is_no_upload(tmp_path):
    (tmp_path / "torn").write_bytes(b"short")
    (tmp_path / "toolong").write_bytes((5).to_bytes(8, "big") + bytes(32) + b"longer")
    uploads = Uploads(tmp_path, Limits())
    assert uploads.get("torn") is None and uploads.get("toolong") is None
    assert list(tmp_path.iterdir()) == []
