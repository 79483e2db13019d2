"""The measurement of a nation's count, at a tiny size: its ballots count and verify like any."""

from tests.bench import million


def test_the_count_of_a_nation_can_be_measured_and_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(million, "PORTION", 20)
    found = list(million.measure(tmp_path, 50))
    assert [row.what for row in found if row.ratio] == [
        "count, 50 ballots", "  on the clock", "golos_verify.py, 50 ballots", "  on the clock",
    ]  # fmt: skip
    assert len(list(tmp_path.glob("cast-*"))) == 3
    assert million.prepare(tmp_path, 50) == tmp_path / "public-50"
