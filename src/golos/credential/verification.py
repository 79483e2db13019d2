"""Verification: who must have signed what (docs/formats.md, "Records and signatures"), for intake and count alike.

Only what the record and the pack say is checked here. Whether a staff key was granted its role at that place of the
log is the count's to find out, whether a station exists is intake's.
"""

from golos.credential.keys import keys_of
from golos.credential.steward import accreditation_input
from golos.credential.token import Redemption, token_key_id
from golos.model.ballot import Ballot, Withdrawal
from golos.model.ed25519 import verify
from golos.model.entry import (
    Binding,
    Enrolment,
    Entry,
    Freeze,
    Incident,
    Key,
    Official,
    Opening,
    PackEntry,
    PhotoReceived,
    Protocol,
    Reading,
    Retraction,
    Table,
    Turnout,
    Verdict,
)
from golos.model.pack import Cohort, Pack
from golos.model.problem import Problem
from golos.model.record import joint_signing_input, signing_input

_KEEP = "Make it again with the key the election pack names and send the bytes unchanged."


class Verifier:
    """Checks the entries of one election. Made once per pack; parsed keys stay with it."""

    def __init__(self, pack: Pack) -> None:
        """Raises Problem ``pack.keys`` and ``cohort.key``."""
        keys = keys_of(pack)
        self._pack = pack
        self._redemption = Redemption(keys, pack.id)
        self._stewards = frozenset(keys.stewards)
        self._threshold = keys.threshold
        self._registrar = keys.registrar
        self._receiver = keys.receiver
        self._organisations = frozenset(organisation.key for organisation in keys.organisations)
        self._cohort_ids = frozenset(token_key_id(cohort.key) for cohort in keys.cohorts)

    def verify(self, entry: Entry, record: bytes) -> Cohort | None:
        """Check election and signatures of ``entry``, whose bytes are ``record``.

        Returns the cohort of a ballot's or withdrawal's token, and None for every other kind. Raises Problem
        ``record.election``, ``record.signature``, ``record.signatures``, ``record.steward``, ``pack.files``,
        ``token.invalid``, ``enrolment.cohort``, ``accreditation.organisation``, ``accreditation.signature``.
        """
        if entry.election != self._pack.id:
            raise _problem(entry, "record.election", "election", "is another election.", "Send it to its own election.")
        match entry:
            case Ballot() | Withdrawal():
                _signed_by(entry.key, entry, record)
                return self._cohort(entry)
            case Protocol() | Turnout() | Incident():
                _signed_by(entry.key, entry, record)
                self._accredited(entry)
            case Reading() | Verdict() | Binding() | Official() | Table():
                _signed_by(entry.key, entry, record)
            case PhotoReceived():
                _signed_by(self._receiver, entry, record)
            case Enrolment():
                self._enrolled(entry, record)
            case Key() | Retraction():
                self._by_steward(entry, record)
            case PackEntry() | Freeze() | Opening():
                self._by_stewards(entry)
        return None

    def _cohort(self, entry: Ballot | Withdrawal) -> Cohort:
        cohort = self._redemption.cohort(entry.token, entry.key)
        if cohort is None:
            raise _problem(
                entry, "token.invalid", "token", "is not valid for this key and election.", "Register, then send it."
            )
        return cohort

    def _accredited(self, entry: Protocol | Turnout | Incident) -> None:
        paper = entry.accreditation
        if paper.organisation not in self._organisations:
            raise _problem(
                entry,
                "accreditation.organisation",
                "accreditation",
                "is of an organisation that the election pack does not name.",
                "Ask your organisation for an accreditation for this election.",
            )
        if not verify(paper.organisation, accreditation_input(entry.election, entry.key), paper.signature):
            raise _problem(
                entry,
                "accreditation.signature",
                "accreditation",
                "was not signed by that organisation for this key and election.",
                "Ask your organisation for an accreditation for the key of this device.",
            )

    def _enrolled(self, entry: Enrolment, record: bytes) -> None:
        _signed_by(self._registrar, entry, record)
        if entry.cohort not in self._cohort_ids:
            raise _problem(entry, "enrolment.cohort", "cohort", "is not one of the election pack.", "Check the pack.")

    def _by_steward(self, entry: Key | Retraction, record: bytes) -> None:
        if entry.steward not in self._stewards:
            raise _problem(
                entry, "record.steward", "steward", "is no steward of the election pack.", "Ask a steward to sign it."
            )
        _signed_by(entry.steward, entry, record)

    def _by_stewards(self, entry: PackEntry | Freeze | Opening) -> None:
        if isinstance(entry, PackEntry) and entry.files != self._pack.files:
            raise _problem(entry, "pack.files", "files", "are not the files of the pack.", "Sign this pack.")
        message = joint_signing_input(entry)
        signers = {key for key, signature in entry.signatures if self._is_steward(key, message, signature)}
        if len(signers) < self._threshold:
            raise _problem(
                entry,
                "record.signatures",
                "signatures",
                f"are valid of {len(signers)} stewards; {self._threshold} must sign.",
                "Collect the missing stewards' signatures.",
            )

    def _is_steward(self, key: bytes, message: bytes, signature: bytes) -> bool:
        return key in self._stewards and verify(key, message, signature)


def _signed_by(key: bytes, entry: Entry, record: bytes) -> None:
    if not verify(key, signing_input(record), record[-64:]):
        raise _problem(entry, "record.signature", "signature", "is not valid.", _KEEP)


def _problem(entry: Entry, code: str, field: str, problem: str, remedy: str) -> Problem:
    return Problem(code, f"{entry.__struct_config__.tag}.{field}", problem, remedy)
