"""Dispute: somebody proves a phone and finds that it was registered by another. Counted in public, by region."""

import asyncio
from collections import Counter
from collections.abc import Collection

from golos.credential.issuer import FIRST_SPACE
from golos.intake.register import Register
from golos.model.problem import Problem
from golos.ports import Vault

SPACE = "enrolment.dispute"


class Disputes:
    """Keeps one dispute per phone tag, with the region that was named; erased with the tags."""

    def __init__(self, register: Register, vault: Vault, regions: Collection[str]) -> None:
        self._register = register
        self._vault = vault
        self._regions = frozenset(regions)

    async def say(self, phone: str, code: str, region: str) -> None:
        """Take a dispute of whoever can read the phone's codes; a second one of the same phone changes nothing.

        Raises Problem ``phone.invalid``, those of `golos.intake.codes.Codes.check`, ``dispute.region``,
        ``enrolment.unknown`` for a phone that nobody registered.
        """
        if region and region not in self._regions:
            raise Problem("dispute.region", "area", "is no region of the pack.", "Take one of areas.csv, or none.")
        tag = self._register.proven(phone, code)
        if await asyncio.to_thread(self._vault.get, FIRST_SPACE, tag) is None:
            raise Problem("enrolment.unknown", "phone", "is not registered by anybody.", "Register it.")
        await asyncio.to_thread(self._vault.put, SPACE, tag, region.encode())

    def by_region(self) -> dict[str, int]:
        """Return how many phones are disputed, by region; "" where none was named."""
        return dict(Counter(region.decode() for _, region in self._vault.find(SPACE)))
