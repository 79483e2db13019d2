"""Pepper: turns a phone into a tag that means nothing without its key. A role of its own (docs: who holds what)."""

import hmac
import re

from golos.model.problem import Problem

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_LABEL = b"golos/phone/v1\n"


class Pepper:
    """The key of the phone tags. When it is destroyed, the issuer's table of tags is noise."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the pepper's key has 32 bytes")
        self._key = key

    def tag(self, phone: str) -> bytes:
        """Return the 32-byte tag of a phone in E.164 form (``+`` and digits). Raises Problem ``phone.malformed``."""
        if not _E164.fullmatch(phone):
            raise Problem(
                "phone.malformed",
                "phone",
                "is no telephone number in international form.",
                "Write it as + and 7 to 15 digits, without spaces.",
            )
        return hmac.digest(self._key, _LABEL + phone.encode(), "sha256")

    def __repr__(self) -> str:
        return "Pepper()"
