"""The analyst: exact nulls and certificates, each beside the limit and beside the Monte Carlo that it replaces."""

from collections.abc import Iterator

import numpy as np
from tests.bench.measure import Row, Sizes, least, seconds

from golos.count.evidence.certificate import Audit, fakes_upper
from golos.count.forensics.integers import integer_anomaly, is_whole
from golos.count.forensics.returns import Groups, Returns
from golos.count.forensics.study import studies
from golos.publish import language as languages
from golos.report.paper import pdf
from golos.report.reports import Studied, on_figures
from golos.report.voice import Phrases

_RUNS = 1000
"""As many as the published studies draw."""
_TRIED = 10
"""The Monte Carlo is timed over so many of them and scaled up."""


def measure(sizes: Sizes) -> Iterator[Row]:
    """Yield the rows: integer test, certificate, and the whole study with its plots, on an invented nation."""
    returns = invented(sizes.forensic_stations)
    many = f"{returns.stations:,} stations"
    rival = _monte_carlo(returns) * _RUNS / _TRIED
    exact = least(lambda: seconds(lambda: integer_anomaly(returns)))
    yield Row(f"integer test with its full null, {many}", exact, "s", "limit", 1.5, "<= 1")
    yield Row(f"integer test, {many}", exact, "s", f"NumPy Monte Carlo, {_RUNS:,} runs", rival, "<= 1")
    audit = Audit(10_000_000, 3_000, 4)
    certificate = least(lambda: seconds(lambda: fakes_upper(audit, 0.05)))
    yield Row("certificate for 10,000,000 photographs", certificate, "s", "limit", 1.0, "<= 1")
    drawn = seconds(lambda: np.random.default_rng(1).hypergeometric(30_000, 9_970_000, 3_000, 100_000))
    yield Row("certificate", certificate, "s", "NumPy Monte Carlo, 100,000 draws at one F", drawn, "<= 1")
    control = invented(sizes.forensic_stations // 4)
    whole = seconds(lambda: _report(returns, control))
    yield Row(f"forensic report (PDF) beside its control, {many}", whole, "s", "limit", 15.0, "<= 1")


def _report(returns: Returns, control: Returns) -> bytes:
    results, clean = studies(returns, control)
    return pdf(on_figures(Studied(returns, results, (control, clean or {})), Phrases(languages.load("en"))))


def invented(stations: int) -> Returns:
    """Return an honest election of many stations: binomial figures around smooth shares."""
    rng = np.random.default_rng(11)
    registered = rng.integers(100, 2500, stations)
    issued = rng.binomial(registered, np.clip(rng.normal(0.6, 0.12, stations), 0.02, 0.98))
    leader = rng.binomial(issued, np.clip(rng.normal(0.5, 0.12, stations), 0.02, 0.98))
    second = rng.binomial(issued - leader, 0.7)
    votes = np.stack([leader, second, issued - leader - second], axis=1)
    commissions = Groups(tuple(f"c{at}" for at in range(stations // 35 + 1)), np.arange(stations) // 35)
    regions = Groups(tuple(f"r{at}" for at in range(85)), np.arange(stations) % 85)
    return Returns(
        "invented", "0" * 64, ("a", "b", "c"), 0, votes, registered, issued, issued, issued, regions, commissions
    )


def _monte_carlo(returns: Returns) -> float:
    """Return the seconds of a few runs of the simulated null: redraw every station, count the whole percentages."""
    rng = np.random.default_rng(12)
    keep = (returns.registered >= 100) & (returns.counted > 0)
    n, x, m = returns.registered[keep], returns.issued[keep], returns.counted[keep]
    y = returns.leading[keep]

    def run() -> None:
        for _ in range(_TRIED):
            turnout, leader = rng.binomial(n, x / n), rng.binomial(m, y / m)
            (is_whole(n, turnout) | is_whole(m, leader)).sum()

    return seconds(run)
