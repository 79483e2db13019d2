"""Section: a table of a TOML file whose every value is asked for by name, and that can say where each key stands."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from golos.model.mistake import Notes
from golos.model.pack_csv import undecodable

Path = tuple[str | int, ...]
CODE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
"""Ids and codes: they become parts of file names and of the ids of findings."""

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-.\" ]+?)\s*=")
_AT = re.compile(r"line (\d+), column (\d+)")


def load(file: str, data: bytes, notes: Notes) -> "Section | None":
    """Return the whole file as a section; None, and a mistake noted, if it is no TOML."""
    if (place := undecodable(data)) is not None:
        notes.mistake(file, place[0], place[1], f"byte 0x{place[2]:02x} is not UTF-8; save the file as UTF-8")
        return None
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = _AT.search(str(error))
        line, column = (int(at[1]), int(at[2])) if at else (len(text.splitlines()) or 1, 1)
        notes.mistake(file, line, column, f"is no TOML from here on ({str(error)[:100] or 'nested too deeply'})")
        return None
    return Section(file, values, (), _places(text), notes)


class Section:
    """The getters note a mistake and return the default when a value is absent, of another type or out of range."""

    def __init__(
        self, file: str, values: Mapping[str, Any], path: Path, places: Mapping[Path, tuple[int, int]], notes: Notes
    ) -> None:
        self.file = file
        self.notes = notes
        self.path = path
        self._values = values
        self._places = places
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keys(self) -> tuple[str, ...]:
        """Return the keys that are there, where they are the writer's own."""
        return tuple(self._values)

    def mistake(self, key: str, text: str, index: int | None = None) -> None:
        """Note a mistake at that key, or at that item of a list; where it is absent, at the head of the section."""
        line, column = self.place(key, index)
        self.notes.mistake(self.file, line, column, f"{_shown((*self.path, key))}: {text}")

    def place(self, key: str, index: int | None = None) -> tuple[int, int]:
        """Return line and column of the key or, if it has no line of its own, of what encloses it."""
        path: Path = (*self.path, key) if index is None else (*self.path, key, index)
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, (1, 1))

    def raw(self, key: str) -> object:
        """Return the value whatever it is, None if absent."""
        self._asked.add(key)
        return self._values.get(key)

    def text(self, key: str, default: str | None = None, pattern: re.Pattern[str] | None = None, form: str = "") -> str:
        """Return a text; without a default it has to be there and not empty."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if value is None:
            self.mistake(key, "is missing")
        elif not isinstance(value, str):
            self.mistake(key, "has to be a text in quotes")
        elif value == "" and default is None:
            self.mistake(key, "is empty")
        elif pattern and value != default and not pattern.fullmatch(value):
            self.mistake(key, f"has to be {form}")
        else:
            return value
        return default or ""

    def code(self, key: str) -> str:
        """Return an id."""
        return self.text(key, pattern=CODE, form="an id: 1 to 64 of A-Z a-z 0-9 . _ -")

    def number(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number between ``low`` and ``high``."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if type(value) is not int:
            self.mistake(key, "is missing" if value is None else "has to be a whole number")
        elif not low <= value <= high:
            self.mistake(key, f"has to be between {low:,} and {high:,}")
        else:
            return value
        return low if default is None else default

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.mistake(key, "has to be true or false")
            return default
        return default if value is None else value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty if absent."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.mistake(key, "has to be a list of texts")
            return ()
        return tuple(value)

    def names(self, key: str, languages: Sequence[str]) -> dict[str, str]:
        """Return a text in each of the languages."""
        value = self.raw(key)
        if not isinstance(value, dict):
            self.mistake(key, "is missing" if value is None else 'has to be a table like { en = "..." }')
            return {}
        for language in languages:
            text = value.get(language)
            if not isinstance(text, str) or not text.strip():
                self.mistake(key, f"has no {language}")
        for language in value:
            if language not in languages:
                self.mistake(key, f"{language[:20]!r} is no language of this election")
        return {language: str(value.get(language, "")).strip() for language in languages}

    def section(self, key: str) -> "Section":
        """Return the table of that name, empty if absent."""
        value = self.raw(key)
        if value is not None and not isinstance(value, dict):
            self.mistake(key, f"has to be a table: [{key}]")
        return self._child(value if isinstance(value, dict) else {}, (*self.path, key))

    def sections(self, key: str) -> "Iterator[Section]":
        """Yield the tables of a list of tables."""
        value = self.raw(key)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, dict) for item in value)):
            self.mistake(key, f"has to be tables: [[{key}]]")
            return
        for index, item in enumerate(value or ()):
            yield self._child(item, (*self.path, key, index))

    def unique(self, key: str, values: Iterable[str | bytes]) -> None:
        """Note every item of the list ``key`` whose value, here in the list's order, was there before."""
        seen: set[str | bytes] = set()
        for index, value in enumerate(values):
            if value and value in seen:
                self.mistake(
                    key, "is there twice" if isinstance(value, bytes) else f"{value[:64]} is there twice", index
                )
            seen.add(value)

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                self.mistake(key, f"unknown key; known here are {known}")

    def _child(self, values: Mapping[str, Any], path: Path) -> "Section":
        return Section(self.file, values, path, self._places, self.notes)


def _section_path(name: str, seen: Mapping[str, int]) -> Path:
    """Return the path of a header: [a.b] after a second [[a]] is in a[1]; ``seen`` counts the [[a]] so far."""
    path: Path = ()
    parts = [part.strip().strip('"') for part in name.split(".")]
    for end, part in enumerate(parts, 1):
        path = (*path, part)
        above = ".".join(parts[:end])
        if end < len(parts) and above in seen:
            path = (*path, seen[above] - 1)
    return path


def _shown(path: Path) -> str:
    """Return the path as people count: check[1].rule is the rule of the first [[check]]."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


def _places(text: str) -> dict[Path, tuple[int, int]]:
    """Return line and column of each header and each key that begins a line."""
    places: dict[Path, tuple[int, int]] = {}
    seen: dict[str, int] = {}
    section: Path = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            name = header[2].strip().strip('"')
            section = _section_path(name, seen)
            if header[1] == "[[":
                places.setdefault(section, (number, header.start(2) + 1))
                section = (*section, seen.get(name, 0))
                seen[name] = seen.get(name, 0) + 1
            places.setdefault(section, (number, header.start(2) + 1))
        elif key := _KEY.match(line):
            path = section
            for part in key[1].split("."):
                path = (*path, part.strip().strip('"'))
                places.setdefault(path, (number, key.start(1) + 1))
    return places
