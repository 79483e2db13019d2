"""Agreement: when the readers of a photograph have said enough (docs/counting.md section 2, "confirmed")."""

from collections import Counter
from collections.abc import Sequence

from golos.model.ballot import Choices
from golos.model.entry import Verdict

READERS = 2
"""Blind readers of every photograph."""
ARBITERS = 1
"""Readers more where those two differ."""


def agreed(verdicts: Sequence[Verdict]) -> Verdict | None:
    """Return the first of two equal verdicts, None where no two say the same.

    ``verdicts`` holds the first verdict of each reader, in log order; only the first three count.
    """
    heard = [_said(verdict) for verdict in verdicts[: READERS + ARBITERS]]
    often = Counter(heard)
    return next((v for v, said in zip(verdicts, heard, strict=False) if often[said] >= READERS), None)


def readers_needed(verdicts: Sequence[Verdict]) -> int:
    """Return how many more readers the photograph needs: two, and a third where they differ."""
    if len(verdicts) < READERS:
        return READERS - len(verdicts)
    return 0 if agreed(verdicts) else max(READERS + ARBITERS - len(verdicts), 0)


def _said(verdict: Verdict) -> tuple[str, Choices]:
    """What the verdict says; the marks matter only on a ballot."""
    return verdict.status, verdict.choices if verdict.status == "ballot" else ()
