"""Shards: the pack's stations in small files for the app: a tree in which each file names those below it by SHA-256.

A pure function of the pack. An area's file holds the areas below it (those with few stations whole, the others by file)
and its own stations; what is above a file's measure goes into further parts.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from golos.model.pack import Area, Borrowed, Names, Pack, Station

ROOT = "stations/index.json"
FILE_STATIONS = 200
"""Stations in one file; an area with no more of them in all lies inside the file of the area above it."""


def shards(pack: Pack) -> dict[str, bytes]:
    """Return the files by path; `ROOT` is the nation's."""
    tree = _Tree(pack)
    tree.write(pack.areas[pack.root], ROOT)
    return tree.files


class _Tree:
    """The areas by parent, the stations by area, and the files made of them, from the leaves up."""

    def __init__(self, pack: Pack) -> None:
        self.files: dict[str, bytes] = {}
        self._below: dict[str, list[Area]] = defaultdict(list)
        self._stations: dict[str, list[Station]] = defaultdict(list)
        for area in sorted(pack.areas.values(), key=lambda area: area.code):
            self._below[area.parent].append(area)
        for station in sorted(pack.stations.values(), key=lambda station: station.code):
            self._stations[station.area].append(station)

    def write(self, area: Area, path: str) -> str:
        """Write an area's file and those that it names; return its SHA-256 in hex."""
        return self._put(path, self._whole(area))

    def _whole(self, area: Area) -> dict[str, Any]:
        own = self._stations[area.code]
        parts = [own[at : at + FILE_STATIONS] for at in range(FILE_STATIONS, len(own), FILE_STATIONS)]
        return {
            "code": area.code,
            "level": area.level,
            "names": _own(area.names),
            "areas": [self._entry(below) for below in self._below[area.code]],
            "stations": [_row(station) for station in own[:FILE_STATIONS]],
            "parts": [self._part(area, number, some) for number, some in enumerate(parts, 1)],
        }

    def _entry(self, area: Area) -> dict[str, Any]:
        """What the file above says of an area: enough to choose it, and where the rest is."""
        inside = list(self._all(area))
        codes = [station.code for station in inside]
        entry = {
            "code": area.code,
            "level": area.level,
            "names": _own(area.names),
            "areas": len(self._below[area.code]),
            "stations": len(inside),
            "range": [min(codes), max(codes)] if codes else None,
            "box": _box(inside),
        }
        if len(inside) <= FILE_STATIONS:
            return {**entry, "inside": self._whole(area)}
        return {**entry, "file": self.write(area, f"stations/{area.code}.json")}

    def _part(self, area: Area, number: int, stations: list[Station]) -> dict[str, Any]:
        rows = {"code": area.code, "level": area.level, "names": {}, "areas": [], "parts": []}
        path = f"stations/{area.code}.{number}.json"
        return {"file": self._put(path, {**rows, "stations": [_row(station) for station in stations]})}

    def _all(self, area: Area) -> Iterable[Station]:
        yield from self._stations[area.code]
        for below in self._below[area.code]:
            yield from self._all(below)

    def _put(self, path: str, content: Mapping[str, Any]) -> str:
        self.files[path] = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return hashlib.sha256(self.files[path]).hexdigest()


def _row(station: Station) -> list[Any]:
    return [station.code, _own(station.names), station.address, station.place, station.lat, station.lon]


def _own(names: Names) -> dict[str, str]:
    """The names in their own languages; one that only stands in for another is left to the app."""
    own = {language: name for language, name in names.items() if not isinstance(name, Borrowed)}
    return own or dict(list(names.items())[:1])


def _box(stations: list[Station]) -> list[float] | None:
    """South, west, north, east of the stations whose place is known."""
    places = [(station.lat, station.lon) for station in stations if station.lat is not None and station.lon is not None]
    if not places:
        return None
    latitudes, longitudes = zip(*places, strict=True)
    return [min(latitudes), min(longitudes), max(latitudes), max(longitudes)]
