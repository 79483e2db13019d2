"""Pictures: what machines and readers saw in each photograph (docs/counting.md section 2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from golos.count.log import Leaf
from golos.count.staff import Staff
from golos.model.ballot import Choices
from golos.model.entry import Binding, PhotoReceived, Reading, Verdict

COUNTED = 3
"""Verdicts of that many readers count, in the order of the log."""
AGREEING = 2


@dataclass(slots=True)
class Picture:
    """One photograph: received before the freeze or not, its valid readings, and each reader's first verdict.

    ``senders`` are the keys to which it is bound: the code beside the ballot is theirs.
    """

    received: bool = False
    senders: set[bytes] = field(default_factory=set)
    readings: list[Reading] = field(default_factory=list)
    verdicts: dict[bytes, Verdict] = field(default_factory=dict)

    @property
    def copy(self) -> bool:
        """Whether two of the counted verdicts, or a reading of a photograph that is not bound, call it a copy."""
        calls = sum(v.status == "copy" for v in self._counted)
        return calls >= AGREEING or (not self.senders and any(r.status == "copy" for r in self.readings))

    @property
    def read(self) -> Choices | None:
        """What the first reading that is not ``copy`` saw, None if that is no ballot or the picture is a copy."""
        first = next((r for r in self.readings if r.status != "copy"), None)
        return first.choices if first and first.status == "ballot" and not self.copy else None

    @property
    def confirmed(self) -> Choices | None:
        """What two readers agree that the picture shows, None if no two do or it is a copy."""
        seen = [v.choices for v in self._counted if v.status == "ballot"]
        agreed = (choices for choices in seen if seen.count(choices) >= AGREEING)
        return None if self.copy else next(agreed, None)

    @property
    def bound(self) -> Choices | None:
        """What is confirmed of a photograph that shows its sender's code."""
        return self.confirmed if self.senders else None

    @property
    def _counted(self) -> list[Verdict]:
        return list(self.verdicts.values())[:COUNTED]


def pictures(leaves: Iterable[Leaf], staff: Staff, cut: int) -> dict[bytes, Picture]:
    """Return what is known of each photograph by its digest; ``cut`` ends those received in time."""
    found: dict[bytes, Picture] = {}
    for leaf in leaves:
        entry = leaf.entry
        if isinstance(entry, PhotoReceived):
            picture = found.setdefault(entry.photo, Picture())
            picture.received = picture.received or leaf.index < cut
        elif isinstance(entry, Reading) and staff.may(leaf):
            found.setdefault(entry.photo, Picture()).readings.append(entry)
        elif isinstance(entry, Verdict) and staff.may(leaf):
            found.setdefault(entry.photo, Picture()).verdicts.setdefault(entry.key, entry)
        elif isinstance(entry, Binding) and staff.may(leaf):
            found.setdefault(entry.photo, Picture()).senders.add(entry.sender)
    return found


def owners(named: Iterable[tuple[int, bytes, bytes | None]], seen: Mapping[bytes, Picture]) -> dict[bytes, int]:
    """Return the index of the ballot to which each photograph belongs.

    ``named`` holds (index, key, photograph) of the winning ballots, in order of the index. The first that names it has
    it; one that is bound belongs to the first of a key it is bound to, and to nobody else.
    """
    found: dict[bytes, int] = {}
    for index, key, photo in named:
        picture = seen.get(photo) if photo is not None else None
        if photo is not None and (picture is None or not picture.senders or key in picture.senders):
            found.setdefault(photo, index)
    return found
