"""Reading an election pack (docs/election-pack.md): the files of a folder in, a Pack or every mistake out."""

import hashlib
import re
from collections.abc import Mapping

import cbor2

from golos.model.mistake import Mistake, Notes
from golos.model.pack import Pack
from golos.model.pack_app import parse_app
from golos.model.pack_election import check_references, parse_election
from golos.model.pack_keys import parse_keys
from golos.model.pack_lists import parse_lines, parse_options
from golos.model.pack_places import parse_areas, parse_stations, parse_succession

REQUIRED = ("election.toml", "options.csv", "lines.csv", "areas.csv", "stations.csv")
OPTIONAL = ("succession.csv", "keys.toml", "app.toml")
_MAP = re.compile(r"map/[A-Za-z0-9_-][A-Za-z0-9._-]*\.topo\.json")
FORM = "form/FORM.toml"
_FORM_FILE = re.compile(r"form/(FORM\.toml|[A-Za-z0-9_-][A-Za-z0-9._-]*\.(png|jpg|jpeg|webp|pdf))")

Files = tuple[tuple[str, bytes, int], ...]


def belongs(name: str) -> bool:
    """Return whether a file of that name is part of a pack, and so of the election's id."""
    kinds = (_MAP, _FORM_FILE)
    return name in REQUIRED or name in OPTIONAL or any(kind.fullmatch(name) for kind in kinds)


def list_files(files: Mapping[str, bytes]) -> Files:
    """Return name, SHA-256 and length of the pack's files, by name (docs/formats.md, "Election")."""
    names = sorted((name for name in files if belongs(name)), key=str.encode)
    return tuple((name, hashlib.sha256(files[name]).digest(), len(files[name])) for name in names)


def election_id(files: Files) -> bytes:
    """Return the 32-byte id of the election whose pack has these files."""
    return hashlib.sha256(b"golos/election/v1\n" + cbor2.dumps([list(f) for f in files], canonical=True)).digest()


def parse(files: Mapping[str, bytes]) -> tuple[Pack | None, list[Mistake]]:
    """Return the pack, None if there is any mistake, and all mistakes and warnings in the order of the files."""
    notes = Notes()
    for name in REQUIRED:
        if name not in files:
            notes.mistake(name, 0, 0, "the file is missing")
    for name in files:
        if not belongs(name):
            notes.warn(name, 0, 0, "is no file of a pack and is left out of it")
    pack = _assemble(files, notes) if "election.toml" in files else None
    return (None if notes.fatal else pack), notes.found


def _assemble(files: Mapping[str, bytes], notes: Notes) -> Pack | None:
    election = parse_election(files["election.toml"], [name for name in files if _MAP.fullmatch(name)], notes)
    keys = parse_keys(files["keys.toml"], notes) if "keys.toml" in files else None
    if election is None:
        return None
    languages = election.languages
    contests = parse_options(files.get("options.csv"), languages, election.contests, notes)
    lines = parse_lines(files.get("lines.csv"), languages, contests, notes)
    areas = parse_areas(files.get("areas.csv"), languages, notes)
    stations = parse_stations(files.get("stations.csv"), languages, areas, election.stations_announced, notes)
    succession = parse_succession(files.get("succession.csv"), stations, notes)
    check_references(election, contests, lines, stations, notes)
    listed = list_files(files)
    offline_page = parse_app(files["app.toml"], notes) if "app.toml" in files else ""
    return Pack(
        id=election_id(listed),
        names=election.names,
        date=election.date,
        round=election.round,
        cancelled=election.cancelled,
        languages=languages,
        contests=contests,
        lines=lines,
        checks=election.checks,
        areas=areas,
        stations=stations,
        policy=election.policy,
        keys=keys,
        files=listed,
        stations_announced=election.stations_announced,
        incidents=election.incidents,
        succession=succession,
        outlines=election.outlines,
        offline_page=offline_page,
        previous=election.previous,
    )
