"""Winners: which ballots count (docs/counting.md section 1). The result does not depend on the order of the log."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from golos.count.log import Leaf, Log, cuts, is_voters, leaves_of
from golos.model.ballot import Ballot, Withdrawal
from golos.model.record import digest


@dataclass(frozen=True, slots=True, eq=False)
class Winners:
    """What became of the ballots and withdrawals; ``ballots`` holds the winning ones by leaf index, ascending.

    logged = late + invalid + valid and valid = len(ballots) + withdrawn + superseded. ``redeemed`` counts the keys
    with a winning record by cohort name.
    """

    ballots: Mapping[int, Ballot]
    logged: int
    late: int
    invalid: int
    valid: int
    superseded: int
    withdrawn: int
    redeemed: Mapping[str, int]


def winners(log: Log, upto: int | None = None) -> Winners:
    """Return the winners among the records below ``upto`` (None: the whole log); the first freeze is the cut-off."""
    leaves = leaves_of(log)
    return winners_of(log.records[:upto], leaves, cuts(leaves).freeze)


def winners_of(records: Sequence[bytes | None], leaves: Iterable[Leaf], freeze: int | None) -> Winners:
    """Return the winners among ``records``, whose valid entries are among ``leaves``, with that cut-off."""
    cut = len(records) if freeze is None else min(freeze, len(records))
    voters = [index for index, record in enumerate(records) if record is not None and is_voters(record)]
    valid = [leaf for leaf in leaves if leaf.index < cut and isinstance(leaf.entry, Ballot | Withdrawal)]
    best: dict[bytes, tuple[tuple[int, int], Leaf]] = {}
    for leaf in valid:
        key, rank = _rank(leaf)
        if key not in best or rank > best[key][0]:
            best[key] = rank, leaf
    chosen = sorted((leaf for _, leaf in best.values()), key=lambda leaf: leaf.index)
    ballots = {leaf.index: leaf.entry for leaf in chosen if isinstance(leaf.entry, Ballot)}
    late = sum(index >= cut for index in voters)
    return Winners(
        ballots=ballots,
        logged=len(voters),
        late=late,
        invalid=len(voters) - late - len(valid),
        valid=len(valid),
        superseded=len(valid) - len(chosen),
        withdrawn=len(chosen) - len(ballots),
        redeemed=Counter(leaf.cohort.name for leaf in chosen if leaf.cohort),
    )


def _rank(leaf: Leaf) -> tuple[bytes, tuple[int, int]]:
    """Return the key, and what orders its records: the sequence, then the smaller SHA-256."""
    entry = leaf.entry
    assert isinstance(entry, Ballot | Withdrawal)  # noqa: S101 - the caller has chosen them
    return entry.key, (entry.sequence, -int.from_bytes(digest(leaf.record)))
