"""Nation: a synthetic country whose truth is known, made from a seed."""

from dataclasses import dataclass, field
from math import cos, pi, sin

import numpy as np

OPTIONS = ("zaria", "hrabar", "lipen", "against_all")
"""The challenger, the incumbent, a third candidate, and "against all"."""
CHALLENGER, INCUMBENT = OPTIONS[0], OPTIONS[1]
REGIONS, DISTRICTS = 4, 3
CENTRE = (53.5, 27.5)
_DEGREES = 2.4


@dataclass(slots=True)
class PollingStation:
    """A station with what its voters did (``cast``, votes per option) and what was announced (``announced``)."""

    code: str
    district: str
    lat: float
    lon: float
    electorate: int
    cast: dict[str, int]
    announced: dict[str, int]
    falsified: bool
    stolen: int = 0


@dataclass(slots=True)
class Nation:
    """Stations by code, districts and regions by code, and the seed they came from."""

    seed: int
    stations: dict[str, PollingStation] = field(default_factory=dict)
    regions: list[str] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)

    @property
    def falsified(self) -> set[str]:
        """Codes of the stations whose announced result is false."""
        return {s.code for s in self.stations.values() if s.falsified}

    @property
    def stolen(self) -> int:
        """Votes of the challenger that were announced for the incumbent."""
        return sum(s.stolen for s in self.stations.values())


def make(stations: int, electorate: int, falsified: float, seed: int) -> Nation:
    """Return a nation of ``stations`` stations and about ``electorate`` voters, a share ``falsified`` of them false.

    At a falsified station all but a twentieth of the challenger's votes are announced for the incumbent.
    """
    random = np.random.default_rng(seed)
    nation = Nation(seed, regions=[f"{r + 1:02d}" for r in range(REGIONS)])
    nation.districts = [f"{r}-{d + 1:02d}" for r in nation.regions for d in range(DISTRICTS)]
    false = set(random.choice(stations, round(stations * falsified), replace=False).tolist())
    sizes = random.dirichlet(np.full(stations, 12.0)) * electorate
    for number in range(stations):
        sector = number % len(nation.districts)
        lat, lon = _place(sector, random)
        voters = max(40, int(sizes[number]))
        cast = _vote(voters, sector, random)
        station = PollingStation(
            f"{nation.districts[sector]}-{number // len(nation.districts) + 1:03d}",
            nation.districts[sector],
            lat,
            lon,
            voters,
            cast,
            dict(cast),
            number in false,
        )
        if station.falsified:
            _falsify(station)
        nation.stations[station.code] = station
    nation.stations = dict(sorted(nation.stations.items()))
    return nation


def _vote(voters: int, sector: int, random: np.random.Generator) -> dict[str, int]:
    turnout = int(random.binomial(voters, 0.84))
    challenger = 0.56 + 0.06 * sin(sector) + random.normal(0, 0.04)
    shares = np.array([challenger, 0.90 - challenger, 0.06, 0.04])
    return dict(zip(OPTIONS, random.multinomial(turnout, shares).tolist(), strict=True))


def _falsify(station: PollingStation) -> None:
    station.stolen = station.cast[CHALLENGER] - station.cast[CHALLENGER] // 20
    station.announced[CHALLENGER] -= station.stolen
    station.announced[INCUMBENT] += station.stolen


def _place(sector: int, random: np.random.Generator) -> tuple[float, float]:
    """Return a point inside district ``sector``: a sector of a ring, as `outlines` draws it."""
    angle = 2 * pi * (sector + random.uniform(0.08, 0.92)) / (REGIONS * DISTRICTS)
    radius = _DEGREES * random.uniform(0.45, 0.95)
    return _point(angle, radius)


def _point(angle: float, radius: float) -> tuple[float, float]:
    return round(CENTRE[0] + radius * sin(angle), 4), round(CENTRE[1] + 1.65 * radius * cos(angle), 4)


def outlines(nation: Nation) -> dict[str, object]:
    """Return the districts' outlines as TopoJSON: sectors of a ring around a lake."""
    arcs, geometries = [], []
    count = len(nation.districts)
    for sector, code in enumerate(nation.districts):
        angles = [2 * pi * (sector + step / 12) / count for step in range(13)]
        ring = [_point(a, _DEGREES * (1 + 0.05 * sin(9 * a))) for a in angles]
        ring += [_point(a, _DEGREES * 0.4) for a in reversed(angles)]
        arcs.append([[lon, lat] for lat, lon in [*ring, ring[0]]])
        geometries.append({"type": "Polygon", "id": code, "properties": {"code": code}, "arcs": [[sector]]})
    collection = {"type": "GeometryCollection", "geometries": geometries}
    return {"type": "Topology", "objects": {"districts": collection}, "arcs": arcs}
