"""All processors find what one finds, of a sound folder and of one that is not."""

import sys

import pytest
from folder import tiny, write
from test_tampering import _published

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="one process is used elsewhere")


def test_all_processors_find_what_one_finds(verifier, published, monkeypatch):
    alone = verifier.recount(published)
    monkeypatch.setattr(verifier, "ALONE", 0)
    monkeypatch.setattr(verifier.os, "sched_getaffinity", lambda _: {0, 1})
    together = verifier.recount(published)
    assert together.log == alone.log and alone.log.voters


def test_they_stop_at_the_same_place(verifier, wrong, tmp_path, monkeypatch):
    """One that lacks its data, and one whose first bundle of records is cut off."""
    election = tiny()
    folder = _published(election, tmp_path / "x", verifier)
    said = wrong(folder)
    monkeypatch.setattr(verifier, "ALONE", 0)
    monkeypatch.setattr(verifier.os, "sched_getaffinity", lambda _: {0, 1})
    assert wrong(folder) == said
    write(folder, "records/000", (folder / "records/000").read_bytes()[:-1])
    assert "records/000" in wrong(folder)
