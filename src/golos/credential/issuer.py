"""Issuer: one token per phone tag, and one more if the key is lost. It never learns which key it signs for.

The vault holds, per tag, H(request) and a salt: what it takes to give the same answer again, and nothing else. The
order is: everything that can be refused is refused; the vault takes the request (create only, durable); then signing.
A crash after the vault and before the answer costs nothing, for the same request gets the same answer and the same
Enrolment, byte for byte: admit it every time, the journal keeps one.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from golos.credential import blindrsa
from golos.credential.blindrsa import PrivateKey
from golos.credential.keys import cohort_public, truncated_key_id
from golos.credential.token import Request, token_key_id
from golos.model.ed25519 import SigningKey
from golos.model.entry import Enrolment
from golos.model.pack import Cohort
from golos.model.problem import Problem
from golos.model.record import encode, signed
from golos.ports import Vault

FIRST_SPACE = "enrolment"
REISSUE_SPACE = "enrolment.reissue"
_COMMITMENT_LABEL = b"golos/enrolment/v1\n"
_HASH_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Issued:
    """The TokenResponse for the sender, and the Enrolment's record for the journal: to be durable before it is sent."""

    response: bytes
    record: bytes


def commitment(salt: bytes, request: bytes) -> bytes:
    """Return what an Enrolment says of its TokenRequest (docs/formats.md, Token)."""
    return sha256(_COMMITMENT_LABEL + salt + sha256(request).digest()).digest()


class Issuer:
    """Holds the cohorts' private keys. ``today`` gives the date by which the current week's cohort is chosen."""

    def __init__(
        self,
        election: bytes,
        cohorts: Sequence[tuple[Cohort, PrivateKey]],
        registrar: SigningKey,
        vault: Vault,
        today: Callable[[], date],
    ) -> None:
        """Raises Problem ``cohort.key`` if a key is not its cohort's, or two share the byte that requests name."""
        self._election = election
        self._registrar = registrar
        self._vault = vault
        self._today = today
        self._cohorts: dict[int, tuple[Cohort, PrivateKey]] = {}
        for cohort, key in cohorts:
            self._add(cohort, key)

    def current(self, reissue: bool = False) -> Cohort:
        """Return the cohort that issues today: the last one begun. Raises Problem ``enrolment.closed``."""
        today = self._today().isoformat()
        begun = [c for c, _ in self._cohorts.values() if c.reissue == reissue and c.starts <= today]
        if not begun:
            raise Problem(
                "enrolment.closed",
                "enrolment",
                "is not open: there is no cohort for this day.",
                "See the dates in the election pack.",
            )
        return max(begun, key=lambda cohort: cohort.starts)

    def issue(self, tag: bytes, request: bytes, reissue: bool = False) -> Issued:
        """Answer a TokenRequest for the phone of that tag.

        The same request gets the same answer for ever. Raises Problem ``enrolment.request``, ``enrolment.cohort``,
        ``enrolment.closed``, ``enrolment.used`` (another request for this phone was answered before),
        ``enrolment.reissued`` (so was a re-issue), ``enrolment.unknown`` (a re-issue for a phone that has none).
        """
        asked = Request.decode(request)
        space = REISSUE_SPACE if reissue else FIRST_SPACE
        if reissue and self._vault.get(FIRST_SPACE, tag) is None:
            raise _unknown()
        kept = self._vault.get(space, tag)
        if kept is None:
            self._refuse_unless_answerable(asked, reissue)
            kept = self._vault.put(space, tag, sha256(request).digest() + secrets.token_bytes(32))
        if kept[:_HASH_LENGTH] != sha256(request).digest():
            raise _used(reissue)
        cohort, key = self._held(asked, reissue)
        return Issued(blindrsa.blind_sign(key, asked.blinded), self._enrolment(cohort, kept[_HASH_LENGTH:], request))

    def _add(self, cohort: Cohort, key: PrivateKey) -> None:
        where = f"cohort {cohort.name}"
        if cohort_public(key) != cohort.key:
            raise Problem(
                "cohort.key", where, "has another private key than the election pack says.", "Check the files."
            )
        name = truncated_key_id(cohort.key)
        if name in self._cohorts:
            raise Problem(
                "cohort.key",
                where,
                "has a key whose name ends in the same byte as another cohort's.",
                "Make the cohort keys together with `golos init`.",
            )
        self._cohorts[name] = (cohort, key)

    def _refuse_unless_answerable(self, asked: Request, reissue: bool) -> None:
        """Raise before the vault takes the request, so that no refused request uses up the phone."""
        current = self.current(reissue)
        if asked.truncated_key_id != truncated_key_id(current.key):
            raise _wrong_cohort(f"The current one is {current.name}.")
        if not 0 < int.from_bytes(asked.blinded) < self._held(asked, reissue)[1].public.n:
            raise Problem(
                "enrolment.request", "request", "holds no number below the modulus.", "Make the request again."
            )

    def _held(self, asked: Request, reissue: bool) -> tuple[Cohort, PrivateKey]:
        held = self._cohorts.get(asked.truncated_key_id)
        if held is None or held[0].reissue != reissue:
            raise _wrong_cohort("Its key is no longer held here.")
        return held

    def _enrolment(self, cohort: Cohort, salt: bytes, request: bytes) -> bytes:
        draft = Enrolment(1, self._election, token_key_id(cohort.key), commitment(salt, request), bytes(64))
        return encode(signed(draft, self._registrar.sign))


def _wrong_cohort(tail: str) -> Problem:
    return Problem(
        "enrolment.cohort",
        "request",
        f"is for a cohort whose key does not issue now. {tail}",
        "Take the current cohort's key from the election pack and make a new request.",
    )


def _used(reissue: bool) -> Problem:
    if reissue:
        return Problem(
            "enrolment.reissued",
            "phone",
            "has had its key re-issued already, which is done once.",
            "If you made no such request, tell the organisers: somebody may be using your number.",
        )
    return Problem(
        "enrolment.used",
        "phone",
        "is registered already, with another key.",
        "Use the device you registered with; if its key is lost, ask for a re-issue, which is done once.",
    )


def _unknown() -> Problem:
    return Problem(
        "enrolment.unknown",
        "phone",
        "is not registered, so there is nothing to re-issue.",
        "Register it in the ordinary way.",
    )
