"""Returns of any country: a table of official station results and its mapping in, arrays for forensics out.

docs/analyst.md, "The mapping", says what the TOML holds.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from golos.count.figures import NONE, Numbers
from golos.count.forensics.returns import Groups, Returns, filled, total
from golos.intake.mapping import FileForm, columns_of, form_of, raise_notes
from golos.intake.rows import Rows, open_rows
from golos.intake.table import Numbers as Cells
from golos.model.mistake import Notes
from golos.model.pack_toml import Section, load
from golos.model.problem import Problem

FIGURES = ("registered", "issued", "counted", "valid", "invalid")
LABELS = ("region", "commission")
_UNPACKED = {".parquet", ".csv", ".tsv", ".txt", ".gz"}


@dataclass(frozen=True, slots=True)
class ReturnsMap:
    """Which columns are what. A figure of several columns is their sum, a label of several is them joined.

    ``options`` is our name of an option to its column; ``leader`` one of these names.
    """

    title: str
    form: FileForm
    columns: Mapping[str, tuple[str, ...]]
    options: Mapping[str, str]
    leader: str
    handwritten: bool


def parse_returns_map(data: bytes, what: str = "mapping") -> ReturnsMap:
    """Return the mapping. Raises Problem ``mapping.mistakes`` that lists every mistake with its line."""
    notes = Notes()
    file = load(what, data, notes)
    mapping = _mapping(file) if file is not None else None
    if mapping is None or notes.fatal:
        raise_notes(notes, what)
        raise AssertionError
    return mapping


def read_returns(path: Path, mapping: ReturnsMap) -> Returns:
    """Return the table. Raises Problem where the file is none that can be read, or lacks a column that is named."""
    if not path.is_file():
        raise Problem("import.file", str(path), "is no file.", "Name a CSV, CSV.gz or Parquet file.")
    if path.suffix.lower() not in _UNPACKED:
        known = ", ".join(sorted(_UNPACKED))
        raise Problem("import.file", str(path), f"is no table that is read here: {known}.", "Save it as CSV.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with open_rows(path, mapping.form) as rows:
        return _returns(rows, mapping, digest)


def _mapping(file: Section) -> ReturnsMap:
    form = form_of(file)
    columns = file.section("columns")
    options = file.section("options")
    named = {option: options.text(option) for option in options.keys()}  # noqa: SIM118 - a Section is no dict
    leader = file.text("leader")
    if not named:
        file.mistake("options", 'name at least one option: "name" = "its column"')
    elif leader and leader not in named:
        file.mistake("leader", f"has to be one of the options: {', '.join(named)[:200]}")
    mapping = ReturnsMap(
        title=file.text("title", pattern=re.compile(r"[^\x00-\x1f]{1,200}"), form="1 to 200 characters"),
        form=form,
        columns={key: columns_of(columns, key) for key in (*FIGURES, *LABELS)},
        options=named,
        leader=leader,
        handwritten=file.flag("handwritten"),
    )
    columns.close()
    options.close()
    file.close()
    return mapping


def _returns(rows: Rows, mapping: ReturnsMap, digest: str) -> Returns:
    needed = dict.fromkeys((*(c for several in mapping.columns.values() for c in several), *mapping.options.values()))
    places = {column: rows.position(column) for column in needed}
    width = len(rows.header)
    body = [cells for _, cells in rows.lines if len(cells) == width]
    if not body:
        raise Problem("import.csv", mapping.title, "has no row with as many cells as its header.", "Look at delimiter.")
    cells = Cells(mapping.form)
    figures = {name: total(_numbers(body, [places[c] for c in mapping.columns[name]], cells)) for name in FIGURES}
    votes = _numbers(body, [places[c] for c in mapping.options.values()], cells)
    valid = filled(figures["valid"], total(votes))
    counted = filled(figures["counted"], _sum(valid, figures["invalid"]), figures["issued"], valid)
    options = tuple(mapping.options)
    return Returns(
        title=mapping.title,
        digest=digest,
        options=options,
        leader=options.index(mapping.leader),
        votes=votes,
        registered=figures["registered"],
        issued=filled(figures["issued"], counted),
        counted=counted,
        valid=valid,
        regions=_groups(body, [places[c] for c in mapping.columns["region"]]),
        commissions=_groups(body, [places[c] for c in mapping.columns["commission"]]),
        handwritten=mapping.handwritten,
    )


def _numbers(body: Sequence[Sequence[str]], places: Sequence[int], cells: Cells) -> Numbers:
    """Return the figures of some columns, [rows, columns]; what is no number of at least 0 is NONE."""
    columns = [np.fromiter((cells[row[at]] for row in body), np.int64, len(body)) for at in places]
    values = np.stack(columns, axis=1) if columns else np.full((len(body), 1), NONE, dtype=np.int64)
    values[values < 0] = NONE
    return values


def _sum(valid: Numbers, invalid: Numbers) -> Numbers:
    return np.where((valid == NONE) | (invalid == NONE), NONE, valid + invalid)


def _groups(body: Sequence[Sequence[str]], places: Sequence[int]) -> Groups:
    if not places:
        return Groups((), np.full(len(body), -1, dtype=np.int64))
    numbers: dict[str, int] = {}
    labels = (" / ".join(row[at].strip() for at in places) for row in body)
    of = [numbers.setdefault(label, len(numbers)) if label.strip(" /") else -1 for label in labels]
    return Groups(tuple(numbers), np.array(of, dtype=np.int64))
