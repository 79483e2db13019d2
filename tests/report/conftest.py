"""The small nation of the site's tests, and small tables of official figures, as reports."""

import dataclasses

import numpy as np
import pytest
from tests.forensics.small import honest, returns
from tests.publish.nation import FILES, nation

from golos.count.forensics.study import studies
from golos.publish import language as languages
from golos.publish.chart import atlas
from golos.publish.outlines import read_shapes
from golos.publish.results import Results
from golos.report.reports import Beside, Studied, on_election

FIGURES = ("votes", "registered", "issued", "counted", "valid")


@pytest.fixture(scope="session")
def results():
    made = nation()
    return Results.of(made.comparison, made.log)


@pytest.fixture(scope="session")
def chart(results):
    return atlas(results, read_shapes(results.pack, FILES))


@pytest.fixture(scope="session")
def report(results, chart):
    """Return the report on the small nation in a language; more arguments are those of `Beside`."""
    return lambda code="en", **more: on_election(results, chart, languages.load(code), Beside(**more))


@pytest.fixture(scope="session")
def studied():
    """A table whose turnouts are all whole percentages, and an honest one."""
    rng = np.random.default_rng(5)
    registered = rng.integers(80, 95, 400) * 100  # so large that chance scatters the votes by 30
    issued = registered // 100 * rng.integers(30, 90, 400)
    regions = [f"region {at % 3}" for at in range(400)]
    forged = returns(registered, issued, rng.binomial(issued, 0.5), regions=regions, handwritten=True)
    clean = honest(400, rng, regions=regions)
    clean = dataclasses.replace(clean, **{name: getattr(clean, name) * 7 for name in FIGURES})
    results, control = studies(forged, clean)
    return Studied(forged, results, (clean, control))
