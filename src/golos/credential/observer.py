"""Observer: what an accredited observer's device does. No name is in it, only a key an organisation vouches for."""

from collections.abc import Sequence

from golos.credential.submission import Submission, submission
from golos.model.ed25519 import SigningKey
from golos.model.entry import Accreditation, Incident, Protocol, Turnout
from golos.model.pack import Pack
from golos.model.record import signed


class Observer:
    """A key and its accreditation (`golos.credential.steward.accredit`)."""

    def __init__(self, pack: Pack, key: SigningKey, accreditation: Accreditation) -> None:
        self.pack = pack
        self.key = key
        self.accreditation = accreditation

    def protocol(
        self, station: str, lines: Sequence[tuple[str, int | None]], sequence: int, photo: bytes | None = None
    ) -> Submission:
        """Return a station's protocol as copied; None is a line that could not be read."""
        draft = Protocol(
            version=1,
            election=self.pack.id,
            key=self.key.public,
            accreditation=self.accreditation,
            sequence=sequence,
            station=station,
            lines=tuple(lines),
            photo=photo,
            signature=bytes(64),
        )
        return submission(self.pack, signed(draft, self.key.sign))

    def turnout(
        self, station: str, line: str, voters: int, sequence: int, double_count: int = 0, throughout: bool = True
    ) -> Submission:
        """Return the voters counted at the door, to be held against the protocol's ``line``."""
        draft = Turnout(
            version=1,
            election=self.pack.id,
            key=self.key.public,
            accreditation=self.accreditation,
            sequence=sequence,
            station=station,
            line=line,
            voters=voters,
            double_count=double_count,
            throughout=throughout,
            signature=bytes(64),
        )
        return submission(self.pack, signed(draft, self.key.sign))

    def incident(self, station: str, category: str, sequence: int) -> Submission:
        """Return a violation by its category code."""
        draft = Incident(
            version=1,
            election=self.pack.id,
            key=self.key.public,
            accreditation=self.accreditation,
            sequence=sequence,
            station=station,
            category=category,
            signature=bytes(64),
        )
        return submission(self.pack, signed(draft, self.key.sign))
