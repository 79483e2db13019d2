"""Submission: what a device sends, in the three forms that matter to it."""

from dataclasses import dataclass

import msgspec

from golos.credential.keys import keys_of
from golos.credential.sealing import seal_envelope
from golos.model.pack import Pack
from golos.model.record import digest, encode


@dataclass(frozen=True, slots=True)
class Submission:
    """A record, a ballot's sealed inner part (else b""), and the envelope around both, which can be made anew."""

    record: bytes
    sealed: bytes
    envelope: bytes

    @property
    def name(self) -> bytes:
        """SHA-256 of the record: what its receipt is asked by."""
        return digest(self.record)


def submission(pack: Pack, entry: msgspec.Struct, sealed: bytes = b"") -> Submission:
    """Seal ``entry`` to the pack's intake key; called again it gives another envelope of the same record."""
    record = encode(entry)
    return Submission(record, sealed, seal_envelope(record, sealed, keys_of(pack).intake, pack.id))
