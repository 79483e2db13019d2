"""Typed: the digits that readers saw beside a sheet, where the machine saw none or others.

They may be a telephone number: they are sealed to the room, never told, and never an entry.
"""

from collections import Counter
from collections.abc import Sequence

from golos.credential.sealing import SealingKey, open_sealed, seal
from golos.model.problem import Problem
from golos.photo.binding import DIGITS, is_code
from golos.ports import Vault

TYPED = "typed"
"""Space of the vault: digest of a picture's first sealed photograph and the reader's key to the digits, sealed."""
AGREEING = 2
"""Readers who must have typed the same; each is blind to the others."""
_LABEL = b"golos/typed/v1\n"
_PADDED = 16


class Typed:
    """Each reader's digits of a picture, the first ones. Sealed to the photo key, the first of ``keys``."""

    def __init__(self, election: bytes, keys: Sequence[SealingKey], vault: Vault) -> None:
        self._election = election
        self._keys = tuple(keys)
        self._vault = vault

    def keep(self, first: bytes, reader: bytes, digits: str) -> None:
        """Make them durable; the same again is welcome. Raises Problem ``code.already``."""
        sealed = seal(digits.encode(), self._keys[0].public, _LABEL, self._election, _PADDED)
        if self._open(self._vault.put(TYPED, first + reader, sealed)) != digits:
            raise Problem(
                "code.already",
                "request.body",
                "holds other digits than this reader typed of this picture before.",
                "Send the verdict, and read the next photograph.",
            )

    def agreed(self, first: bytes) -> frozenset[str]:
        """Return what at least two readers typed of this picture."""
        typed = Counter(self._open(sealed) for _, sealed in self._vault.find(TYPED, first))
        return frozenset(digits for digits, readers in typed.items() if readers >= AGREEING)

    def _open(self, sealed: bytes) -> str:
        return open_sealed(sealed, self._keys, _LABEL, self._election, "digits").decode()


def digits_of(typed: bytes) -> str:
    """Return the nine digits in what a reader sent. Raises Problem ``code.digits``."""
    text = typed.decode("ascii", "replace")
    if not is_code(text):
        told = f"must be {DIGITS} digits" if len(text) != DIGITS or not text.isdigit() else "breaks its check digit"
        raise Problem(
            "code.digits",
            "request.body",
            f"{told}: it is mistyped, or no code of this election.",
            "Look again; if the slip says just that, send the verdict without it.",
        )
    return text
