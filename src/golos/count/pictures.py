"""Pictures: what machines and readers saw in each photograph (docs/counting.md section 2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from golos.count.log import Leaf
from golos.count.staff import Staff
from golos.model.ballot import Choices
from golos.model.entry import PhotoReceived, Reading, Verdict

COUNTED = 3
"""Verdicts of that many readers count, in the order of the log."""
AGREEING = 2


@dataclass(slots=True)
class Picture:
    """One photograph: received before the freeze or not, its valid readings, and each reader's first verdict."""

    received: bool = False
    readings: list[Reading] = field(default_factory=list)
    verdicts: dict[bytes, Verdict] = field(default_factory=dict)

    @property
    def copy(self) -> bool:
        """Whether a reading, or two of the counted verdicts, call it a copy."""
        calls = sum(v.status == "copy" for v in self._counted)
        return calls >= AGREEING or any(r.status == "copy" for r in self.readings)

    @property
    def read(self) -> Choices | None:
        """What the first reading saw, None if that is no ballot or the picture is a copy."""
        first = self.readings[0] if self.readings else None
        return first.choices if first and first.status == "ballot" and not self.copy else None

    @property
    def confirmed(self) -> Choices | None:
        """What two readers agree that the picture shows, None if no two do or it is a copy."""
        seen = [v.choices for v in self._counted if v.status == "ballot"]
        agreed = (choices for choices in seen if seen.count(choices) >= AGREEING)
        return None if self.copy else next(agreed, None)

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
    return found
