"""Tiers: the opened ballots added up by station, as declared, photographed, read, confirmed and bound."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from golos.count.count import BOUND, OWN, REISSUED, Count, Votes, option_ids
from golos.count.figures import NONE, Figures, Numbers
from golos.count.pictures import Picture, owners
from golos.count.tree import Tree
from golos.credential.token import KEY_ID, token_key_id
from golos.model.ballot import INVALID, Ballot, Choices, Inner
from golos.model.entry import TIERS
from golos.model.pack import Contest, Pack
from golos.model.problem import Problem
from golos.model.record import decode, digest


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """An opened winning ballot: its station's place in the tree, the choices declared, its photograph if its own.

    ``source`` is ``ballots``, or ``reissued`` where its token is of a re-issue cohort.
    """

    source: str
    station: int
    choices: Choices
    photo: bytes | None


def open_ballots(
    pack: Pack,
    tree: Tree,
    ballots: Mapping[int, Ballot],
    inners: Mapping[int, bytes],
    spoilt: frozenset[int],
    seen: Mapping[bytes, Picture],
) -> Iterator[OpenBallot]:
    """Yield the opened ones of the winning ballots, which are given by leaf index in ascending order.

    One that is spoilt, does not match its ``inner`` or names no station of the pack is left out.
    """
    owner = owners(((index, ballot.key, ballot.photo) for index, ballot in ballots.items()), seen)
    reissue = {token_key_id(c.key) for c in (pack.keys.cohorts if pack.keys else ()) if c.reissue}
    for index, ballot in ballots.items():
        photo = ballot.photo if ballot.photo is not None and owner.get(ballot.photo) == index else None
        inner = inner_of(ballot, inners.get(index)) if index not in spoilt else None
        if inner is not None:
            station = tree.index.get(current_station(pack, inner.station))
            if station is not None:
                source = REISSUED if ballot.token[KEY_ID] in reissue else OWN
                yield OpenBallot(source, station, inner.choices, photo)


def inner_of(ballot: Ballot, opened: bytes | None) -> Inner | None:
    """Return what was sealed in a ballot; None if it is not opened, or is not what the ballot was signed with."""
    if opened is None or digest(opened) != ballot.inner:
        return None
    try:
        return decode(opened, Inner, "inner")
    except Problem:
        return None


def current_station(pack: Pack, code: str) -> str:
    """Return the code that stands for this station today: its own, or that of its successor."""
    return code if code in pack.stations else pack.succession.get(code, code)


def tiers(
    pack: Pack, tree: Tree, ballots: list[OpenBallot], seen: Mapping[bytes, Picture], evidence: str
) -> list[Votes]:
    """Return the votes of every tier and contest by source; none of a source of which nothing is opened."""
    sources = sorted({ballot.source for ballot in ballots})
    by_source = [(source, [ballot for ballot in ballots if ballot.source == source]) for source in sources]
    return [votes for source, some in by_source for votes in _tiers(pack, tree, source, some, seen, evidence)]


def _tiers(
    pack: Pack, tree: Tree, source: str, ballots: list[OpenBallot], seen: Mapping[bytes, Picture], evidence: str
) -> list[Votes]:
    found = []
    for contest in pack.contests:
        columns = (*option_ids(pack, contest.id), INVALID)
        for tier in tiers_of(pack):
            values = _empty(len(tree.stations), len(columns), ballots)
            for ballot in ballots:
                picture = seen.get(ballot.photo) if ballot.photo is not None else None
                choices = tier_choices(ballot.choices, picture, tier)
                for option in marks(choices or (), contest):
                    values[ballot.station, columns.index(option)] += 1
            found.append(Votes(source, tier, contest.id, Figures(columns, values), evidence))
    return found


def tiers_of(pack: Pack) -> tuple[str, ...]:
    """Return the tiers of the log's own ballots."""
    return (*TIERS, BOUND) if pack.policy.binding else TIERS


def bound_alone(count: Count) -> Count:
    """Return the count as if, of all that citizens say, the bound photographs alone were there, as the confirmed."""
    return replace(count, votes=tuple(replace(v, tier="confirmed") for v in count.votes if v.tier == BOUND))


def tier_choices(declared: Choices, picture: Picture | None, tier: str) -> Choices | None:
    """Return what a ballot with this picture, if any, counts as in a tier, None where it is not of the tier."""
    if tier == "declared":
        return declared
    if picture is None or not picture.received:
        return None
    if tier == "photographed":
        return declared
    if tier == BOUND:
        return picture.bound
    return picture.read if tier == "read" else picture.confirmed


def marks(choices: Choices, contest: Contest) -> tuple[str, ...]:
    """Return the columns of the contest that get a vote: its options, or ``invalid`` alone, or none (blank)."""
    named = [options for name, options in choices if name == contest.id]
    if not named:
        return ()
    chosen = named[0]
    known = {option.id for option in contest.options}
    if len(named) == 1 and len(set(chosen)) == len(chosen) <= contest.max_choices and known.issuperset(chosen):
        return chosen
    return (INVALID,)


def _empty(stations: int, columns: int, ballots: list[OpenBallot]) -> Numbers:
    values = np.full((stations, columns), NONE, dtype=np.int64)
    values[[ballot.station for ballot in ballots]] = 0
    return values
