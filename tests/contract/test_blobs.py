"""Every sentence of golos.ports.Blobs."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from golos.ports import Missing

from .sequencing import sha


def test_put_names_bytes_by_their_digest_and_get_returns_them(store):
    blobs = [b"", b"x", os.urandom(150_000), os.urandom(3_000_000)]
    assert store.blobs.put(blobs) == [sha(blob) for blob in blobs]
    assert [store.blobs.get(sha(blob)) for blob in blobs] == blobs
    store.restart()
    assert [store.blobs.get(sha(blob)) for blob in blobs] == blobs


def test_put_answers_each_of_equal_blobs(store):
    assert store.blobs.put([b"a", b"b", b"a"]) == [sha(b"a"), sha(b"b"), sha(b"a")]
    assert store.blobs.put([]) == []
    assert store.blobs.put([b"b"]) == [sha(b"b")]


def test_what_was_never_put_is_missing(store):
    with pytest.raises(Missing):
        store.blobs.get(sha(b"never"))


def test_erased_bytes_are_missing_and_can_come_back(store):
    first, second = os.urandom(10_000), os.urandom(10_000)
    store.blobs.put([first, second])
    store.blobs.erase(sha(first))
    store.blobs.erase(sha(first))
    store.blobs.erase(sha(b"never"))
    with pytest.raises(Missing):
        store.blobs.get(sha(first))
    assert store.blobs.get(sha(second)) == second
    store.blobs.put([first])
    store.restart()
    assert store.blobs.get(sha(first)) == first


def test_many_callers_at_once_each_find_their_blobs(store):
    def put_and_get(i):
        mine, everybodys = os.urandom(2000) + b"%d" % i, b"everybody's"
        assert store.blobs.put([mine, everybodys]) == [sha(mine), sha(everybodys)]
        return store.blobs.get(sha(mine)) == mine and store.blobs.get(sha(everybodys)) == everybodys

    with ThreadPoolExecutor(32) as pool:
        assert all(pool.map(put_and_get, range(200)))


def test_an_upload_address_is_a_url_or_none(store):
    url = store.blobs.upload_url(sha(b"x"), 1)
    assert url is None or url.startswith("http")
