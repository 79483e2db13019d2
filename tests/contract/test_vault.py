"""Every sentence of golos.ports.Vault."""

import threading

import pytest


def test_put_creates_once_and_says_what_is_stored(store):
    assert store.vault.put("tag", b"n", b"one") == b"one"
    assert store.vault.put("tag", b"n", b"two") == b"one"
    assert store.vault.put("staff", b"n", b"three") == b"three"
    assert store.vault.get("tag", b"n") == b"one"
    assert store.vault.get("tag", b"m") is None
    assert store.vault.get("other", b"n") is None


def test_of_a_hundred_parallel_puts_one_value_wins_and_all_get_it(store):
    start = threading.Barrier(100)
    answers = [b""] * 100

    def put(i):
        start.wait()
        answers[i] = store.vault.put("tag", b"same phone", b"%d" % i)

    threads = [threading.Thread(target=put, args=(i,)) for i in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {store.vault.get("tag", b"same phone")}


def test_find_returns_what_begins_with_the_prefix_by_name(store):
    names = [b"a", b"a\x00", b"a\xff", b"a\xff\xff", b"a\xff\xffz", b"b", b"\xff", b"\xff\xff", b"\xffa"]
    for name in reversed(names):
        store.vault.put("s", name, b"v" + name)
    store.vault.put("t", b"a", b"other space")
    for prefix in (b"", b"a", b"a\xff", b"a\xff\xff", b"\xff", b"\xff\xff", b"c"):
        expected = sorted((name, b"v" + name) for name in names if name.startswith(prefix))
        assert store.vault.find("s", prefix) == expected
    assert store.vault.find("t") == [(b"a", b"other space")]


def test_values_survive_a_restart(store):
    store.vault.put("s", b"n", b"v")
    store.restart()
    assert store.vault.put("s", b"n", b"later") == b"v"


def test_erase_takes_a_name_or_a_space_and_counts(store):
    for i in range(10):
        store.vault.put("s", b"%d" % i, b"v")
    store.vault.put("t", b"0", b"kept")
    assert store.vault.erase("s", b"3") == 1
    assert store.vault.erase("s", b"3") == 0
    assert store.vault.get("s", b"3") is None
    assert store.vault.erase("s") == 9
    assert store.vault.find("s") == []
    assert store.vault.get("t", b"0") == b"kept"
    assert store.vault.put("s", b"3", b"new") == b"new"


def test_an_empty_name_would_be_erased_with_its_space_and_is_refused(store):
    with pytest.raises(ValueError):
        store.vault.put("s", b"", b"v")
