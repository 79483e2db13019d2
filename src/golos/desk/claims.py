"""Claims: which photograph belongs to which ballot at which station. Before the opening nobody can know it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from golos.count.log import Cuts, Leaf, Log, cuts, leaves_of
from golos.count.pictures import Picture, owners, pictures
from golos.count.staff import Staff
from golos.count.tiers import current_station, inner_of
from golos.count.winners import winners_of
from golos.model.ballot import Ballot
from golos.model.entry import Opening
from golos.model.problem import Problem


class Claim(msgspec.Struct, frozen=True):
    """A photograph (SHA-256 of the sealed one, hex) at a station, by the ballot at a leaf of the log that names it.

    ``counted``: leaf of the ballot that counts for the same token, often this one. ``cohort``: the week of the token.
    ``bound``: the code beside the ballot is its sender's.
    """

    photo: str
    station: str
    ballot: int
    counted: int
    cohort: str
    bound: bool


@dataclass(frozen=True, slots=True)
class Claims:
    """``by_station``: in order of the ballots. ``same``: photographs that hold the same picture, byte for byte, as the
    log says; the machine has looked at one of them alone. ``opening``: size of the log that was opened.
    """

    opening: int
    by_station: Mapping[str, Sequence[Claim]]
    same: Mapping[str, Sequence[str]]


def claims_of(log: Log) -> Claims:
    """Return whose the photographs are, of all tokens whose ballot is open. Raises Problem ``desk.early``."""
    leaves = leaves_of(log)
    cut = cuts(leaves)
    opening, freeze = _expect_opening(cut)
    counted = winners_of(log.records[: opening.size], leaves, freeze).ballots
    seen = pictures([leaf for leaf in leaves if leaf.index < opening.size], Staff(leaves), freeze)
    owner = owners(((index, ballot.key, ballot.photo) for index, ballot in counted.items()), seen)
    places = {ballot.key: (index, _station(log, index, ballot)) for index, ballot in counted.items()}
    found: dict[str, Claim] = {}
    for leaf in leaves:
        claim = _claim(leaf, places, seen) if leaf.index < freeze else None
        if claim is not None and owner.get(bytes.fromhex(claim.photo), claim.ballot) == claim.ballot:
            found.setdefault(claim.photo, claim)
    return Claims(opening.size, _by_station(found.values()), _same(seen))


def _expect_opening(cut: Cuts) -> tuple[Opening, int]:
    """Return the newest opening and the size at the cut-off."""
    if cut.opening is None or cut.freeze is None:
        told = "is not frozen yet" if cut.freeze is None else "is frozen, but the ballots are not opened"
        raise Problem(
            "desk.early",
            "log",
            f"{told}: the reading room must not know yet which photographs are of one station.",
            "Come again after `golos freeze` and `golos open`.",
        )
    return cut.opening, cut.freeze


def _station(log: Log, index: int, ballot: Ballot) -> str | None:
    """Return the station of an opened ballot, None if it is closed or is not what was signed."""
    inner = inner_of(ballot, log.inners.get(index))
    station = current_station(log.pack, inner.station) if inner else None
    return station if station in log.pack.stations else None


def _claim(leaf: Leaf, places: Mapping[bytes, tuple[int, str | None]], seen: Mapping[bytes, Picture]) -> Claim | None:
    """Return the claim of a ballot with a photograph; it may be superseded: then it is one of its successor's token."""
    ballot = leaf.entry
    if not isinstance(ballot, Ballot) or ballot.photo is None or leaf.cohort is None:
        return None
    counted, station = places.get(ballot.key, (0, None))
    if station is None:
        return None
    bound = ballot.photo in seen and ballot.key in seen[ballot.photo].senders
    return Claim(ballot.photo.hex(), station, leaf.index, counted, leaf.cohort.name, bound)


def _by_station(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: (claim.station, claim.ballot)):
        found.setdefault(claim.station, []).append(claim)
    return found


def _same(seen: Mapping[bytes, Picture]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for photo, picture in seen.items():
        for other in {reading.copy_of for reading in picture.readings if reading.copy_of is not None}:
            found.setdefault(photo.hex(), []).append(other.hex())
            found.setdefault(other.hex(), []).append(photo.hex())
    return found
