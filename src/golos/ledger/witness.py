"""Witness and Mirror: who outside remembers the log (C2SP tlog-witness client, and a mirror's checkpoint)."""

import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Protocol

import httpx

from golos.ledger.note import NOTE_LIMIT, Signature, Verifier, encode64, parse, parse_signature, verify_signatures
from golos.ledger.policy import Party
from golos.model.problem import Problem

ANSWER_LIMIT = 64 * 1024
"""Bytes of a witness's answer that are read."""
Consistency = Callable[[int], Sequence[bytes]]
"""The consistency proof from a smaller size to the checkpoint's."""


class Ahead(Problem):
    """Somebody outside knows a larger log, or another one of the same size: signing on would fork it."""


class Unknown(Problem):
    """The witness answers that it doesn't know this log."""


class Cosigner(Protocol):
    """Who cosigns checkpoints."""

    verifier: Verifier

    def cosign(self, checkpoint: bytes, size: int, consistency: Consistency) -> Signature:
        """Return a verified cosignature of the signed checkpoint, whose tree has ``size`` leaves.

        Raises Ahead, Unknown, or another Problem if there is no cosignature this time.
        """
        ...


class Keeper(Protocol):
    """Who keeps a copy of the log."""

    def latest(self) -> bytes | None:
        """Return the newest signed checkpoint it has, None if it has none. Raises Problem if it doesn't answer."""
        ...


class Witness:
    """A witness behind HTTP, at the submission prefix ``party.url``. One call lasts at most twice ``seconds``."""

    def __init__(self, party: Party, client: httpx.Client | None = None, seconds: float = 10.0) -> None:
        self.verifier = party.verifier
        self._url = f"{party.url.rstrip('/')}/add-checkpoint"
        self._client = client or httpx.Client(timeout=seconds)
        self._seconds = seconds
        self._known = 0
        """The size it last cosigned, as far as we know; 0 lets it tell us."""

    def cosign(self, checkpoint: bytes, size: int, consistency: Consistency) -> Signature:
        """See Cosigner. Asks a second time if the witness was at another size than we thought."""
        status, answer = self._ask(checkpoint, min(self._known, size), consistency)
        if status == HTTPStatus.CONFLICT:
            self._known = self._told_size(answer)
            if self._known > size:
                raise self._ahead(f"has cosigned {self._known} leaves of this log, which has {size} here.")
            status, answer = self._ask(checkpoint, self._known, consistency)
        if status == HTTPStatus.OK:
            signature = self._cosignature(checkpoint, answer)
            self._known = size
            return signature
        raise self._refusal(status)

    def _ask(self, checkpoint: bytes, old: int, consistency: Consistency) -> tuple[int, bytes]:
        lines = [f"old {old}", *map(encode64, consistency(old)), ""]
        body = "".join(f"{line}\n" for line in lines).encode() + checkpoint
        return _bounded(self._client, "POST", self._url, body, ANSWER_LIMIT, self._seconds, self.verifier.name)

    def _told_size(self, answer: bytes) -> int:
        text = answer.removesuffix(b"\n")
        if not text.isdigit() or len(text) > 19:
            raise self._problem("refused", "answers 409 without the size it knows.")
        return int(text)

    def _cosignature(self, checkpoint: bytes, answer: bytes) -> Signature:
        """Return the witness's own signature among the lines of the answer, verified; others are ignored."""
        text, _ = parse(checkpoint)
        try:
            lines = answer.decode().removesuffix("\n").split("\n")
        except UnicodeDecodeError:
            raise self._problem("refused", "answers something that is not UTF-8.") from None
        signatures = [parse_signature(line, self.verifier.name) for line in lines]
        known = verify_signatures(text, signatures, [self.verifier], self.verifier.name)
        if self.verifier not in known:
            raise self._problem("refused", "answers without a signature by its own key.")
        return known[self.verifier]

    def _refusal(self, status: int) -> Problem:
        match status:
            case HTTPStatus.CONFLICT | HTTPStatus.UNPROCESSABLE_ENTITY:
                return self._ahead(f"says that this log contradicts the one it knows ({status}).")
            case HTTPStatus.NOT_FOUND:
                return Unknown("witness.unknown", self.verifier.name, "doesn't know this log.", "Have it added there.")
            case HTTPStatus.FORBIDDEN:
                return self._problem("refused", "does not trust this log's key (403).")
            case _:
                return self._problem("refused", f"answers {status}.")

    def _ahead(self, problem: str) -> Ahead:
        return Ahead("witness.ahead", self.verifier.name, problem, "Find the newer store; never sign from this one.")

    def _problem(self, code: str, problem: str) -> Problem:
        return Problem(f"witness.{code}", self.verifier.name, problem, "Ask its operator.")


class Mirror:
    """A mirror of the log behind HTTP, at the prefix ``url``."""

    def __init__(self, url: str, client: httpx.Client | None = None, seconds: float = 10.0) -> None:
        self._url = f"{url.rstrip('/')}/checkpoint"
        self._client = client or httpx.Client(timeout=seconds)
        self._seconds = seconds

    def latest(self) -> bytes | None:
        """See Keeper."""
        status, answer = _bounded(self._client, "GET", self._url, None, NOTE_LIMIT, self._seconds, self._url)
        if status == HTTPStatus.NOT_FOUND:
            return None
        if status != HTTPStatus.OK:
            raise Problem("mirror.refused", self._url, f"answers {status}.", "Ask its operator.")
        return answer


def _bounded(
    client: httpx.Client, method: str, url: str, body: bytes | None, limit: int, seconds: float, who: str
) -> tuple[int, bytes]:
    """Return status and body of an answer that is neither longer than ``limit`` nor slower than ``seconds``."""
    deadline = time.monotonic() + seconds
    answer = bytearray()
    try:
        with client.stream(method, url, content=body, timeout=seconds) as response:
            for chunk in response.iter_bytes():
                answer += chunk
                if len(answer) > limit or time.monotonic() > deadline:
                    raise Problem("witness.silent", who, "answers too much or too slowly.", "Ask its operator.")
            return response.status_code, bytes(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        name = type(error).__name__
        raise Problem("witness.silent", who, f"can't be reached ({name}).", "It is asked again next time.") from error
