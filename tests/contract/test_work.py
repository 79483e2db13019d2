"""Every sentence of golos.ports.Work, and of Journal.commit where it bears jobs."""

import time
from concurrent.futures import ThreadPoolExecutor

from golos.ports import Job, Row

from .sequencing import append


def born(store, *jobs):
    append(store.journal, [Row(b"row" + job.name.encode()) for job in jobs], jobs)


def names(leases):
    return sorted(lease.job.name for lease in leases)


def test_a_job_is_lent_to_one_and_finished_for_good(store):
    job = Job("photo", "a", b"payload")
    born(store, job)
    (lease,) = store.work.lease("photo", 5, 60)
    assert (lease.job, lease.tries) == (job, 1)
    assert store.work.lease("photo", 5, 60) == []
    store.work.done(job)
    store.work.done(job)
    store.restart()
    assert store.work.lease("photo", 5, 60) == []


def test_a_name_is_born_once_within_its_kind(store):
    born(store, Job("k", "n", b"first"))
    append(store.journal, [Row(b"1")], [Job("k", "n", b"second"), Job("other", "n", b"third")])
    assert [lease.job.payload for lease in store.work.lease("k", 9, 60)] == [b"first"]
    assert [lease.job.payload for lease in store.work.lease("other", 9, 60)] == [b"third"]
    store.work.done(Job("k", "n"))
    append(store.journal, [Row(b"2")], [Job("k", "n", b"fourth")])
    store.restart()
    assert store.work.lease("k", 9, 60) == []


def test_a_lease_ends_after_its_seconds_or_a_restart_and_tries_count(store):
    born(store, Job("k", "n"))
    assert store.work.lease("k", 1, 0.05)[0].tries == 1
    time.sleep(0.06)
    assert store.work.lease("k", 1, 3600)[0].tries == 2
    assert store.work.lease("k", 1, 3600) == []
    store.restart()
    assert store.work.lease("k", 1, 3600)[0].tries == 3


def test_later_gives_the_job_back_after_its_seconds(store):
    born(store, Job("k", "n"))
    (lease,) = store.work.lease("k", 1, 3600)
    store.work.later(lease.job, 0.05)
    assert store.work.lease("k", 1, 3600) == []
    time.sleep(0.06)
    (again,) = store.work.lease("k", 1, 3600)
    store.work.later(again.job, 0)
    assert store.work.lease("k", 1, 3600)[0].tries == 3


def test_at_most_as_many_as_asked_and_those_tried_least_first(store):
    born(store, *(Job("k", f"{i:02}") for i in range(10)))
    bad = store.work.lease("k", 4, 3600)
    assert len(bad) == 4
    for lease in bad:
        store.work.later(lease.job, 0)
    assert not set(names(store.work.lease("k", 6, 3600))) & set(names(bad))
    assert store.work.lease("k", 0, 3600) == []


def test_no_job_is_lent_twice_at_once(store):
    born(store, *(Job("k", f"{i:03}") for i in range(200)))
    with ThreadPoolExecutor(20) as pool:
        leases = [lease for got in pool.map(lambda _: store.work.lease("k", 15, 3600), range(20)) for lease in got]
    assert names(leases) == [f"{i:03}" for i in range(200)]
