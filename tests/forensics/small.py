"""Small tables of returns."""

import numpy as np

from golos.count.figures import NONE
from golos.count.forensics.returns import Groups, Returns


def column(values, rows):
    if values is None:
        return np.full(rows, NONE, dtype=np.int64)
    return np.array([NONE if v is None else v for v in values], dtype=np.int64)


def groups(labels, rows):
    names = tuple(dict.fromkeys(labels or ()))
    return Groups(names, np.array([names.index(label) for label in labels] if labels else [-1] * rows, dtype=np.int64))


def returns(registered, issued, leader, others=None, **more):
    """Everything counted and valid as issued, unless ``more`` says otherwise; all others' votes are one option."""
    rows = len(registered)
    issued, leader, registered = (column(c, rows) for c in (issued, leader, registered))
    counted = column(more["counted"], rows) if "counted" in more else issued
    rest = column(others, rows) if others is not None else np.where(counted >= 0, counted - leader, NONE)
    return Returns(
        title="small",
        digest="0" * 64,
        options=("ann", "bob"),
        leader=0,
        votes=np.stack([leader, rest], axis=1),
        registered=registered,
        issued=issued,
        counted=counted,
        valid=column(more["valid"], rows) if "valid" in more else counted,
        regions=groups(more.get("regions"), rows),
        commissions=groups(more.get("commissions"), rows),
        handwritten=more.get("handwritten", False),
    )


def honest(stations, rng, **more):
    """Return stations of 200 to 2,000 voters whose figures are binomial around smooth shares."""
    registered = rng.integers(200, 2000, stations)
    turnout = np.clip(rng.normal(0.6, 0.1, stations), 0.05, 0.95)
    issued = rng.binomial(registered, turnout)
    leader = rng.binomial(issued, np.clip(rng.normal(0.4, 0.1, stations), 0.05, 0.95))
    return returns(registered, issued, leader, **more)
