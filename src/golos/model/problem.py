"""Problem: what is wrong with an input, where, and what to do about it."""

from dataclasses import dataclass


@dataclass(slots=True, unsafe_hash=True)  # not frozen: Python sets __traceback__ on what passes a context manager
class Problem(Exception):
    """One mistake in something that came from outside. It is raised, and shown, as it is.

    ``code`` is stable and machine-readable (``token.forged``); ``field`` names the place
    (``ballot.token``, ``stations.csv:12:3``); ``problem`` says what is wrong with the value;
    ``remedy`` says what the sender can do. None of them ever holds the payload itself.
    """

    code: str
    field: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.field}: {self.problem}{tail}"
