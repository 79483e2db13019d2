"""Outlines: which shapes of the pack's map files belong to which areas."""

from collections.abc import Callable, Mapping

from golos.model.pack import Area, Pack
from golos.publish.topology import Shape, shapes


def read_shapes(pack: Pack, files: Mapping[str, bytes]) -> dict[str, Shape]:
    """Return the shapes of areas by code. A shape that fits no area, or several, is left out.

    Raises Problem ``map.malformed`` for a file that is no TopoJSON.
    """
    found: dict[str, Shape] = {}
    for outline in pack.outlines:
        drawn = shapes(files[outline.file], outline.file, outline.object, outline.property)
        codes = _codes(pack, _attribute(outline.equals))
        found |= {code: drawn[value] for value, code in codes.items() if value in drawn}
    return found


def _attribute(equals: str) -> Callable[[Area], str]:
    language = equals.removeprefix("name_")
    return (lambda area: area.code) if equals == "code" else (lambda area: area.names.get(language, ""))


def _codes(pack: Pack, attribute: Callable[[Area], str]) -> dict[str, str]:
    values = [(attribute(area), code) for code, area in pack.areas.items()]
    names = [value for value, _ in values]
    return {value: code for value, code in values if value and names.count(value) == 1}
