"""Importing announced results, at any level of the tree above the stations."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from golos.intake.mapping import SOURCE, Mapping, OfficialMap
from golos.intake.rows import Reject, Rows, open_rows
from golos.intake.table import BLANK, Numbers, reason_of
from golos.model.entry import Official
from golos.model.pack import Pack


def read_officials(path: Path, mapping: Mapping, pack: Pack) -> tuple[list[Official], list[Reject]]:
    """Return the announcements as drafts (key and signature all zero) and what was not taken.

    Raises Problem ``import.*`` where the file as such can't be read.
    """
    drafts: list[Official] = []
    rejects: list[Reject] = []
    for official in mapping.officials:
        with open_rows(path, mapping.form) as rows:
            _Announcements(rows, mapping, official, pack).read(drafts, rejects)
    return drafts, rejects


class _Announcements:
    def __init__(self, rows: Rows, mapping: Mapping, official: OfficialMap, pack: Pack) -> None:
        self._rows = rows
        self._map = official
        self._pack = pack
        self._numbers = Numbers(mapping.form)
        self._area = rows.position(official.area)
        self._values = {name: rows.position(column) for name, column in official.columns.items()}
        self._texts = {name: rows.position(column) for name, column in official.from_columns.items()}

    def read(self, drafts: list[Official], rejects: list[Reject]) -> None:
        """Append a draft for every row that has a figure and can be placed."""
        width = len(self._rows.header)
        for line, cells in self._rows.lines:
            if len(cells) != width:
                rejects.append(
                    Reject(line, "", str(len(cells)), f"has {len(cells)} cells where the header has {width}")
                )
                continue
            values = self._whole(line, cells, rejects)
            if values and (draft := self._draft(line, cells, rejects)):
                drafts.append(msgspec.structs.replace(draft, values=values))

    def _whole(self, line: int, cells: Sequence[str], rejects: list[Reject]) -> tuple[tuple[str, int], ...]:
        values = []
        for name, position in self._values.items():
            number = self._numbers[cells[position]]
            if number >= 0:
                values.append((name, number))
            elif number != BLANK:
                rejects.append(Reject(line, self._map.columns[name], cells[position], reason_of(cells[position])))
        return tuple(values)

    def _draft(self, line: int, cells: Sequence[str], rejects: list[Reject]) -> Official | None:
        """Return the announcement without its values."""
        text = cells[self._area].strip()
        area = self._map.areas.get(text, text)
        texts = {name: cells[position].strip() for name, position in self._texts.items()}
        unit = self._numbers[texts["unit"]] if "unit" in texts else self._map.unit
        source = texts.get("source", self._map.source)
        if area not in self._pack.areas:
            rejects.append(Reject(line, self._map.area, text, "is no area of the pack"))
        elif unit < 1:
            rejects.append(Reject(line, self._map.from_columns["unit"], texts["unit"], "is no unit of 1 or more"))
        elif not SOURCE.fullmatch(source):
            rejects.append(Reject(line, self._map.from_columns["source"], source, "is no source: 1 to 100 characters"))
        else:
            return Official(
                version=1,
                election=self._pack.id,
                area=area,
                contest=self._map.contest,
                source=source,
                authority=self._map.authority,
                announced=texts.get("announced", self._map.announced),
                readings=self._map.readings,
                unit=unit,
                values=(),
                key=bytes(32),
                signature=bytes(64),
            )
        return None
