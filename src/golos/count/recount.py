"""Recount: the log in, every number out. The same on every machine and from every mirror."""

import gc
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from golos.count.count import Announcement, Ballots, Count, Votes
from golos.count.log import Cuts, Leaf, Log, cuts, leaves_of, openings_digest
from golos.count.observers import door_counts, protocol_versions
from golos.count.pictures import pictures
from golos.count.sheets import Sheet, doors_of_sheets, newest_sheets, versions_of_sheets, votes_of_sheets
from golos.count.staff import Staff
from golos.count.tiers import open_ballots, tiers
from golos.count.tree import Tree
from golos.count.winners import Winners, winners_of
from golos.model.entry import Enrolment, Official, Opening, Retraction, Table
from golos.model.pack import Pack
from golos.model.problem import Problem


def recount(log: Log) -> Count:
    """Return the numbers of a log by docs/counting.md. Closed records change none of them.

    Raises Problem ``opening.openings`` if the inner parts are not those of the newest opening, and what
    ``log.rows`` raises for a table that is missing.
    """
    with _unswept():
        return _count(log)


@contextmanager
def _unswept() -> Iterator[None]:
    """Pause the search for cycles: a count makes millions of objects that live to its end and are in none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _count(log: Log) -> Count:
    leaves = leaves_of(log)
    cut = cuts(leaves)
    won = _public_winners(log, leaves, cut)
    tree = Tree.of(log.pack)
    staff = Staff(leaves)
    sheets = _sheets(log, leaves, staff)
    newest = newest_sheets(log.pack, sheets)
    return Count(
        pack=log.pack,
        tree=tree,
        votes=(*_own_votes(log, tree, leaves, staff, won, cut), *votes_of_sheets(log.pack, tree, newest)),
        versions=(*versions_of_sheets(log.pack, tree, newest), *protocol_versions(log.pack, tree, leaves)),
        doors=(*door_counts(log.pack, tree, leaves), *doors_of_sheets(log.pack, tree, newest)),
        announcements=tuple(_announcements(log.pack, leaves, staff)),
        retractions={leaf.entry.finding: leaf.entry.reason for leaf in leaves if isinstance(leaf.entry, Retraction)},
        ballots=_ballots(won, cut.opening),
        cohorts=_cohorts(log.pack, leaves, won),
        size=log.size,
        root=log.root,
        opening=cut.opening.size if cut.opening else None,
    )


def _public_winners(log: Log, leaves: Sequence[Leaf], cut: Cuts) -> Winners:
    """Return the winners among the ballots that are public: those below the newest opening's size."""
    return winners_of(log.records[: cut.opening.size if cut.opening else 0], leaves, cut.freeze)


def _own_votes(log: Log, tree: Tree, leaves: Sequence[Leaf], staff: Staff, won: Winners, cut: Cuts) -> Sequence[Votes]:
    opening = cut.opening
    if opening is None or log.pack.cancelled:
        return []
    if openings_digest(log.inners) != opening.openings:
        raise Problem("opening.openings", "openings", "are not those the stewards signed.", "Fetch them again.")
    end = opening.size if cut.freeze is None else cut.freeze
    seen = pictures([leaf for leaf in leaves if leaf.index < opening.size], staff, end)
    opened = list(open_ballots(log.pack, tree, won.ballots, log.inners, frozenset(opening.spoilt), seen))
    return tiers(log.pack, tree, opened, seen, f"openings:{opening.openings.hex()}")


def _sheets(log: Log, leaves: Sequence[Leaf], staff: Staff) -> list[Sheet]:
    return [
        Sheet.of(e, _rows(log, e.rows)) for leaf in leaves if isinstance(e := leaf.entry, Table) and staff.may(leaf)
    ]


def _rows(log: Log, digest: bytes) -> bytes:
    rows = log.rows(digest)
    if hashlib.sha256(rows).digest() != digest:
        raise Problem("table.rows", f"table.{digest.hex()}", "are other rows than the log names.", "Fetch them again.")
    return rows


def _announcements(pack: Pack, leaves: Sequence[Leaf], staff: Staff) -> Iterator[Announcement]:
    for leaf in leaves:
        e = leaf.entry
        if isinstance(e, Official) and staff.may(leaf) and e.area in pack.areas and e.contest in pack.contest_ids:
            yield Announcement.of(leaf.index, e)


def _ballots(won: Winners, opening: Opening | None) -> Ballots:
    return Ballots(
        logged=won.logged,
        valid=won.valid,
        invalid=won.invalid,
        late=won.late,
        superseded=won.superseded,
        withdrawn=won.withdrawn,
        winning=len(won.ballots),
        opened=opening.opened if opening else 0,
        withheld=opening.withheld if opening else 0,
        spoilt=len(opening.spoilt) if opening else 0,
    )


def _cohorts(pack: Pack, leaves: Sequence[Leaf], won: Winners) -> Mapping[str, tuple[int, int]]:
    issued = Counter(leaf.entry.cohort for leaf in leaves if isinstance(leaf.entry, Enrolment))
    cohorts = pack.keys.cohorts if pack.keys else ()
    return {c.name: (issued[hashlib.sha256(c.key).digest()], won.redeemed.get(c.name, 0)) for c in cohorts}
