"""Topology: the outlines of areas, decoded from TopoJSON (github.com/topojson/topojson-specification, version 1).

Shared borders are stored once, as arcs of quantised differences; an outline is a list of rings of (lon, lat).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from golos.model.problem import Problem

Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The border of one area: polygons of (longitude, latitude) in WGS 84 degrees, each a ring and the holes in it."""

    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def rings(self) -> tuple[Ring, ...]:
        """All rings; holes are rings like the others."""
        return tuple(ring for polygon in self.polygons for ring in polygon)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        xs, ys = zip(*(point for ring in self.rings for point in ring), strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def shapes(data: bytes, name: str, object_name: str, prop: str) -> dict[str, Shape]:
    """Return the shapes of one object of a TopoJSON file by the text of the property ``prop``.

    Geometries without the property, or of another type than Polygon and MultiPolygon, are left out.
    Raises Problem ``map.malformed``, naming the file ``name``, for anything that is no such topology.
    """
    try:
        topology = json.loads(data)
        arcs = _arcs(topology)
        geometries = topology["objects"][object_name]["geometries"]
        found = {str(g["properties"][prop]): Shape(_polygons(g, arcs)) for g in geometries if _usable(g, prop)}
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise Problem(
            "map.malformed",
            name,
            f"is not a TopoJSON file with an object {object_name!r} ({type(error).__name__}).",
            "See docs/election-pack.md; outlines are optional.",
        ) from error
    return {key: outline for key, outline in found.items() if outline.rings}


def _usable(geometry: Mapping[str, Any], prop: str) -> bool:
    return geometry.get("type") in {"Polygon", "MultiPolygon"} and prop in (geometry.get("properties") or {})


def _arcs(topology: Mapping[str, Any]) -> list[Ring]:
    transform = topology.get("transform")
    if transform is None:
        return [tuple((float(x), float(y)) for x, y, *_ in arc) for arc in topology["arcs"]]
    (kx, ky), (x0, y0) = transform["scale"], transform["translate"]
    return [
        tuple(
            (x * kx + x0, y * ky + y0)
            for x, y in zip(accumulate(p[0] for p in arc), accumulate(p[1] for p in arc), strict=True)
        )
        for arc in topology["arcs"]
    ]


def _polygons(geometry: Mapping[str, Any], arcs: Sequence[Ring]) -> tuple[tuple[Ring, ...], ...]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return tuple(tuple(_ring(indexes, arcs) for indexes in polygon) for polygon in polygons)


def _ring(indexes: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """Join arcs end to end; ~i is arc i backwards, and each arc begins where the one before it ended."""
    points: list[Point] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return tuple(points)
