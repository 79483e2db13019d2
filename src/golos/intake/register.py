"""Register: a phone becomes a token, once. The phone itself is never kept: it passes through, and leaves a tag.

Three roles meet here and can be taken apart: the gate (proof of the phone), the pepper (phone to tag), the issuer
(tag and blinded request to token). None of them learns which key it is for.
"""

import asyncio
from collections.abc import Callable

from golos.credential.issuer import Issuer
from golos.intake.admission import GroupJournal
from golos.intake.channel import Channel
from golos.intake.codes import Codes
from golos.intake.phone import normalise
from golos.ports import Row

Tagger = Callable[[str], bytes]
"""`golos.credential.pepper.Pepper.tag`, here or on another machine."""


class Register:
    """Enrolment. Lives on the event loop; the issuer's vault and signing run in other threads."""

    def __init__(self, tag: Tagger, codes: Codes, channel: Channel, issuer: Issuer, journal: GroupJournal) -> None:
        self._tag = tag
        self._codes = codes
        self._channel = channel
        self._issuer = issuer
        self._journal = journal

    async def send_code(self, phone: str) -> None:
        """Send a code to the phone, whether it is registered or not.

        Raises Problem ``phone.invalid``, ``enrolment.too_often``, ``enrolment.busy``, ``channel.down``.
        """
        number = normalise(phone)
        await self._channel.send(number, self._codes.new(self._tag(number)))

    def proven(self, phone: str, code: str) -> bytes:
        """Return the tag of the phone whose newest code this is.

        Raises Problem ``phone.invalid`` and those of `Codes.check`.
        """
        tag = self._tag(normalise(phone))
        self._codes.check(tag, code)
        return tag

    async def token(self, phone: str, code: str, request: bytes, reissue: bool = False) -> bytes:
        """Return the TokenResponse to a TokenRequest (RFC 9578); the same request gets the same answer again.

        The Enrolment is durable before the answer leaves. Raises Problem ``phone.invalid``, those of `Codes.check`
        and of `golos.credential.issuer.Issuer.issue`; StoreFull.
        """
        tag = self.proven(phone, code)
        issued = await asyncio.to_thread(self._issuer.issue, tag, request, reissue)
        await asyncio.wrap_future(self._journal.admit_future([Row(issued.record)]))
        return issued.response
