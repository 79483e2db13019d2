"""The bench measures everything at a tiny size, so that it can't rot."""

from tests.bench import bench
from tests.bench.measure import Row, Sizes

TINY = Sizes(
    ballots=90,
    tokens=2,
    rows=2_000,
    single_rows=5,
    photos=32,
    photo_bytes=1_000,
    leaves=600,
    proofs=20,
    ballot_photos=4,
    stations=12,
    bounded=50,
    forensic_stations=200,
    clients=4,
    copies=1,
    station=4,
    protocols=1,
    hashes=2_000,
    shared=False,
)


COUNTS = ("s CPU", "%", "joined", "pairs")
"""Units in which nothing is a result too: of processor time because it is told in hundredths of a second."""


def test_every_measurement_gives_a_figure(tmp_path):
    found = list(bench.rows(TINY, tmp_path))
    assert [row.what for row in found if row.value is None] == []
    assert len(found) >= 20
    assert [row for row in found if not row.value > 0 and row.unit not in COUNTS] == []
    assert sum(row.ratio is not None for row in found) >= 8


def test_a_measurement_that_fails_ends_itself_alone(tmp_path, monkeypatch):
    def broken(*_):
        yield Row("one", 1.0, "s")
        raise OSError("no such thing")

    parts = (
        bench.intake,
        bench.stores,
        bench.log,
        bench.counting,
        bench.nation,
        bench.analyst,
        bench.photo_ballots,
        bench.photo_copies,
        bench.photo_protocols,
    )
    for part in parts:
        monkeypatch.setattr(part, "measure", broken)
    found = list(bench.rows(TINY, tmp_path))
    assert [row.value for row in found] == [1.0, None] * len(parts)
    assert "no such thing" in found[1].what
