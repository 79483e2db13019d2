"""Answer: what the machine says about one photograph, with its evidence and its doubts."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Status = Literal["read", "review", "rejected"]
"""read: sure enough to stand as it is. review: people are to look. rejected: no picture of this form."""
Reason = Literal[
    "blur",
    "glare",
    "finger",
    "cut",
    "over-vote",
    "corrected",
    "doubt",
    "wrong form",
    "wrong revision",
    "thumbnail",
    "not a form",
    "screen",
    "sum broken",
    "code differs",
    "undecodable",
]
"""Why an answer is no plain "read". corrected: a mark was struck out or changed. doubt: ink that is no clear mark."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=False):
    """One line of ``golos photo read --json``.

    A ballot has ``choice``: the id of the one box marked, None for a blank or an unread one; ``marked`` lists every
    box that holds a mark. A protocol has ``numbers``: id to value, None where a cell could not be read. ``evidence``
    maps a box, or a cell as ``id/position``, to what was measured there. ``revision`` is the form's revision as it
    was recognised, its name and the first 16 hex digits of its digest. ``ms`` is processor time in milliseconds.
    """

    status: Status
    reasons: tuple[Reason, ...] = ()
    choice: str | None = None
    marked: tuple[str, ...] = ()
    numbers: Mapping[str, int | None] | None = None
    evidence: Mapping[str, Mapping[str, float | str]] = {}
    confidence: float = 0.0
    revision: str | None = None
    ms: float = 0.0
    file: str = ""
