"""Chart: the map of an area as an SVG, coloured by grade, drawn from outlines or from stations' coordinates alone.

The projection is equirectangular at the box's middle latitude, in whole units of a drawing 1,000 wide. Colour is never
alone: areas have patterns and stations have shapes (marks.py), and every area and linked station has a title in words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from statistics import quantiles

from markupsafe import Markup

from golos.model.finding import Grade
from golos.model.pack import Station
from golos.publish import borders
from golos.publish.marks import CLASSES, mark
from golos.publish.results import Results
from golos.publish.topology import Point, Shape

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
_WIDTH = 1000
_MARGIN = 12


@dataclass(frozen=True, slots=True)
class Frame:
    """The projection of a box of degrees on the drawing."""

    box: Box

    @property
    def _scale(self) -> tuple[float, float]:
        west, south, east, north = self.box
        shrink = cos(radians((south + north) / 2))
        x = (_WIDTH - 2 * _MARGIN) / max((east - west), (north - south) / shrink * 0.8, 1e-6)
        return x, x / shrink

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the drawing."""
        west, south, east, north = self.box
        kx, ky = self._scale
        return round((east - west) * kx) + 2 * _MARGIN, round((north - south) * ky) + 2 * _MARGIN

    def spot(self, lon: float, lat: float) -> tuple[int, int]:
        """Return where a place lies in the drawing."""
        kx, ky = self._scale
        return round((lon - self.box[0]) * kx) + _MARGIN, round((self.box[3] - lat) * ky) + _MARGIN

    def path(self, outline: Shape) -> str:
        """Return the outline as an SVG path of relative moves."""
        return "".join(_moves(ring) + "z" for ring in self.rings(outline))

    def rings(self, outline: Shape) -> list[list[tuple[int, int]]]:
        """Return the rings of the outline in the drawing."""
        return [[self.spot(*point) for point in ring] for ring in outline.rings]


@dataclass(frozen=True, slots=True)
class Atlas:
    """The outlines of a pack's areas and the stations that can be drawn."""

    results: Results
    outlines: Mapping[str, Shape]
    places: Mapping[str, tuple[float, float]]
    """Station code to (lon, lat), without coordinates that lie outside the station's own area."""

    def box(self, area: str) -> Box | None:
        """Return the box of an area: of its outline, of those below it, or of its stations; None if it has none."""
        if area in self.outlines:
            return self.outlines[area].box
        shapes = [self.outlines[code].box for code in self.shapes(area)]
        if shapes:
            return _union(shapes)
        points = [self.places[s.code] for s in self.stations(area) if s.code in self.places]
        return _union([(x, y, x, y) for x, y in points]) if len(points) > 1 else None

    def shapes(self, area: str) -> list[str]:
        """Return the areas to draw for an area: the finest below it that have outlines, else itself.

        Where those are too many for a page, coarser ones that have outlines too stand for them.
        """
        found = self._finest(area)
        while len(found) > _SHAPES:
            above = list(dict.fromkeys(self.results.pack.areas[code].parent for code in found))
            if area in above or not self.outlines.keys() >= set(above):
                break
            found = above
        return found

    def _finest(self, area: str) -> list[str]:
        if not self.outlines:
            return []
        below = [code for child in self.results.children.get(area, ()) for code in self._finest(child.code)]
        return below or ([area] if area in self.outlines else [])

    def stations(self, area: str) -> list[Station]:
        """Return the stations in an area at any depth; none where no station can be drawn."""
        if not self.places:
            return []
        deeper = [s for child in self.results.children.get(area, ()) for s in self.stations(child.code)]
        return [*self.results.stations.get(area, ()), *deeper]

    def crowded(self, area: str) -> str:
        """Return the area right below that is worth a larger drawing: the smallest that holds a twentieth of the
        stations on less than a fiftieth of the map; "" if there is none.
        """
        whole, stations = self.box(area), len(self.stations(area))
        boxes = ((self.box(child.code), child.code) for child in self.results.children.get(area, ()))
        small = [(_extent(box), code) for box, code in boxes if whole and box and _extent(box) * 50 < _extent(whole)]
        dense = [pair for pair in small if len(self.stations(pair[1])) * 20 >= stations]
        return min(dense)[1] if dense else ""


def atlas(results: Results, outlines: Mapping[str, Shape]) -> Atlas:
    """Return the atlas of an election."""
    return Atlas(results, outlines, dict(_places(results, outlines)))


def draw(
    chart: Atlas,
    area: str,
    title: str,
    note: str,
    link: Callable[[str], tuple[str, str]],
    *,
    name: str = "map",
    size: int = 5,
) -> Markup:
    """Return the map of an area as inline SVG, or "" where nothing can be drawn.

    ``link`` gives the address and the title of an area or station; "" as address: this page itself. ``name`` is the
    drawing's id on its page, ``size`` half the width of a mark where stations are too many to be links.
    """
    box = chart.box(area)
    if box is None:
        return Markup("")
    frame = Frame(box)
    width, height = frame.size
    head = Markup(
        '<svg class="map" viewBox="0 0 {} {}" role="group" aria-labelledby="{name}-title {name}-note" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{}</title><desc id="{name}-note">{}</desc>'
    ).format(width, height, title, note, name=name)
    parts = [head, *(_shape(chart, frame, code, link) for code in chart.shapes(area)), _borders(chart, frame, area)]
    stations = [s for s in chart.stations(area) if s.code in chart.places]
    linked = len(stations) <= _LINKED
    parts.append(_links(chart, frame, stations, link) if linked else _dots(chart, frame, stations, size))
    return Markup("").join([*parts, Markup("</svg>")])


