"""KeyFolder: the private keys of the roles that run on this machine, one small file each, readable by its owner only.

A machine holds the files of its own roles and no others; a missing file is an error only when its role has to act.
The opening key is never written down whole: only as the stewards' shares.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from golos.ceremony.shares import MOST, split
from golos.credential.blindrsa import PrivateKey
from golos.credential.keys import (
    COHORTS,
    cohort_key_from_pem,
    cohort_key_to_pem,
    cohort_public,
    new_cohort_keys,
    new_secret,
    secret_from_text,
    secret_to_text,
)
from golos.credential.pepper import Pepper
from golos.credential.sealing import SealingKey
from golos.ledger.note import Signer
from golos.model.ed25519 import SigningKey
from golos.model.pack import Cohort, Keys, Organisation
from golos.model.problem import Problem

REISSUE = "reissue"


@dataclass(frozen=True, slots=True)
class Plan:
    """What `make` needs to know. ``origin`` names the log; ``first`` is the Monday of the first cohort's week."""

    origin: str
    stewards: int
    threshold: int
    first: date
    weeks: int
    witnesses: tuple[str, ...] = ()
    quorum: int = 0
    organisations: tuple[Organisation, ...] = ()


class KeyFolder:
    """Reads keys by role. Every method raises Problem ``key.missing`` or ``key.malformed`` naming the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def signing(self, role: str) -> SigningKey:
        """Return the Ed25519 key of registrar, receiver, machine or clerk, or of ``stewards/N``."""
        return SigningKey(self._secret(f"{role}.key"))

    def sealing(self, role: str) -> SealingKey:
        """Return the HPKE key of intake or room."""
        return SealingKey(self._secret(f"{role}.key"))

    def signer(self, role: str) -> Signer:
        """Return the signed-note key of log or publisher."""
        return Signer.parse(self._text(f"{role}.key").strip(), f"{role}.key")

    def pepper(self) -> Pepper:
        """Return the pepper."""
        return Pepper(self._secret("pepper.key"))

    def issuer(self, cohorts: Sequence[Cohort]) -> list[tuple[Cohort, PrivateKey]]:
        """Return the cohorts whose private key is here: each week's can be brought on its day."""
        held = [(cohort, f"issuer/{cohort.name}.pem") for cohort in cohorts]
        return [
            (cohort, cohort_key_from_pem(self._text(name).encode(), name))
            for cohort, name in held
            if (self.folder / name).exists()
        ]

    def stewards(self) -> list[SigningKey]:
        """Return the stewards' signing keys that are here."""
        return [self.signing(f"stewards/{path.stem}") for path in sorted((self.folder / "stewards").glob("*.key"))]

    def shares(self) -> list[str]:
        """Return the shares of the opening key that are here."""
        return [path.read_text().strip() for path in sorted((self.folder / "stewards").glob("*.words"))]

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text()
        except OSError as error:
            raise Problem(
                "key.missing", name, f"can't be read ({error.strerror}).", "Bring this role's key to this machine."
            ) from error

    def _secret(self, name: str) -> bytes:
        return secret_from_text(self._text(name), name)


def make(folder: Path, plan: Plan) -> Keys:
    """Make every key of an election in ``folder`` and return the public ones.

    Raises Problem ``key.exist`` if the folder holds keys: an election's keys are made once; ``plan.stewards``,
    ``plan.weeks`` before anything is made.
    """
    _check(plan)
    if folder.exists() and any(folder.iterdir()):
        raise Problem("key.exist", str(folder), "holds keys already.", "Keys are made once; choose an empty folder.")
    log, publisher = Signer.generate(plan.origin), Signer.generate(f"{plan.origin}/publisher")
    _write(folder / "log.key", log.skey())
    _write(folder / "publisher.key", publisher.skey())
    _write(folder / "pepper.key", secret_to_text(new_secret()))
    opening = SealingKey.generate()
    shares = split(opening.secret, plan.threshold, plan.stewards)
    stewards = []
    for number, share in enumerate(shares, 1):
        stewards.append(_signing(folder, f"stewards/{number}"))
        _write(folder / "stewards" / f"{number}.words", share)
    for role in ("machine", "clerk"):
        _signing(folder, role)
    return Keys(
        log=log.verifier.vkey(),
        publisher=publisher.verifier.vkey(),
        witnesses=plan.witnesses,
        quorum=plan.quorum,
        stewards=tuple(stewards),
        threshold=plan.threshold,
        intake=_sealing(folder, "intake"),
        room=_sealing(folder, "room"),
        opening=opening.public,
        registrar=_signing(folder, "registrar"),
        receiver=_signing(folder, "receiver"),
        issuer=plan.origin,
        cohorts=_cohorts(folder, plan),
        organisations=plan.organisations,
    )


def _check(plan: Plan) -> None:
    if not 1 <= plan.threshold <= plan.stewards <= MOST:
        raise Problem(
            "plan.stewards",
            "threshold",
            f"of {plan.threshold} does not go with {plan.stewards} stewards.",
            f"There are 1 to {MOST} stewards, and at least one and at most all of them are needed.",
        )
    if not 1 <= plan.weeks < COHORTS:
        raise Problem("plan.weeks", "weeks", f"{plan.weeks} can't be.", f"Plan 1 to {COHORTS - 1} weeks.")


def _cohorts(folder: Path, plan: Plan) -> tuple[Cohort, ...]:
    starts = {"": REISSUE}
    for week in range(plan.weeks):
        day = plan.first + timedelta(weeks=week)
        starts[day.isoformat()] = f"{day.isocalendar().year}-W{day.isocalendar().week:02d}"
    keys = new_cohort_keys(len(starts))
    for name, key in zip(starts.values(), keys, strict=True):
        _write(folder / "issuer" / f"{name}.pem", cohort_key_to_pem(key).decode())
    return tuple(
        Cohort(name, day, cohort_public(key), not day) for (day, name), key in zip(starts.items(), keys, strict=True)
    )


def _signing(folder: Path, role: str) -> bytes:
    key = SigningKey.generate()
    _write(folder / f"{role}.key", secret_to_text(key.seed))
    return key.public


def _sealing(folder: Path, role: str) -> bytes:
    key = SealingKey.generate()
    _write(folder / f"{role}.key", secret_to_text(key.secret))
    return key.public


def _write(file: Path, text: str) -> None:
    """Create the file with mode 0600; never overwrite one."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text.rstrip("\n") + "\n")
