"""Parquet: every CSV file of data/ as a typed table, with the data dictionary in its metadata."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import duckdb

from golos.publish.folder import Folder
from golos.publish.opendata import Meaning, dictionary

_TYPES = {"text": "VARCHAR", "whole number": "BIGINT", "number": "DOUBLE", "true or false": "BOOLEAN"}


def write(languages: Sequence[str], folder: Folder) -> None:
    """Write export/NAME.parquet for each data/NAME.csv that the dictionary describes."""
    with duckdb.connect() as database:
        # One thread, in order: the same rows give the same bytes.
        database.execute("SET threads = 1; SET preserve_insertion_order = true; SET enable_progress_bar = false")
        for name, columns in tables(languages):
            source, target = f"data/{name}.csv", f"export/{name}.parquet"
            query = _query(folder.at(source), columns)

            def copy(path: Path, query: str = query, columns: Sequence[Meaning] = columns) -> None:
                database.execute(f"COPY ({query}) TO {_quoted(str(path))} ({_options(columns)})")

            folder.write_by(target, copy)


def tables(languages: Sequence[str]) -> Iterator[tuple[str, list[Meaning]]]:
    """Yield the name and the columns of every CSV file of data/."""
    for file, columns in groupby(dictionary(languages), lambda meaning: meaning.file):
        if file.endswith(".csv"):
            yield file.removesuffix(".csv"), list(columns)


def _query(source: Path, columns: Sequence[Meaning]) -> str:
    types = ", ".join(f"{_quoted(c.column)}: {_quoted(_TYPES[c.type])}" for c in columns)
    form = "header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true"
    return f"SELECT * FROM read_csv({_quoted(str(source))}, columns = {{{types}}}, {form})"  # noqa: S608 (quoted here)


def _options(columns: Sequence[Meaning]) -> str:
    told = {c.column: {"type": c.type, "unit": c.unit, "meaning": c.meaning} for c in columns}
    words = _quoted(json.dumps(told, ensure_ascii=False, sort_keys=True))
    return f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{dictionary: {words}}}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
