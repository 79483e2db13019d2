"""The grade of every station (docs/counting.md section 6)."""

from collections.abc import Mapping, Sequence

import numpy as np

from golos.count.figures import NONE, Mask
from golos.count.standing import Photos, Standing
from golos.model.finding import Finding, Grade, Rule

STATION_RULES = (Rule.C1, Rule.C2, Rule.C3, Rule.C6, Rule.C8)
_ORDER = tuple(Grade)


def station_grades(
    stations: Sequence[str],
    findings: Sequence[Finding],
    standings: Sequence[Standing],
    confirmed: Mapping[str, Sequence[Photos]],
    headline: Mapping[str, Photos | None],
) -> tuple[Grade, ...]:
    """Return the grade of each station, in the order of ``stations``.

    ``confirmed`` holds the confirmed tallies of each contest, ``headline`` the one of its headline source.
    """
    grades = np.full(len(stations), _ORDER.index(Grade.CANT_TELL))
    grades[_without_data(len(stations), standings, confirmed)] = _ORDER.index(Grade.NO_DATA)
    if standings:
        agree = [_consistent(standing, headline[standing.contest]) for standing in standings]
        grades[np.logical_and.reduce(agree)] = _ORDER.index(Grade.CONSISTENT)
    index = {code: at for at, code in enumerate(stations)}
    strongest = _ORDER.index(Grade.SUSPICIOUS)
    suspect = _suspect(len(stations), confirmed)
    for finding in findings:
        if finding.rule in STATION_RULES and not finding.withdrawn:
            at = index[finding.area]
            found = _ORDER.index(finding.grade)
            grades[at] = min(grades[at], max(found, strongest) if suspect[at] else found)
    return tuple(_ORDER[at] for at in grades.tolist())


def _without_data(stations: int, standings: Sequence[Standing], confirmed: Mapping[str, Sequence[Photos]]) -> Mask:
    data = np.zeros(stations, dtype=np.bool_)
    for standing in standings:
        data |= (standing.high.values != NONE).any(axis=1)
    for photos in (p for tallies in confirmed.values() for p in tallies):
        data |= photos.present
    return ~data


def _suspect(stations: int, confirmed: Mapping[str, Sequence[Photos]]) -> Mask:
    masks = [photos.suspect for tallies in confirmed.values() for photos in tallies]
    found: Mask = np.logical_or.reduce([np.zeros(stations, dtype=np.bool_), *masks])
    return found


def _consistent(standing: Standing, photos: Photos | None) -> Mask:
    """Say where a transfer of 5 % of the votes would have been seen: no option has that many votes without a photo."""
    if photos is None:
        return np.zeros(len(standing.status), dtype=np.bool_)
    v = standing.high.take(standing.options)
    both = ((v != NONE) & (photos.p != NONE)).all(axis=1)
    found: Mask = both & (20 * (v - photos.p).max(axis=1, initial=0) < v.sum(axis=1))
    return found
