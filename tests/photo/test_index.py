"""The index of frame hashes: exact, durable, and whole again after whatever ended it."""

import os

import numpy as np
import pytest

from golos.model.problem import Problem
from golos.photo.copies.index import Index


def rows(count, seed=1):
    random = np.random.default_rng(seed)
    return [(random.bytes(32), random.bytes(32)) for _ in range(count)]


def flipped(pdq, bits):
    return (int.from_bytes(pdq) ^ sum(1 << bit for bit in bits)).to_bytes(32)


def test_all_within_the_distance_are_found_and_no_others(tmp_path):
    with Index(tmp_path / "index") as index:
        some = rows(3_000)
        planted = [(bytes([n]) * 32, flipped(some[7][1], range(5, 5 + n))) for n in range(1, 40)]
        index.add(some)
        index.add(planted)
        expected = {
            name: (int.from_bytes(pdq) ^ int.from_bytes(some[7][1])).bit_count() for name, pdq in some + planted
        }
        for distance in (0, 1, 20, 24, 110):
            assert index.near(some[7][1], distance) == {n: d for n, d in expected.items() if d <= distance}


def test_it_is_the_same_after_a_restart(tmp_path):
    with Index(tmp_path / "index") as index:
        for row in rows(50):
            index.add([row])
    with Index(tmp_path / "index") as index:
        assert len(index) == 50
        assert all(index.near(pdq, 3) == {name: 0} for name, pdq in rows(50))


def test_a_torn_record_is_cut_off_and_the_rest_is_kept(tmp_path):
    path = tmp_path / "index"
    with Index(path) as index:
        index.add(rows(10))
    with path.open("ab") as file:
        file.write(b"half a record")
    with Index(path) as index:
        index.add(rows(1, seed=9))
        assert len(index) == 11 and index.near(rows(1, seed=9)[0][1], 0)
    assert path.stat().st_size == 11 * 64


def test_adding_twice_does_no_harm(tmp_path):
    with Index(tmp_path / "index") as index:
        index.add(rows(2) + rows(2))
        assert index.near(rows(2)[0][1], 0) == {rows(2)[0][0]: 0}


def test_one_process_has_it(tmp_path):
    with Index(tmp_path / "index"), pytest.raises(Problem, match="open elsewhere"):
        Index(tmp_path / "index")


def test_what_was_added_is_on_the_disk(tmp_path, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (synced.append(file), real(file)))
    with Index(tmp_path / "index") as index:
        index.add(rows(3))
        assert synced and (tmp_path / "index").stat().st_size == 192
        with pytest.raises(ValueError, match="32 bytes"):
            index.add([(b"short", b"short")])
        assert len(index) == 3
