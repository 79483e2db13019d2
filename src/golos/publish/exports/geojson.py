"""GeoJSON (RFC 7946): stations as points, areas as outlines, each with its grade, to be laid over any map."""

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise

from golos.publish.folder import Folder
from golos.publish.results import Results
from golos.publish.topology import Ring, Shape

_DIGITS = 6
"""A millionth of a degree is a tenth of a metre."""


def write(results: Results, outlines: Mapping[str, Shape], folder: Folder) -> None:
    """Write export/stations.geojson (stations with coordinates alone) and export/areas.geojson."""
    located = sum(s.lat is not None and s.lon is not None for s in results.pack.stations.values())
    said = {"stations": len(results.pack.stations), "without_coordinates": len(results.pack.stations) - located}
    folder.write_lines("export/stations.geojson", _collection(said, _stations(results)))
    said = {"areas": len(results.pack.areas), "without_outline": len(results.pack.areas) - len(outlines)}
    folder.write_lines("export/areas.geojson", _collection(said, _areas(results, outlines)))


def _collection(said: Mapping[str, int], features: Iterator[dict[str, object]]) -> Iterator[str]:
    """Yield the lines of a FeatureCollection, a feature a line; ``said`` are foreign members (section 6.1)."""
    yield '{"type":"FeatureCollection",' + json.dumps(said, separators=(",", ":"))[1:-1] + ',"features":[\n'
    before = ""
    for feature in features:
        yield before + json.dumps(feature, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        before = ",\n"
    yield "\n]}\n"


def _stations(results: Results) -> Iterator[dict[str, object]]:
    for station in sorted(results.pack.stations.values(), key=lambda s: s.code):
        if station.lat is None or station.lon is None:
            continue
        yield {
            "type": "Feature",
            "id": station.code,
            "geometry": {"type": "Point", "coordinates": [round(station.lon, _DIGITS), round(station.lat, _DIGITS)]},
            "properties": {
                "code": station.code,
                "area": station.area,
                "grade": results.grade(station.code).value,
                "opened": results.opened.get(station.code),
                "votes_missing": results.missing_at.get(station.code),
                **_names(station.names),
            },
        }


def _areas(results: Results, outlines: Mapping[str, Shape]) -> Iterator[dict[str, object]]:
    """Yield every area; one without an outline has no geometry, as section 3.2 has it."""
    for area in sorted(results.pack.areas.values(), key=lambda a: a.code):
        covered = results.coverage[area.code]
        grades = {grade.value: n for grade, n in results.grade_counts[area.code].items() if n}
        yield {
            "type": "Feature",
            "id": area.code,
            "geometry": _multipolygon(outlines[area.code]) if area.code in outlines else None,
            "properties": {
                "code": area.code,
                "parent": area.parent,
                "level": area.level,
                "stations": covered.stations,
                "with_protocol": covered.with_protocol,
                "with_photos": covered.with_photos,
                "grades": grades,
                **_names(area.names),
            },
        }


def _names(names: Mapping[str, str]) -> dict[str, str]:
    return {f"name_{code}": str(name) for code, name in names.items() if name}


def _multipolygon(shape: Shape) -> dict[str, object]:
    """Return the outline with outer rings counterclockwise and holes clockwise (section 3.1.6)."""
    polygons = [
        [_wound(ring, left=at == 0) for at, ring in enumerate(polygon)] for polygon in shape.polygons if polygon
    ]
    return {"type": "MultiPolygon", "coordinates": polygons}


def _wound(ring: Ring, *, left: bool) -> list[list[float]]:
    points = [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in ring]
    if points[0] != points[-1]:
        points.append(points[0])
    turned = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points)) > 0
    return points if turned == left else points[::-1]