_LINKED = 250
"""Up to so many stations each is a link of its own; more are one path per grade, which stays small."""
_SHAPES, _SPOTS = 400, 8_000
"""So many outlines, and so many marks, a map has at most: then it stays below the limit of a page."""


def strongest(counts: Mapping[Grade, int]) -> Grade:
    """Return the strongest grade that any station has."""
    return next((grade for grade in Grade if counts.get(grade)), Grade.NO_DATA)


def _shape(chart: Atlas, frame: Frame, code: str, link: Callable[[str], tuple[str, str]]) -> Markup:
    address, title = link(code)
    grade = CLASSES[strongest(chart.results.grade_counts[code])]
    look = f"g-{grade}" if address else "here"  # the page's own area is the ground under its stations
    return _linked(
        Markup('<path class="area {}" d="{}"/>').format(look, frame.path(chart.outlines[code])), address, title
    )


def _linked(shape: Markup, address: str, title: str) -> Markup:
    if not address:
        return Markup("<g><title>{}</title>{}</g>").format(title, shape)
    return Markup('<a href="{}"><title>{}</title>{}</a>').format(address, title, shape)


def _borders(chart: Atlas, frame: Frame, area: str) -> Markup:
    """Draw the borders of the areas between the page's and the finest ones as one heavier line."""
    shapes = {child.code: chart.shapes(child.code) for child in chart.results.children.get(area, ())}
    groups = [
        [ring for code in below for ring in frame.rings(chart.outlines[code])]
        for child, below in shapes.items()
        if below and below != [child]
    ]
    path = "".join(map(_moves, borders.lines(groups)))
    return Markup('<path class="border" d="{}"/>').format(path) if path else Markup("")


def _dots(chart: Atlas, frame: Frame, stations: Sequence[Station], size: int) -> Markup:
    """Draw the stations as one path a grade, weakest first, so that the strongest lie on top.

    Those of the two weakest grades, nearly all, are the round cap of a line without length.
    """
    placed = [(_grade(chart, station), frame.spot(*chart.places[station.code])) for station in stations]
    drawn, step = [], _step(placed)
    for grade in reversed(Grade):
        spots = sorted({(x - x % step, y - y % step) for found, (x, y) in placed if found is grade})
        faint = grade in (Grade.CANT_TELL, Grade.NO_DATA)
        path = "".join(f"M{x} {y}h0" if faint else mark(grade, x, y, size) for x, y in spots)
        if path:
            kind = "faint" if faint else "mark"
            drawn.append(Markup('<path class="{} g-{}" d="{}"/>').format(kind, CLASSES[grade], path))
    return Markup("").join(drawn)


def _step(placed: Sequence[tuple[Grade, tuple[int, int]]]) -> int:
    """Return how far apart marks have to be so that there are not too many of them: 1, 2, 4, ... units."""
    step = 1
    while len({(grade, x // step, y // step) for grade, (x, y) in placed}) > _SPOTS:
        step *= 2
    return step


def _links(chart: Atlas, frame: Frame, stations: Sequence[Station], link: Callable[[str], tuple[str, str]]) -> Markup:
    drawn = []
    order = {grade: place for place, grade in enumerate(reversed(Grade))}
    for station in sorted(stations, key=lambda s: (order[_grade(chart, s)], s.code)):
        grade = _grade(chart, station)
        path = mark(grade, *frame.spot(*chart.places[station.code]), 9)
        shape = Markup('<path class="dot g-{}" d="{}"/>').format(CLASSES[grade], path)
        drawn.append(_linked(shape, *link(station.code)))
    return Markup("").join(drawn)


def _grade(chart: Atlas, station: Station) -> Grade:
    return chart.results.grade(station.code)


def _moves(points: Sequence[tuple[int, int]]) -> str:
    """Return a line as relative moves; points that fall on the one before are left out."""
    x, y = points[0]
    steps = [f"M{x} {y}"]
    for nx, ny in points[1:]:
        if (nx, ny) != (x, y):
            steps.append(f"l{nx - x} {ny - y}".replace(" -", "-"))
            x, y = nx, ny
    return "".join(steps)


def _places(results: Results, outlines: Mapping[str, Shape]) -> Iterable[tuple[str, tuple[float, float]]]:
    """Yield the coordinates that lie in, or near, the station's own area; a wrong dot is worse than none."""
    located = [s for s in results.pack.stations.values() if s.lat is not None and s.lon is not None]
    limits = {code: _grown(outline.box) for code, outline in outlines.items()}
    for code in {station.area for station in located}:
        if not any(area.code in outlines for area in results.path[code]):
            limits[code] = _usual([(s.lon or 0.0, s.lat or 0.0) for s in located if s.area == code])
    for station in located:
        lon, lat = station.lon or 0.0, station.lat or 0.0
        own = next(limits[area.code] for area in reversed(results.path[station.area]) if area.code in limits)
        if own[0] <= lon <= own[2] and own[1] <= lat <= own[3]:
            yield station.code, (lon, lat)


def _grown(box: Box) -> Box:
    west, south, east, north = box
    dx, dy = max((east - west) * 0.25, 0.02), max((north - south) * 0.25, 0.02)
    return west - dx, south - dy, east + dx, north + dy


def _extent(box: Box) -> float:
    west, south, east, north = box
    return (east - west) * (north - south)


def _usual(points: Sequence[Point]) -> Box:
    """Return the box where stations of an area without an outline lie: seven spans of its middle half around it."""
    (west, east), (south, north) = (_span([point[axis] for point in points]) for axis in (0, 1))
    return west, south, east, north


def _span(values: Sequence[float]) -> tuple[float, float]:
    first, _, last = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    width = max(last - first, 0.02) * 3
    return first - width, last + width


def _union(boxes: Sequence[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
