"""Voters: who of the synthetic nation registers, who sends what, and which of it is a fake."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from golos.demo.nation import CHALLENGER, OPTIONS, Nation


class Photo(StrEnum):
    """What a voter's photograph is: the truth the generator knows."""

    NONE = "none"
    HONEST = "honest"
    JUNK = "junk"
    """shows no ballot"""
    COPY = "copy"
    """another voter's picture again, byte for byte"""
    STAGED = "staged"
    """a well-made picture of a ballot that was never cast"""


@dataclass(slots=True)
class Voter:
    """One registered voter. ``choice`` is what was cast; ``shown`` is what the photograph shows."""

    number: int
    station: str
    choice: str
    photo: Photo = Photo.NONE
    shown: str = ""
    changes: bool = False
    """sends a ballot with another choice first"""
    repeats: bool = False
    """sends the same envelope twice, and the same record in another envelope"""
    late: bool = False
    """sends only after the freeze"""

    @property
    def phone(self) -> str:
        """An invented number in E.164 form, one per voter."""
        return f"+37529{1_000_000 + self.number}"


def enlist(nation: Nation, voters: int, photos: int, seed: int) -> list[Voter]:
    """Return ``voters`` registered voters, ``photos`` of whom send a photograph.

    Each took part in the vote: nobody registers a choice that was not cast. Senders of photographs crowd at some
    stations, as they do in life; of them 1 in 50 sends junk, 1 in 50 a copy, 1 in 75 a staged picture.
    """
    random = np.random.default_rng(seed + 1)
    cast = [(s.code, option) for s in nation.stations.values() for option, n in s.cast.items() for _ in range(n)]
    if voters > len(cast):
        raise ValueError(f"only {len(cast)} voted in this nation; {voters} can't register")
    chosen = random.choice(len(cast), voters, replace=False)
    result = [Voter(number, *cast[index]) for number, index in enumerate(chosen.tolist())]
    _give_photos(nation, result, photos, random)
    for voter in result:
        draw = random.random()
        voter.changes, voter.repeats, voter.late = draw < 0.01, 0.01 < draw < 0.03, 0.03 < draw < 0.035
    for copier, original in copied(result):
        copier.shown = original.shown
    return result


def copied(voters: list[Voter]) -> Iterator[tuple[Voter, Voter]]:
    """Yield each sender of a copy with the sender of the picture: the first honest one, at another station."""
    honest = [v for v in voters if v.photo is Photo.HONEST and not v.late]
    for number, voter in enumerate(v for v in voters if v.photo is Photo.COPY):
        yield voter, honest[number % len(honest)]


def _give_photos(nation: Nation, voters: list[Voter], photos: int, random: np.random.Generator) -> None:
    zeal = dict(zip(nation.stations, random.lognormal(0, 0.9, len(nation.stations)).tolist(), strict=True))
    weights = np.array([zeal[v.station] * (1.5 if v.choice == CHALLENGER else 0.6) for v in voters])
    chosen = random.choice(len(voters), photos, replace=False, p=weights / weights.sum())
    for index in chosen.tolist():
        voter, draw = voters[index], random.random()
        voter.photo, voter.shown = Photo.HONEST, voter.choice
        if draw < 0.02:
            voter.photo, voter.shown = Photo.JUNK, ""
        elif draw < 0.04:
            voter.photo = Photo.COPY
        elif draw < 0.04 + 1 / 75:
            voter.photo, voter.shown = Photo.STAGED, OPTIONS[int(random.integers(len(OPTIONS)))]
