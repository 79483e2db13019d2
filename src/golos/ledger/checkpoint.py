"""Checkpoint: what a log signs, its name, size and root (C2SP tlog-checkpoint)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from golos.ledger.merkle import HASH_LENGTH
from golos.ledger.note import Signature, Signer, Verifier, decode64, encode64, open_note
from golos.model.problem import Problem

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree of ``size`` leaves of the log ``origin`` has the root ``root`` (32 bytes)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> bytes:
        """Return the text of the note."""
        lines = (self.origin, str(self.size), encode64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines).encode()

    def sign(self, signer: Signer) -> bytes:
        """Return the signed checkpoint."""
        return signer.sign(self.text())

    @classmethod
    def parse(cls, text: bytes, field: str = "checkpoint") -> "Checkpoint":
        """Return the checkpoint that a note's text states. Raises Problem ``checkpoint.malformed``."""
        try:
            lines = text.decode().split("\n")
        except UnicodeDecodeError:
            raise _malformed(field, "is not UTF-8.") from None
        if lines.pop() or len(lines) < 3 or not all(lines):
            raise _malformed(field, "is not at least three lines of text.")
        origin, size, root, *extensions = lines
        return cls(origin, parse_size(size, field), _parse_root(root, field), tuple(extensions))


def parse_size(text: str, field: str = "checkpoint") -> int:
    """Return a tree size or index in its one decimal spelling. Raises Problem ``checkpoint.malformed``."""
    if not _DECIMAL.fullmatch(text) or int(text) >= 1 << 63:
        raise _malformed(field, "has a size that is not a plain decimal number.")
    return int(text)


def open_checkpoint(
    note: bytes, log: Verifier, witnesses: Sequence[Verifier] = (), origin: str | None = None, field: str = "checkpoint"
) -> tuple[Checkpoint, Mapping[Verifier, Signature]]:
    """Return the checkpoint, signed by ``log``, and those of the witnesses that cosigned it.

    The origin must be ``origin``, or the log key's name if that is None. Raises Problem: those of ``open_note`` and
    ``Checkpoint.parse``, ``checkpoint.unsigned`` without the log's signature, ``checkpoint.origin`` for another log.
    """
    text, known = open_note(note, [log, *witnesses], field)
    if log not in known:
        raise Problem("checkpoint.unsigned", field, "is not signed by the log.", "Take it from the log or a mirror.")
    checkpoint = Checkpoint.parse(text, field)
    if checkpoint.origin != (log.name if origin is None else origin):
        raise Problem("checkpoint.origin", field, "is of another log.", "Take the one of this election.")
    return checkpoint, {witness: signature for witness, signature in known.items() if witness != log}


def _parse_root(text: str, field: str) -> bytes:
    try:
        root = decode64(text)
    except ValueError:
        raise _malformed(field, "has a root that is not base64.") from None
    if len(root) != HASH_LENGTH:
        raise _malformed(field, "has a root that has not 32 bytes.")
    return root


def _malformed(field: str, problem: str) -> Problem:
    return Problem("checkpoint.malformed", field, problem, "See c2sp.org/tlog-checkpoint.")
