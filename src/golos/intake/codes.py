"""Codes: the proof that somebody can read what is sent to a phone.

Everything is in memory, under the phone's tag, and gone after minutes; a restart forgets all codes. No address of any
sender is known here, so the limits are per phone and overall.
"""

import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from golos.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Limits:
    """How many codes and guesses are allowed; times in seconds."""

    lifetime: float = 600.0
    guesses: int = 5
    codes_per_phone: int = 3
    codes_overall: int = 6000
    window: float = 3600.0


@dataclass(slots=True)
class _Line:
    """One phone's newest code, and how many were asked for within the window."""

    asked: int = 0
    code: str = ""
    expires: float = 0.0
    guesses: int = 0


class Codes:
    """Makes codes and checks them. ``clock`` counts seconds and never goes back."""

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._lines: dict[bytes, _Line] = {}
        self._asked: deque[tuple[float, bytes]] = deque()

    def __len__(self) -> int:
        """Return how many phones are remembered."""
        return len(self._lines)

    def new(self, tag: bytes) -> str:
        """Return a fresh six-digit code; an earlier one of the phone is void.

        Raises Problem ``enrolment.too_often`` (this phone) and ``enrolment.busy`` (all of them).
        """
        self.forget()
        now = self._clock()
        line = self._lines.get(tag) or _Line()
        if len(self._asked) >= self._limits.codes_overall:
            raise Problem("enrolment.busy", "phone", "can't be sent a code: too many are asked for now.", "Try later.")
        if line.asked >= self._limits.codes_per_phone:
            minutes = max(1, round(self._limits.window / 60))
            raise Problem(
                "enrolment.too_often",
                "phone",
                f"was sent {line.asked} codes within {minutes} minutes.",
                "Use the newest of them, or try again later.",
            )
        self._asked.append((now, tag))
        line.asked += 1
        line.code = f"{secrets.randbelow(1_000_000):06d}"
        line.expires = now + self._limits.lifetime
        line.guesses = self._limits.guesses
        self._lines[tag] = line
        return line.code

    def check(self, tag: bytes, code: str) -> None:
        """Return if ``code`` is the phone's newest. It is good until it expires: a lost answer can be asked for again.

        Raises Problem ``enrolment.code_expired``, ``enrolment.code_wrong``, ``enrolment.guesses``.
        """
        self.forget()
        line = self._lines.get(tag)
        if line is None or line.expires <= self._clock():
            raise Problem("enrolment.code_expired", "code", "has expired or was never sent.", "Ask for a new code.")
        if line.guesses <= 0:
            raise Problem("enrolment.guesses", "code", "was guessed wrong too often.", "Ask for a new code.")
        if not hmac.compare_digest(line.code.encode(), code.encode()):
            line.guesses -= 1
            raise Problem(
                "enrolment.code_wrong", "code", "is not the code that was sent last.", "Look at the newest message."
            )

    def forget(self) -> None:
        """Drop every phone that has asked for nothing within the window."""
        oldest = self._clock() - self._limits.window
        while self._asked and self._asked[0][0] <= oldest:
            tag = self._asked.popleft()[1]
            self._lines[tag].asked -= 1
            if not self._lines[tag].asked:
                del self._lines[tag]
