"""Proof: the receipt, which shows offline that a record is in the log (C2SP tlog-proof@v1)."""

from dataclasses import dataclass

from golos.ledger.checkpoint import Checkpoint, parse_size
from golos.ledger.merkle import HASH_LENGTH, leaf_hash, verify_inclusion
from golos.ledger.note import decode64, encode64
from golos.ledger.policy import Policy
from golos.model.problem import Problem

HEADER = "c2sp.org/tlog-proof@v1"
HASHES_LIMIT = 63
"""An inclusion proof is no longer than that in a tree of less than 2^63 leaves."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The leaf at ``index`` is in the tree of ``checkpoint`` (the signed note, verbatim); ``hashes`` from the leaf up.

    ``extra`` is not signed by anybody.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        """Return the file."""
        lines = [HEADER, f"index {self.index}", *map(encode64, self.hashes), ""]
        if self.extra:
            lines.insert(1, f"extra {encode64(self.extra)}")
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> "Receipt":
        """Return the receipt; nothing is verified. Raises Problem ``receipt.malformed`` or ``checkpoint.malformed``."""
        head, empty_line, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise _malformed("is not text.") from None
        if lines.pop(0) != HEADER or not empty_line:
            raise _malformed(f"does not begin with {HEADER}, or has no checkpoint.")
        extra = _decode(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else b""
        if not lines or not lines[0].startswith("index "):
            raise _malformed("has no index.")
        index = parse_size(lines[0].removeprefix("index "), "receipt")
        return cls(index, _hashes(lines[1:]), checkpoint, extra)

    def verify(self, data: bytes, policy: Policy) -> Checkpoint:
        """Return the checkpoint, final under ``policy``, whose tree holds a leaf with ``data`` at ``index``.

        In Golos ``data`` is the SHA-256 of the record. Raises Problem as ``Policy.accept`` and ``verify_inclusion``.
        """
        checkpoint = policy.accept(self.checkpoint)
        verify_inclusion(leaf_hash(data), self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    hashes = tuple(_decode(line) for line in lines)
    if len(hashes) > HASHES_LIMIT or any(len(item) != HASH_LENGTH for item in hashes):
        raise _malformed("has a line in its proof that is no hash, or too many.")
    return hashes


def _decode(text: str) -> bytes:
    try:
        return decode64(text)
    except ValueError:
        raise _malformed("has a line that is not base64.") from None


def _malformed(problem: str) -> Problem:
    return Problem("receipt.malformed", "receipt", problem, "Fetch the receipt again.")
