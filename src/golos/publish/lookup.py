"""Look-up: where a record is in the log and what became of it, in files by the first digits of its leaf's hash.

Who asks for a file names some 256 records, not the one that is meant (docs/formats.md, "The app").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from golos.count.log import Leaf, Log, cuts_of, is_voters
from golos.count.pictures import Picture, owners, pictures
from golos.count.staff import Staff
from golos.count.tiers import tier_choices, tiers_of
from golos.ledger.merkle import leaf_hash
from golos.model.ballot import Ballot, Withdrawal
from golos.model.entry import entry_or_none
from golos.model.pack import Pack
from golos.model.record import digest, kind_of

FILE_LEAVES = 256
START = 24
"""Hex digits of a leaf's hash in a row: enough to tell any two apart."""
OPEN = "-"
"""The fate of a leaf of which no opening has said anything."""
COUNTED = "counted"


def digits(size: int) -> int:
    """Return how many hex digits name a file of a log of that size."""
    count = 0
    while size > FILE_LEAVES * 16**count:
        count += 1
    return count


def name(hashed: bytes, size: int) -> str:
    """Return the name of the file that has the leaf of this hash."""
    return hashed.hex()[: digits(size)] or "all"


def row(hashed: bytes, index: int, fate: str = OPEN) -> str:
    """Return a leaf's line."""
    return f"{hashed.hex()[:START]} {index} {fate}\n"


def files(log: Log, leaves: Iterable[bytes]) -> dict[str, bytes]:
    """Return the files by path; ``leaves`` are the SHA-256 of all ``log.size`` records, closed ones too."""
    fate_at = fates(log)
    rows: dict[str, list[str]] = defaultdict(list)
    for index, leaf in enumerate(leaves):
        hashed = leaf_hash(leaf)
        rows[name(hashed, log.size)].append(row(hashed, index, fate_at.get(index, OPEN)))
    return {f"lookup/{file}": "".join(sorted(lines)).encode() for file, lines in rows.items()}


def fates(log: Log) -> Mapping[int, str]:
    """Return what the newest opening made of each voter's record below its size, by index.

    ``counted``, a space and its highest tier: opened. ``spoilt``: the stewards said so. ``late``: after the cut-off.
    ``replaced``: another record of its key stands. ``withdrawn``: it is the withdrawal that stands. ``below``: its
    station has too few to be opened.
    The opening says which are counted and spoilt; the rest is told from public records whose signatures the count
    verifies, not this: it informs a voter and enters no number.
    """
    cut = cuts_of(log) if log.pack.keys else None
    if cut is None or cut.opening is None:
        return {}
    freeze = cut.opening.size if cut.freeze is None else cut.freeze
    spoilt, voters = frozenset(cut.opening.spoilt), _voters(log, cut.opening.size)
    standing = _standing(voters, freeze)
    tiers = _tiers(standing.values(), _pictures(log, cut.opening.size, freeze), log.pack)
    found = {voter.index: _fate(voter, log, spoilt, freeze, standing) for voter in voters}
    return found | {at: f"{COUNTED} {tier}" for at, tier in tiers.items() if found[at] == COUNTED}


@dataclass(frozen=True, slots=True)
class _Voter:
    """A ballot or withdrawal: its place, key, and what orders the records of a key (docs/counting.md section 1)."""

    index: int
    key: bytes
    rank: tuple[int, int]
    withdrawal: bool
    photo: bytes | None


def _voters(log: Log, end: int) -> list[_Voter]:
    found = []
    for index, record in enumerate(log.records[:end]):
        entry = entry_or_none(record) if record is not None and is_voters(record) else None
        if record is not None and isinstance(entry, Ballot | Withdrawal):
            rank = entry.sequence, -int.from_bytes(digest(record))
            photo = entry.photo if isinstance(entry, Ballot) else None
            found.append(_Voter(index, entry.key, rank, isinstance(entry, Withdrawal), photo))
    return found


def _standing(voters: Iterable[_Voter], freeze: int) -> Mapping[bytes, _Voter]:
    """Return the record of each key that stands at the freeze."""
    best: dict[bytes, _Voter] = {}
    for voter in voters:
        if voter.index < freeze and (voter.key not in best or voter.rank > best[voter.key].rank):
            best[voter.key] = voter
    return best


def _pictures(log: Log, end: int, freeze: int) -> Mapping[bytes, Picture]:
    """Return what is known of each photograph, by the rules of the count."""
    kinds = ("photo", "reading", "verdict", "binding", "key")
    places = ((at, record) for at, record in enumerate(log.records[:end]) if record and kind_of(record) in kinds)
    leaves = [Leaf(at, record, entry, None) for at, record in places if (entry := entry_or_none(record))]
    return pictures(leaves, Staff(leaves), freeze)


def _tiers(standing: Iterable[_Voter], seen: Mapping[bytes, Picture], pack: Pack) -> Mapping[int, str]:
    """Return the highest tier of each ballot that stands, by index."""
    voters = sorted(standing, key=lambda one: one.index)
    owner = owners(((one.index, one.key, one.photo) for one in voters), seen)
    owned = {index: seen.get(photo) for photo, index in owner.items()}
    return {one.index: _tier(owned.get(one.index), pack) for one in voters}


def _tier(picture: Picture | None, pack: Pack) -> str:
    return next(tier for tier in reversed(tiers_of(pack)) if tier_choices((), picture, tier) is not None)


def _fate(voter: _Voter, log: Log, spoilt: frozenset[int], freeze: int, standing: Mapping[bytes, _Voter]) -> str:
    if voter.index in log.inners:
        return COUNTED
    if voter.index in spoilt:
        return "spoilt"
    if voter.index >= freeze:
        return "late"
    if standing[voter.key] != voter:
        return "replaced"
    return "withdrawn" if voter.withdrawal else "below"
