"""A sample that nobody could steer: drawn from a frozen list by a seed that was not known when the list was frozen."""

import hashlib
from collections.abc import Iterator

from golos.model.problem import Problem

LEAST_DICE = 20
"""So many throws of a ten-sided die, or digits of any public draw, are beyond anybody's influence."""


def dice_seed(digits: str) -> str:
    """Return the seed of dice thrown in public. Raises Problem ``audit.dice`` where they are too few or no digits."""
    thrown = "".join(digits.split())
    if not (thrown.isascii() and thrown.isdigit() and len(thrown) >= LEAST_DICE):
        problem = f"has to be {LEAST_DICE} digits or more, thrown in public."
        raise Problem("audit.dice", "--dice", problem, "Ten-sided dice do; write down who threw them.")
    return f"dice:{thrown}"


def checkpoint_seed(origin: str, size: int, root: bytes) -> str:
    """Return the seed that a checkpoint is: its root can't be foreseen while entries still come in."""
    return f"checkpoint:{origin}:{size}:{root.hex()}"


def draw(seed: str, digest: str, population: int, size: int) -> list[int]:
    """Return ``size`` different places of a list of ``population``, from 1, in the order they were drawn.

    The i-th number is SHA-256 of ``golos/draw/v1``, the seed, the list's SHA-256 in hex and i (from 1), joined by
    newlines, as a whole number modulo the population, plus 1; one that came before is passed over. Every subset is
    equally likely, up to 2^-190. Raises Problem ``audit.sample`` where there are not so many.
    """
    if not 0 < size <= population:
        raise Problem(
            "audit.sample", "--sample", f"has to lie between 1 and {population:,}.", "Ask `golos audit plan`."
        )
    drawn: dict[int, None] = {}
    for number in _numbers(seed, digest, population):
        drawn[number] = None
        if len(drawn) == size:
            break
    return list(drawn)


def _numbers(seed: str, digest: str, population: int) -> Iterator[int]:
    at = 0
    while True:
        at += 1
        ticket = hashlib.sha256(f"golos/draw/v1\n{seed}\n{digest}\n{at}".encode()).digest()
        yield int.from_bytes(ticket) % population + 1
