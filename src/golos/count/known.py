"""Known: the findings of records that were verified before, so that a count of a longer log verifies what is new.

A finding follows from the record, the pack and the program alone: keeping it changes no number, and losing it costs
time. Whoever could alter what is kept could make a forged ballot count, until somebody recounts. So it is kept under
a code (HMAC-SHA256) whose key is derived from the publisher's signing key: only who can sign any publication anyway
can make one, and anything else, of another program or another pack included, is taken for nothing.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import cryptography

from golos.count.checker import INVALID, findings
from golos.model.pack import Pack

_LABEL = b"golos/known/v1\n"
_ROW, _CODE = 33, 32


class Known:
    """Findings by the SHA-256 of their record, of one pack."""

    def __init__(self, pack: Pack, kept: bytes = b"", key: bytes = b"") -> None:
        """Take what `kept` returned for the same pack, program and key; of anything else nothing is taken."""
        self._pack = pack
        body = kept[_CODE:]
        good = bool(key) and hmac.compare_digest(self._code(body, key), kept[:_CODE]) and not len(body) % _ROW
        starts = range(0, len(body) if good else 0, _ROW)
        self._found = {body[at : at + 32]: body[at + 32] - 128 for at in starts}
        self.new = 0
        """How many records had to be verified since."""

    def kept(self, key: bytes) -> bytes:
        """Return all that is known, under a code by ``key``, a secret of 32 bytes."""
        body = b"".join(sorted(digest + bytes((finding + 128,)) for digest, finding in self._found.items()))
        return self._code(body, key) + body

    def findings(self, records: Sequence[bytes | None]) -> Iterator[int]:
        """Return the finding of each record, in order, as `golos.count.checker.findings` does; keep the new ones."""
        digests = [hashlib.sha256(record).digest() if record is not None else b"" for record in records]
        new = [at for at, digest in enumerate(digests) if digest and digest not in self._found]
        self.new += len(new)
        for at, finding in zip(new, findings(self._pack, [records[at] for at in new]), strict=True):
            self._found[digests[at]] = finding
        return (self._found[digest] if digest else INVALID for digest in digests)

    def _code(self, body: bytes, key: bytes) -> bytes:
        return hmac.digest(key, _LABEL + self._pack.id + program() + body, "sha256")


@cache
def program() -> bytes:
    """Return the SHA-256 of all that decides whether a record is valid: what another program found is not known."""
    found = hashlib.sha256(cryptography.__version__.encode())
    for package in ("golos.model", "golos.credential"):
        for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                found.update(file.read_bytes())
    return found.digest()
