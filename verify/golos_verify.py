#!/usr/bin/env python3
"""Recompute a Golos publication from nothing but its own files.

    python3 golos_verify.py DIR [--election HEX] [--checkpoint FILE] [--json] [--quiet]
    python3 golos_verify.py page DIR PATH [--election HEX] [--publisher KEY] [--json] [--quiet]

DIR is a published folder or any mirror of it. The program needs Python 3.11 and the package ``cryptography`` and shares
no code with Golos: it is written from four pages of Golos's documentation, which its comments cite by name and
section: formats.md, counting.md, records.cddl, election-pack.md. It stops at the first thing that is wrong.
``page`` checks one file, say en/index.html, with the three small files that lead to it, and recomputes nothing.

Exit 0: ``OK`` and the figures. Exit 1: ``WRONG: where: what``. Exit 2: the folder can't be read, or a wrong command.

    A  the folder     every file is listed, unchanged, and signed for by the publisher
    B  the pack       the election's id, its keys, options, areas and stations
    C  the log        checkpoint, witnesses, every tile, every record
    D  the records    encoding, grammar, signatures, tokens
    E  the opening    what may be closed, what the stewards opened, which ballots win
    F  the count      tiers, tables, figures
    G  the rules      findings C1 to C8, grades, bounds
    H  the data       every number published, cell by cell
"""

from __future__ import annotations

import argparse
import base64
import csv
import gc
import hashlib
import io
import json
import os
import re
import stat
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
    from cryptography.hazmat.primitives.hashes import SHA384
except ImportError:  # said plainly, for the person who runs this outside a project
    sys.exit("golos_verify needs the package cryptography: python3 -m pip install cryptography")

ALONE = 20_000
"""A log of fewer entries is verified by one process."""
CLOSED = 0xFFFFFFFF
FORM = "golos/publication/v2"
TIERS = ("declared", "photographed", "read", "confirmed")
BOUND = "bound"  # counting.md section 2: the tier that only a pack with ``binding`` has
GRADES = ("proven", "strong", "suspicious", "consistent", "can't tell", "no data")
LARGEST = 1_000_000_000  # counting.md section 3: a larger figure is none
Json = Any
Record = list[Any]


class Wrong(Exception):
    """The first thing that is wrong: where it is, and what it is."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


class Unreadable(Exception):
    """The folder or the command line can't be worked with at all."""


def sha256(data: bytes) -> bytes:
    """Return H of formats.md."""
    return hashlib.sha256(data).digest()


def shown(value: object) -> str:
    """Return a value as one short printable line, whatever it holds."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return text if len(text) <= 160 else text[:157] + "..."


# ---------------------------------------------------------------------------------------------------------------------
# A  The folder: formats.md, "The published folder"


Listed = tuple[int, str, str]
"""Length and SHA-256 of a file, and the list that says so."""


class Folder:
    """The published files. Nothing is read that the lists below index.csv do not name; links are refused."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if not root.is_dir():
            raise Unreadable(f"{root} is no folder")
        if not (root / "index").is_file() or not (root / "index.csv").is_file():
            raise Unreadable(f"{root} is no published folder: it has no index and index.csv")
        self.lists: dict[str, Listed] = {}
        self.paths: dict[str, Listed] = {}

    def read(self, path: str) -> bytes:
        """Return the bytes of a listed file, again held against its list: it may have changed while we work."""
        if path not in self.paths:
            raise Wrong(path, "is missing: no list names it, and it has to be there")
        return self._read(path, self.paths[path])

    def _read(self, path: str, listed: Listed) -> bytes:
        length, digest, by = listed
        with self.root.joinpath(path).open("rb") as file:
            data = file.read(length + 1)  # never more, however large the file has been made
        if len(data) != length:
            raise Wrong(path, f"has {len(data) if len(data) < length else 'more'} bytes, {by} says {length}")
        if hashlib.sha256(data).hexdigest() != digest:
            raise Wrong(path, f"was changed: its SHA-256 is not {digest[:16]}... of {by}")
        return data

    def check(self) -> Note:
        """Check every file against the lists, these against index.csv, that against the note, and return the note."""
        note = self.check_root()
        found = set(_walk(self.root, ""))
        for path in self.lists:
            if path not in found:
                raise Wrong(path, "is missing: index.csv lists it, the folder does not have it")
            self.check_list(path)
        for path in sorted(self.paths.keys() - found):
            raise Wrong(path, f"is missing: {self.paths[path][2]} lists it, the folder does not have it")
        for path in sorted(found - self.paths.keys() - self.lists.keys() - {"index", "index.csv"}):
            raise Wrong(path, "was added: the folder has it, no list names it")
        for path in self.paths:
            self.read(path)
        return note

    def check_root(self) -> Note:
        """Read the note and the root list that it names."""
        data = self.root.joinpath("index.csv").read_bytes()
        note = Note("index", self.root.joinpath("index").read_bytes())
        if note.text.split("\n")[4:] != [sha256(data).hex(), ""]:
            raise Wrong("index", "does not name the SHA-256 of index.csv on its fifth and last line")
        self.lists = dict(_index_rows("index.csv", data))
        digits = {len(path) for path in self.lists}
        for number, path in enumerate(self.lists, 2):
            if not re.fullmatch(r"lists/[0-9a-f]{1,4}\.csv", path) or len(digits) > 1:
                what = "is no shard list, or its shard has more or fewer digits than another"
                raise Wrong(f"index.csv: line {number}", f"{shown(path)} {what}")
        return note

    def check_list(self, path: str) -> None:
        """Read a shard list: it is the one that index.csv names, and holds what belongs to its shard alone."""
        rows_ = dict(_index_rows(path, self._read(path, self.lists[path])))
        if not rows_:
            raise Wrong(path, "is empty: a shard without a file has no list")
        for number, name in enumerate(rows_, 2):
            if self.list_of(name) != path:
                raise Wrong(f"{path}: line {number}", f"{shown(name)} belongs to {self.list_of(name)}, not here")
        self.paths.update(rows_)

    def list_of(self, path: str) -> str:
        """Return the shard list that a path belongs to."""
        digits = len(next(iter(self.lists), "lists/0.csv")) - len("lists/.csv")
        return f"lists/{sha256(path.encode()).hex()[:digits]}.csv"

    def under(self, prefix: str) -> list[str]:
        """Return the listed paths below a folder."""
        return [path for path in self.paths if path.startswith(prefix)]


def _index_rows(where: str, data: bytes) -> Iterator[tuple[str, Listed]]:
    """Yield the rows of the root list or of a shard list."""
    lines = _text(where, data).split("\n")
    if lines[0] != "path,length,sha256" or lines[-1] != "":
        raise Wrong(f"{where}: line 1", "has to be path,length,sha256, and the file has to end with a line feed")
    before = b""
    for number, line in enumerate(lines[1:-1], 2):
        at = f"{where}: line {number}"
        cells = line.split(",")
        if len(cells) != 3 or not re.fullmatch(r"0|[1-9][0-9]{0,14}", cells[1]):
            raise Wrong(at, "is no path,length,sha256")
        path, length, digest = cells
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise Wrong(at, "has no SHA-256 in lower case hex")
        if not _is_safe(path):
            raise Wrong(at, f"{shown(path)} is no path inside this folder")
        if path in ("index", "index.csv") or (path.startswith("lists/") and where != "index.csv"):
            raise Wrong(at, f"lists {path} itself, which is part of the index")
        if path.encode() <= before:
            raise Wrong(at, f"{shown(path)} is listed twice or out of order (sorted by bytes)")
        before = path.encode()
        yield path, (int(length), digest, where)


def _is_safe(path: str) -> bool:
    parts = path.split("/")
    bad = any(c in path for c in '\\:"\r\x00') or not path.isprintable()
    return not bad and all(part not in ("", ".", "..") for part in parts)


def _walk(root: Path, prefix: str) -> Iterator[str]:
    with os.scandir(root / prefix) as entries:
        for entry in entries:
            path = prefix + entry.name
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                yield from _walk(root, path + "/")
            elif stat.S_ISREG(mode):
                yield path
            else:
                raise Wrong(shown(path), "is a link or a device, not a file")


def _text(where: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Wrong(where, f"byte {error.start} is not UTF-8") from None


# ---------------------------------------------------------------------------------------------------------------------
# Signatures: formats.md, "Records and signatures"; C2SP signed-note and tlog-cosignature

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_Y8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
# The encodings that are refused as public key or R: y of one of the eight torsion points, or y >= p; either sign.
_REFUSED = frozenset(
    (y + sign).to_bytes(32, "little") for y in (0, 1, _P - 1, _Y8, _P - _Y8, *range(_P, 2**255)) for sign in (0, 2**255)
)


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the signature is good, strictly: no small order, nothing non-canonical, S < L."""
    if len(key) != 32 or len(signature) != 64 or key in _REFUSED or signature[:32] in _REFUSED:
        return False
    if signature[63] & 0xF0 and int.from_bytes(signature[32:], "little") >= _ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Verifier:
    """A signed-note verifier key: ``name+hash+base64(algorithm || key)``; 1 signs the text, 4 a time and the text."""

    name: str
    hash: bytes
    algorithm: int
    key: bytes

    @staticmethod
    def parse(where: str, text: str) -> Verifier:
        """Return the key; Wrong if the text is none."""
        name, _, rest = text.partition("+")
        digest, _, encoded = rest.partition("+")
        key = _base64(encoded)
        if key is None or len(key) != 33 or key[0] not in (1, 4) or not re.fullmatch(r"[^\s+]+", name):
            raise Wrong(where, f"{shown(text)} is no verifier key of a signed note")
        if sha256(name.encode() + b"\n" + key)[:4].hex() != digest:
            raise Wrong(where, f"{shown(text)} has a wrong hash")
        return Verifier(name, bytes.fromhex(digest), key[0], key[1:])

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Return whether this key made the signature over the note's text."""
        if self.algorithm == 1:
            return ed25519(self.key, text, signature)
        time = int.from_bytes(signature[:8], "big")
        return ed25519(self.key, b"cosignature/v1\ntime %d\n" % time + text, signature[8:])


class Note:
    """A signed note: a text, and lines of signatures."""

    def __init__(self, where: str, data: bytes) -> None:
        self.where = where
        text, blank, tail = _text(where, data).rpartition("\n\n")
        if not blank or not tail.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text + tail):
            raise Wrong(where, "is no signed note: a text, an empty line, signatures")
        self.text = text + "\n"
        self.signatures: list[tuple[str, bytes]] = []
        for line in tail[:-1].split("\n"):
            match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
            signature = _base64(match[2]) if match else None
            if match is None or signature is None or len(signature) < 5:
                raise Wrong(where, f"{shown(line)} is no signature line of a note")
            self.signatures.append((match[1], signature))

    def signed_by(self, key: Verifier) -> bool:
        """Return whether that key signed. A bad signature of its name is wrong; those of other keys say nothing."""
        mine = [s[4:] for name, s in self.signatures if name == key.name and s[:4] == key.hash]
        if not all(key.signed(self.text.encode(), signature) for signature in mine):
            raise Wrong(
                self.where, f"the signature of {shown(key.name)} does not verify: text or signature was changed"
            )
        return bool(mine)


def _base64(text: str) -> bytes | None:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


# ---------------------------------------------------------------------------------------------------------------------
# Deterministic CBOR (RFC 8949 section 4.2.1), as much of it as records.cddl uses


class Malformed(ValueError):
    """Bytes that are no deterministic CBOR, or no record."""


def cbor(data: bytes) -> tuple[Record, int]:
    """Return the array that ``data`` is, and where its last item begins. One value has exactly one spelling."""
    major, count, at = _head(data, 0)
    if major != 4 or count == 0 or count > len(data):
        raise Malformed("is no array")
    items, last = [], at
    for _ in range(count):
        last = at
        value, at = _item(data, at, 1)
        items.append(value)
    if at != len(data):
        raise Malformed(f"has {len(data) - at} bytes behind its end")
    return items, last


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(data):
        raise Malformed("ends too early")
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, at + 1
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(low)
    if size is None or major == 7 or at + 1 + size > len(data):
        raise Malformed(f"has no deterministic CBOR at byte {at}")
    value = int.from_bytes(data[at + 1 : at + 1 + size], "big")
    if value < (24 if size == 1 else 1 << (4 * size)):
        raise Malformed(f"spells a length or number longer than need be at byte {at}")
    return major, value, at + 1 + size


def _item(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    major, value, after = _head(data, at)
    if major == 0:
        return value, after
    if major in (2, 3):
        end = after + value
        if end > len(data):
            raise Malformed("ends too early")
        if major == 2:
            return data[after:end], end
        try:
            return data[after:end].decode(), end
        except UnicodeDecodeError:
            raise Malformed(f"has a text that is not UTF-8 at byte {after}") from None
    if major == 4 and depth < 8 and value <= len(data):
        items = []
        for _ in range(value):
            item, after = _item(data, after, depth + 1)
            items.append(item)
        return items, after
    if major == 7 and value in (20, 21, 22):
        return (False, True, None)[value - 20], after
    raise Malformed(f"has an item that no record has at byte {at}")


def cbor_of(value: Json) -> bytes:
    """Return the deterministic CBOR of whole numbers, bytes, texts and lists."""
    if isinstance(value, int):
        return _head_of(0, value)
    if isinstance(value, bytes):
        return _head_of(2, len(value)) + value
    if isinstance(value, str):
        return _head_of(3, len(value.encode())) + value.encode()
    return _head_of(4, len(value)) + b"".join(cbor_of(item) for item in value)


def _head_of(major: int, value: int) -> bytes:
    if value < 24:
        return bytes([major << 5 | value])
    size = next(s for s in (1, 2, 4, 8) if value < 1 << (8 * s))
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + value.to_bytes(size, "big")


# ---------------------------------------------------------------------------------------------------------------------
# B  The pack: election-pack.md


@dataclass(frozen=True)
class Contest:
    """One question put to voters."""

    id: str
    options: tuple[str, ...]
    max_choices: int


@dataclass(frozen=True)
class Check:
    """Lines that must agree: rule C5."""

    id: str
    left: tuple[str, ...]
    relation: str
    right: tuple[str, ...]


@dataclass
class Keys:
    """keys.toml: the keys that this program needs."""

    log: Verifier
    publisher: Verifier
    witnesses: list[Verifier]
    quorum: int
    stewards: set[bytes]
    threshold: int
    registrar: bytes
    receiver: bytes
    issuer: str
    cohorts: dict[bytes, tuple[str, RSAPublicKey]]
    reissue: set[bytes]
    organisations: dict[bytes, str]


@dataclass
class Pack:
    """The election: what of its pack the count needs."""

    id: bytes
    files: list[list[Any]]
    languages: list[str]
    contests: list[Contest]
    lines: list[tuple[str, str]]
    checks: list[Check]
    areas: dict[str, dict[str, str]]
    stations: dict[str, dict[str, str]]
    succession: dict[str, str]
    k: int
    announced: int | None
    cancelled: bool
    binding: bool
    keys: Keys
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Station to the areas it lies in, from its own up to the nation."""

    @property
    def counted(self) -> list[Contest]:
        """Return the contests that are counted: none of a cancelled election (counting.md section 4)."""
        return [] if self.cancelled else self.contests

    @property
    def tiers(self) -> tuple[str, ...]:
        """Return the tiers of the log's own ballots."""
        return (*TIERS, BOUND) if self.binding else TIERS

    def line(self, role: str) -> str | None:
        """Return the first line of that role."""
        return next((name for name, its in self.lines if its == role), None)

    def station(self, code: str) -> str | None:
        """Return the station of that code, or the one that took its place (one step only); None if there is none."""
        if code not in self.stations:
            code = self.succession.get(code, "")
        return code if code in self.stations else None


def read_pack(folder: Folder) -> Pack:
    """Read pack/ and derive the election's id from its files (formats.md, "Election")."""
    data = {path[5:]: folder.read(path) for path in folder.under("pack/")}
    names = sorted(data, key=str.encode)
    files = [[name, sha256(data[name]), len(data[name])] for name in names]
    for name in ("election.toml", "options.csv", "lines.csv", "areas.csv", "stations.csv", "keys.toml"):
        if name not in data:
            raise Wrong(f"pack/{name}", "is missing: it has to be part of the pack")
    toml = _toml("pack/election.toml", data["election.toml"])
    try:
        election, policy = toml["election"], toml.get("policy", {})
        languages = [str(language) for language in election["languages"]]
        limits = {str(c["id"]): int(c.get("max_choices", 1)) for c in toml["contest"]}
        checks = [_check(str(c["id"]), str(c["rule"])) for c in toml.get("check", [])]
        k, binding = int(policy.get("k", 5)), policy.get("binding", False) is True
        announced = election.get("stations_announced")
        announced = None if announced is None else int(announced)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Wrong("pack/election.toml", f"can't be understood ({type(error).__name__} {shown(str(error))})") from None
    options = rows("pack/options.csv", data["options.csv"], ("contest", "id"))
    pack = Pack(
        id=sha256(b"golos/election/v1\n" + cbor_of(files)),
        files=files,
        languages=languages,
        contests=[Contest(c, tuple(o["id"] for o in options if o["contest"] == c), m) for c, m in limits.items()],
        lines=[(row["id"], row.get("role", "")) for row in rows("pack/lines.csv", data["lines.csv"], ("id", "role"))],
        checks=checks,
        areas=_by_code("pack/areas.csv", rows("pack/areas.csv", data["areas.csv"], ("code", "parent"))),
        stations=_by_code("pack/stations.csv", rows("pack/stations.csv", data["stations.csv"], ("code", "area"))),
        succession={},
        k=k,
        announced=announced,
        cancelled=bool(election.get("cancelled")),
        binding=binding,
        keys=_keys("pack/keys.toml", data["keys.toml"]),
    )
    if "succession.csv" in data:
        moved = rows("pack/succession.csv", data["succession.csv"], ("old", "new"))
        pack.succession = {row["old"]: row["new"] for row in moved}
    pack.above = {code: _path_up(pack, code, row["area"]) for code, row in pack.stations.items()}
    return pack


def _path_up(pack: Pack, station: str, area: str) -> tuple[str, ...]:
    path: list[str] = []
    while area:
        if area not in pack.areas or area in path:
            raise Wrong(
                "pack/areas.csv", f"station {shown(station)} lies in {shown(area)}, which is unknown or a cycle"
            )
        path.append(area)
        area = pack.areas[area]["parent"]
    return tuple(path)


def _check(name: str, rule: str) -> Check:
    match = re.fullmatch(r"([^=<]+)(==|<=)([^=<]+)", rule)
    if not match:
        raise ValueError(f"check {name} has no == or <=")
    left, right = (tuple(part.strip() for part in match[side].split("+")) for side in (1, 3))
    return Check(name, left, match[2], right)


def _keys(where: str, data: bytes) -> Keys:
    toml = _toml(where, data)
    try:
        return Keys(
            log=Verifier.parse(f"{where}: log", str(toml["log"])),
            publisher=Verifier.parse(f"{where}: publisher", str(toml["publisher"])),
            witnesses=[Verifier.parse(f"{where}: witnesses", str(w)) for w in toml.get("witnesses", [])],
            quorum=int(toml.get("quorum", 0)),
            stewards={bytes.fromhex(key) for key in toml["stewards"]},
            threshold=int(toml["threshold"]),
            registrar=bytes.fromhex(toml["registrar"]),
            receiver=bytes.fromhex(toml["receiver"]),
            issuer=str(toml["issuer"]),
            cohorts=dict(_cohort(c) for c in toml.get("cohort", [])),
            reissue={_cohort(c)[0] for c in toml.get("cohort", []) if c.get("reissue") is True},
            organisations={bytes.fromhex(o["key"]): str(o["name"]) for o in toml.get("organisation", [])},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Wrong(where, f"can't be understood ({type(error).__name__} {shown(str(error))})") from None


# formats.md, "Token": SubjectPublicKeyInfo, id-RSASSA-PSS, SHA-384, MGF1-SHA-384, salt 48, RSA-2048, up to the modulus.
_SPKI = bytes.fromhex(
    "30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d010108"
    "300b0609608648016503040202a2030201300382010f003082010a0282010100"
)
_EXPONENT = bytes.fromhex("0203010001")


def _cohort(section: Mapping[str, Any]) -> tuple[bytes, tuple[str, RSAPublicKey]]:
    der = _base64(str(section["key"])) or b""
    if len(der) != len(_SPKI) + 256 + 5 or not der.startswith(_SPKI) or not der.endswith(_EXPONENT):
        raise ValueError(f"cohort {section['name']}: no RSA-2048 key for RSASSA-PSS as formats.md describes it")
    modulus = int.from_bytes(der[len(_SPKI) : -5], "big")
    return sha256(der), (str(section["name"]), RSAPublicNumbers(65537, modulus).public_key())


def _toml(where: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise Wrong(where, f"is no TOML ({shown(str(error))})") from None


def rows(where: str, data: bytes, needed: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the pack as dictionaries, cells stripped, a BOM accepted."""
    reader = csv.reader(io.StringIO(_text(where, data).removeprefix("\ufeff"), newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise Wrong(f"{where}: line {reader.line_num}", f"is no CSV ({error})") from None
    header = [name.strip() for name in lines[0]] if lines else []
    for name in needed:
        if name not in header:
            raise Wrong(where, f"has no column {name}")
    return [
        dict(zip(header, (c.strip() for c in line), strict=False)) for line in lines[1:] if len(line) == len(header)
    ]


def _by_code(where: str, found: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    codes = {row["code"]: row for row in found}
    if len(codes) != len(found):
        raise Wrong(where, "has a code twice")
    return codes


# ---------------------------------------------------------------------------------------------------------------------
# C  The log: formats.md, "Log"; C2SP tlog-tiles over RFC 6962 hashing


@dataclass(frozen=True)
class Checkpoint:
    """What the log signed: so many entries, with this root."""

    size: int
    root: bytes
    note: Note


def read_checkpoint(where: str, data: bytes, log: Verifier) -> Checkpoint:
    """Return a checkpoint that the log signed."""
    note = Note(where, data)
    lines = note.text.split("\n")
    if len(lines) < 4 or lines[0] != log.name:
        raise Wrong(where, f"is no checkpoint of the log {shown(log.name)}")
    root = _base64(lines[2]) or b""
    if not re.fullmatch(r"0|[1-9][0-9]{0,14}", lines[1]) or len(root) != 32:
        raise Wrong(where, "has no size and root")
    if not note.signed_by(log):
        raise Wrong(where, f"is not signed by the log's key {shown(log.name)}")
    return Checkpoint(int(lines[1]), root, note)


def witnesses_of(checkpoint: Checkpoint, keys: Keys) -> list[str]:
    """Return the witnesses that cosigned; at least the pack's quorum has to."""
    names = [w.name for w in keys.witnesses if checkpoint.note.signed_by(w)]
    if len(names) < keys.quorum:
        raise Wrong("checkpoint", f"has the cosignatures of {len(names)} witnesses, the pack asks for {keys.quorum}")
    return names


def fold(nodes: list[bytes]) -> list[bytes]:
    """Return the level above: pairs hashed, an odd last node carried up (RFC 6962 section 2.1)."""
    hash_ = hashlib.sha256
    above = [hash_(b"\x01" + a + b).digest() for a, b in zip(nodes[::2], nodes[1::2], strict=False)]
    return above + nodes[-1:] if len(nodes) % 2 else above


def tree_root(leaves: list[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    if not leaves:
        return sha256(b"")
    while len(leaves) > 1:
        leaves = fold(leaves)
    return leaves[0]


def tile_names(count: int) -> list[str]:
    """Return the names of the tiles of a level with so many hashes: full ones, then the partial one."""
    names = [_tile_number(n) for n in range(count // 256)]
    return [*names, f"{_tile_number(count // 256)}.p/{count % 256}"] if count % 256 else names


def _tile_number(number: int) -> str:
    text = f"{number % 1000:03d}"
    while number >= 1000:
        number //= 1000
        text = f"x{number % 1000:03d}/{text}"
    return text


def read_tree(folder: Folder, checkpoint: Checkpoint) -> tuple[list[bytes], list[bytes]]:
    """Return each leaf's data and each leaf's hash; every tile of every level has to follow from them."""
    names = tile_names(checkpoint.size)
    data: list[bytes] = []
    expected = {f"tile/entries/{name}" for name in names}
    for number, name in enumerate(names):
        path = f"tile/entries/{name}"
        bundle = folder.read(path)
        width = min(256, checkpoint.size - 256 * number)
        if len(bundle) != 34 * width or any(bundle[i : i + 2] != b"\x00\x20" for i in range(0, len(bundle), 34)):
            raise Wrong(path, f"is no bundle of {width} entries of 32 bytes")
        data += [bundle[i + 2 : i + 34] for i in range(0, len(bundle), 34)]
    leaves = nodes = [sha256(b"\x00" + entry) for entry in data]
    level = 0
    while nodes:
        for number, name in enumerate(tile_names(len(nodes))):
            path = f"tile/{level}/{name}"
            expected.add(path)
            if folder.read(path) != b"".join(nodes[256 * number : 256 * number + 256]):
                raise Wrong(path, "does not follow from the entries below it")
        nodes = nodes[: len(nodes) // 256 * 256]
        for _ in range(8):
            nodes = fold(nodes)
        level += 1
    if tree_root(leaves) != checkpoint.root:
        raise Wrong("checkpoint", f"its root is not that of the {checkpoint.size} entries in tile/entries")
    only(folder, "tile/", expected)
    return data, leaves


def only(folder: Folder, prefix: str, expected: set[str]) -> None:
    """Nothing may lie in a folder but what belongs there."""
    for path in folder.under(prefix):
        if path not in expected:
            raise Wrong(path, "does not belong into this folder: formats.md knows no such file")


def bundle_items(where: str, data: bytes, width: int) -> list[bytes | None]:
    """Return the items of a bundle of records/ or openings/; None is a closed or absent one."""
    items: list[bytes | None] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        at += 4
        if length == CLOSED and at <= len(data):
            items.append(None)
            continue
        if at + length > len(data):
            raise Wrong(where, f"ends within item {len(items)}")
        items.append(data[at : at + length])
        at += length
    if len(items) != width:
        raise Wrong(where, f"has {len(items)} items, the tree has {width} there")
    return items


# ---------------------------------------------------------------------------------------------------------------------
# D  The records: records.cddl, and formats.md "Records and signatures", "Token"

Form = Callable[[Any], bool]


def _bytes(length: int) -> Form:
    return lambda v: type(v) is bytes and len(v) == length


def _one_of(*texts: str) -> Form:
    return lambda v: type(v) is str and v in texts


def _list_of(form: Form, most: int | None = None) -> Form:
    return lambda v: type(v) is list and (most is None or len(v) <= most) and all(map(form, v))


def _tuple(*forms: Form) -> Form:
    return lambda v: type(v) is list and len(v) == len(forms) and all(f(i) for f, i in zip(forms, v, strict=True))


def _or_null(form: Form) -> Form:
    return lambda v: v is None or form(v)


def _text_of(value: Json) -> bool:
    return type(value) is str


def _reason(value: Json) -> bool:
    return type(value) is str and 1 <= len(value.encode()) <= 8000


def _name(value: Json) -> bool:
    return type(value) is str and 1 <= len(value) <= 200 and len(value.encode()) <= 800


def _count(value: Json) -> bool:
    return type(value) is int and 0 <= value <= 9007199254740991


def _unit(value: Json) -> bool:
    return _count(value) and value > 0


def _flag(value: Json) -> bool:
    return type(value) is bool


_HASH = _KEY = _bytes(32)
_SIGNATURE = _bytes(64)
_SIGNATURES = _list_of(_tuple(_KEY, _SIGNATURE), 32)
_ACCREDITATION = _tuple(_KEY, _SIGNATURE)
_CHOICES = _list_of(_tuple(_name, _list_of(_name)), 32)
_STATUS = _one_of("ballot", "not_a_ballot", "unreadable", "copy")
_TOKEN = _bytes(354)
_LINES = _list_of(_tuple(_name, _or_null(_count)), 256)
_OFFICIAL = (_name, _name, _name, _flag, _text_of, _count, _unit)
_TABLE = (_name, _one_of("citizens", "protocol", "turnout", "sample"), _one_of("", *TIERS), _name, _count, _flag)

# What follows kind, version 1 and election.
GRAMMAR: dict[str, tuple[Form, ...]] = {
    "pack": (_list_of(_tuple(_name, _HASH, _count)), _SIGNATURES),
    "key": (_one_of("grant", "revoke"), _one_of("reader", "machine", "clerk"), _KEY, _KEY, _SIGNATURE),
    "enrolment": (_HASH, _HASH, _SIGNATURE),
    "ballot": (_KEY, _TOKEN, _count, _or_null(_HASH), _HASH, _HASH, _SIGNATURE),
    "withdrawal": (_KEY, _TOKEN, _count, _SIGNATURE),
    "photo": (_HASH, _count, _SIGNATURE),
    "protocol": (_KEY, _ACCREDITATION, _count, _name, _LINES, _or_null(_HASH), _SIGNATURE),
    "turnout": (_KEY, _ACCREDITATION, _count, _name, _name, _count, _count, _flag, _SIGNATURE),
    "incident": (_KEY, _ACCREDITATION, _count, _name, _name, _SIGNATURE),
    "reading": (_HASH, _KEY, _STATUS, _CHOICES, _or_null(_HASH), _bytes(16), _SIGNATURE),
    "verdict": (_HASH, _KEY, _STATUS, _CHOICES, _bytes(16), _SIGNATURE),
    "binding": (_HASH, _KEY, _KEY, _SIGNATURE),
    "official": (*_OFFICIAL, _list_of(_tuple(_name, _count), 256), _KEY, _SIGNATURE),
    "table": (*_TABLE, _HASH, _HASH, _HASH, _count, _KEY, _SIGNATURE),
    "retraction": (_name, _reason, _KEY, _SIGNATURE),
    "freeze": (_count, _HASH, _SIGNATURES),
    "opening": (_count, _count, _count, _HASH, _HASH, _count, _list_of(_count), _SIGNATURES),
}
_INNER = _tuple(_one_of("inner"), lambda v: type(v) is int and v == 1, _name, _CHOICES, _HASH)
LABEL = b"golos/record/v1\n"
_BALLOT_HEAD = b"\x8a\x66ballot\x01\x58\x20"
# What counts as a ballot or withdrawal even where the rest is no record (counting.md section 1, "logged").
_VOTER_HEAD = re.compile(rb"[\x81-\x97](\x66ballot|\x6awithdrawal)")
_VERDICT_KINDS = ("reading", "verdict", "binding")
_VOTER_KINDS = ("ballot", "withdrawal")


def parse_record(data: bytes) -> tuple[Record, int]:
    """Return a record as a list, and where its signatures begin; Malformed if records.cddl has no such record."""
    record, last = cbor(data)
    forms = GRAMMAR.get(record[0]) if type(record[0]) is str else None
    if forms is None or len(record) != len(forms) + 3:
        raise Malformed("is of no kind that records.cddl has")
    if type(record[1]) is not int or record[1] != 1 or not _HASH(record[2]):
        raise Malformed("has no version 1 and election")
    for position, form in enumerate(forms, 3):
        if not form(record[position]):
            raise Malformed(f"field {position} of a {record[0]} has another form in records.cddl")
    return record, last


@dataclass(slots=True)
class Voter:
    """A ballot or withdrawal. ``cohort`` is None where it is not valid."""

    index: int
    key: bytes
    sequence: int
    photo: bytes | None
    inner: bytes | None
    digest: bytes
    cohort: bytes | None


@dataclass(slots=True)
class Mark:
    """A reading or verdict of a key that may give it."""

    index: int
    key: bytes
    status: str
    choices: list[Any]


@dataclass
class Log:
    """What the records say, each already checked for its signature and the right of its signer."""

    size: int
    closed: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    ignored: list[str] = field(default_factory=list)
    voters: list[Voter] = field(default_factory=list)
    photos: dict[bytes, int] = field(default_factory=dict)
    readings: dict[bytes, list[Mark]] = field(default_factory=dict)
    verdicts: dict[bytes, list[Mark]] = field(default_factory=dict)
    senders: dict[bytes, set[bytes]] = field(default_factory=dict)
    """Photograph to the keys that it is bound to."""
    marked: list[tuple[int, str, bytes]] = field(default_factory=list)
    """Index, kind and photograph of every public reading, verdict and binding, good or not."""
    roles: set[tuple[bytes, str]] = field(default_factory=set)
    issued: Counter[bytes] = field(default_factory=Counter)
    protocols: list[tuple[int, bytes, Record]] = field(default_factory=list)
    turnouts: list[tuple[int, bytes, Record]] = field(default_factory=list)
    officials: list[tuple[int, Record]] = field(default_factory=list)
    tables: list[tuple[int, Record]] = field(default_factory=list)
    retractions: dict[str, str] = field(default_factory=dict)
    freeze: tuple[int, Record] | None = None
    opening: tuple[int, Record] | None = None
    unsigned: str = ""
    """Says which opening or freeze lacks signatures, for the message that follows from it."""

    @property
    def frozen(self) -> int:
        """Return the size below which voters' records count."""
        return self.freeze[1][3] if self.freeze else self.size

    @property
    def opened(self) -> int:
        """Return the size below which the newest opening lays ballots open."""
        return self.opening[1][4] if self.opening else 0


class Reader:
    """Reads the records in log order. An entry that is not right in itself counts nowhere (counting.md section 1)."""

    def __init__(self, pack: Pack, size: int) -> None:
        self.pack, self.keys, self.log = pack, pack.keys, Log(size)
        issuer = self.keys.issuer.encode()
        challenge = b"\x00\x02" + len(issuer).to_bytes(2, "big") + issuer + b"\x20" + pack.id + b"\x00\x00"
        self._token_head = b"\x00\x02", sha256(challenge)  # RFC 9577 section 2.1
        self._ballot_head = _BALLOT_HEAD + pack.id + b"\x58\x20"
        self._pss, self._hash = PSS(MGF1(SHA384()), 48), SHA384()
        self.answers: list[bool] = []
        """What the checks of signatures and tokens have said, in their order."""
        self.told: Iterator[bool] = iter(())
        """What they said in another process, for the records that come now; after its end they are made here."""

    def read(self, index: int, digest: bytes, data: bytes) -> None:
        """Take in one public record."""
        if data.startswith(self._ballot_head) and self._fast_ballot(index, digest, data):
            return
        try:
            record, last = parse_record(data)
        except Malformed as error:
            self._ignore(index, str(error))
            if _VOTER_HEAD.match(data):
                self.log.voters.append(Voter(index, b"", 0, None, None, digest, None))
            return
        kind = record[0]
        self.log.kinds[kind] += 1
        if kind in _VOTER_KINDS:
            self._voter(index, digest, data, record)
        elif kind in _VERDICT_KINDS:
            self.log.marked.append((index, kind, record[3]))
        if kind in _VOTER_KINDS or kind == "incident":
            return
        if record[2] != self.pack.id:
            self._ignore(index, f"is a {kind} of another election")
        elif type(record[-1]) is list:
            self._joint(index, data, record, last)
        elif not self._signed(self._signer(record), LABEL + data[:-66] + b"\x40", record[-1]):
            self._ignore(index, f"is a {kind} whose signature does not verify")
        else:
            getattr(self, f"_{kind}")(index, digest, record)

    def _signed(self, key: bytes, message: bytes, signature: bytes) -> bool:
        told = next(self.told, None)
        self.answers.append(ed25519(key, message, signature) if told is None else told)
        return self.answers[-1]

    def _ignore(self, index: int, why: str) -> None:
        if index == 0:
            raise Wrong("leaf 0", f"has to be the pack of this election, but {why}")
        self.log.ignored.append(f"leaf {index} {why}")

    def _signer(self, record: Record) -> bytes:
        """Return the key that has to have signed (formats.md, "Records and signatures")."""
        kind = record[0]
        if kind in ("enrolment", "photo"):
            return self.keys.registrar if kind == "enrolment" else self.keys.receiver
        if kind in ("protocol", "turnout"):
            return bytes(record[3])
        return bytes(record[4] if kind in _VERDICT_KINDS else record[-2])

    def _joint(self, index: int, data: bytes, record: Record, last: int) -> None:
        message = LABEL + data[:last] + b"\x80"
        stewards = [(key, signature) for key, signature in record[-1] if key in self.keys.stewards]
        good = {key for key, signature in stewards if self._signed(key, message, signature)}
        kind = record[0]
        if len(good) < self.keys.threshold:
            text = f"is the {kind} with {len(good)} good steward signatures of the {self.keys.threshold} it needs"
            if kind != "pack":
                self.log.unsigned = f" (leaf {index} {text})"
            self._ignore(index, text)
        elif kind == "pack":
            if index == 0 and record[3] != self.pack.files:
                raise Wrong("leaf 0", "lists other files of the pack than pack/ holds")
        elif record[4 if kind == "opening" else 3] > index:
            self._ignore(index, f"is the {kind} of more entries than stand before it")
        elif kind == "opening":
            self.log.opening = index, record
        elif self.log.freeze is None:
            self.log.freeze = index, record

    # Voters' records. The fast path reads a ballot by its fixed offsets; whatever does not fit goes the long way.

    def _fast_ballot(self, index: int, digest: bytes, data: bytes) -> bool:
        at = 434  # head 11, election 32, key 2 + 32, token 3 + 354
        if len(data) < 570 or data[77:80] != b"\x59\x01\x62":
            return False
        first = data[at]
        width = 1 if first < 24 else {24: 2, 25: 3, 26: 5, 27: 9}.get(first, 0)
        body = data[at + width : -134]
        if not width or data[-134:-132] != b"\x58\x20" or data[-100:-98] != b"\x58\x20" or data[-66:-64] != b"\x58\x40":
            return False
        photo = None if body == b"\xf6" else body[2:]
        if photo is not None and (len(body) != 34 or body[:2] != b"\x58\x20"):
            return False
        try:
            _, sequence, _ = _head(data, at)
        except Malformed:
            return False
        if sequence > 9007199254740991:
            return False
        self.log.kinds["ballot"] += 1
        key = data[45:77]
        cohort = self._valid(key, data[80:434], data)
        self.log.voters.append(Voter(index, key, sequence, photo, data[-132:-100], digest, cohort))
        return True

    def _voter(self, index: int, digest: bytes, data: bytes, record: Record) -> None:
        ballot = record[0] == "ballot"
        cohort = self._valid(record[3], record[4], data) if record[2] == self.pack.id else None
        photo, inner = (record[6], record[7]) if ballot else (None, None)
        self.log.voters.append(Voter(index, record[3], record[5], photo, inner, digest, cohort))

    def _valid(self, key: bytes, token: bytes, data: bytes) -> bytes | None:
        """Return the cohort whose token this is if signature and token are good (formats.md, "Token")."""
        cohort = self.keys.cohorts.get(token[66:98])
        head, challenge = self._token_head
        if cohort is None or token[:2] != head or token[2:34] != key or token[34:66] != challenge:
            return None
        good = self._issued(cohort[1], token) and self._signed(key, LABEL + data[:-66] + b"\x40", data[-64:])
        return token[66:98] if good else None

    def _issued(self, issuer: RSAPublicKey, token: bytes) -> bool:
        good = next(self.told, None)
        if good is None:
            try:
                issuer.verify(token[98:], token[:98], self._pss, self._hash)
                good = True
            except (InvalidSignature, ValueError):
                good = False
        self.answers.append(good)
        return good

    # The other kinds, their signature being good.

    def _key(self, index: int, digest: bytes, record: Record) -> None:
        if record[6] not in self.keys.stewards:
            self._ignore(index, "is a key granted or revoked by nobody who may")
        elif record[3] == "grant":
            self.log.roles.add((record[5], record[4]))
        else:
            self.log.roles.discard((record[5], record[4]))

    def _enrolment(self, index: int, digest: bytes, record: Record) -> None:
        self.log.issued[record[3]] += 1

    def _photo(self, index: int, digest: bytes, record: Record) -> None:
        self.log.photos.setdefault(record[3], index)

    def _observer(self, index: int, record: Record) -> bool:
        organisation, signature = record[4]
        message = b"golos/accreditation/v1\n" + self.pack.id + record[3]
        if organisation in self.keys.organisations and self._signed(organisation, message, signature):
            return True
        self._ignore(index, f"is a {record[0]} of an observer whom no organisation of the pack accredits")
        return False

    def _protocol(self, index: int, digest: bytes, record: Record) -> None:
        if self._observer(index, record):
            self.log.protocols.append((index, digest, record))

    def _turnout(self, index: int, digest: bytes, record: Record) -> None:
        if self._observer(index, record):
            self.log.turnouts.append((index, digest, record))

    def _staff(self, index: int, key: bytes, role: str, kind: str) -> bool:
        if (key, role) in self.log.roles:
            return True
        self._ignore(index, f"is a {kind} by a key that has no right to it as {role}")
        return False

    def _reading(self, index: int, digest: bytes, record: Record) -> None:
        if self._staff(index, record[4], "machine", "reading"):
            self.log.readings.setdefault(record[3], []).append(Mark(index, record[4], record[5], record[6]))

    def _verdict(self, index: int, digest: bytes, record: Record) -> None:
        if self._staff(index, record[4], "reader", "verdict"):
            self.log.verdicts.setdefault(record[3], []).append(Mark(index, record[4], record[5], record[6]))

    def _binding(self, index: int, digest: bytes, record: Record) -> None:
        if self._staff(index, record[4], "machine", "binding"):
            self.log.senders.setdefault(record[3], set()).add(record[5])

    def _official(self, index: int, digest: bytes, record: Record) -> None:
        if self._staff(index, record[11], "clerk", "official"):
            self.log.officials.append((index, record))

    def _table(self, index: int, digest: bytes, record: Record) -> None:
        if self._staff(index, record[13], "clerk", "table"):
            self.log.tables.append((index, record))

    def _retraction(self, index: int, digest: bytes, record: Record) -> None:
        if record[5] not in self.keys.stewards:
            self._ignore(index, "is a retraction by nobody who may")
        else:
            self.log.retractions[record[3]] = record[4]


def _told(folder: Folder, pack: Pack, names: list[str], size: int) -> Iterator[list[bool]]:
    """Yield for each bundle what the checks of its signatures say, found by all processors; nothing for a short log.

    Nearly all the time goes into these checks, and a library that holds the interpreter's lock makes threads useless.
    Each process has this one's pack and lists, so it can read no other bytes than are read here.
    """
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if processors == 1 or size < ALONE:
        yield from ([] for _ in names)
        return
    _asked[:] = folder, pack, names, size
    with get_context("fork").Pool(processors) as pool:
        yield from pool.imap(_answers, range(len(names)), 16)


_asked: list[Any] = []
"""What the processes of the pool begin with: the folder, its pack, the bundles' names and the log's size."""


def _answers(number: int) -> list[bool]:
    """Return what the checks of one bundle say, up to the first thing that is wrong: there the caller will stop too."""
    folder, pack, names, size = _asked
    reader, path, start = Reader(pack, size), f"records/{names[number]}", 256 * number
    try:
        for index, item in enumerate(bundle_items(path, folder.read(path), min(256, size - start)), start):
            if item is not None:
                reader.read(index, sha256(item), item)
    except (Wrong, OSError):
        pass
    return reader.answers


def read_records(folder: Folder, pack: Pack, data: list[bytes]) -> Log:
    """Read records/: each record has to be the one its leaf names, and no record may be there twice."""
    reader = Reader(pack, len(data))
    names = tile_names(len(data))
    if len(set(data)) != len(data):
        first = {entry: index for index, entry in reversed(list(enumerate(data)))}
        twice = next(index for index, entry in enumerate(data) if first[entry] != index)
        raise Wrong(f"leaf {twice}", f"repeats the record of leaf {first[data[twice]]}")
    for number, (name, told) in enumerate(zip(names, _told(folder, pack, names, len(data)), strict=True)):
        path = f"records/{name}"
        start = 256 * number
        items = bundle_items(path, folder.read(path), min(256, len(data) - start))
        reader.told, reader.answers = iter(told), []
        for index, item in enumerate(items, start):
            if item is None:
                reader.log.closed.append(index)
            elif (digest := sha256(item)) != data[index]:
                raise Wrong(path, f"leaf {index}: the record is not the one whose hash the log holds")
            else:
                reader.read(index, digest, item)
    only(folder, "records/", {f"records/{name}" for name in names})
    if 0 in reader.log.closed or reader.log.kinds["pack"] == 0:
        raise Wrong("leaf 0", "has to be the pack of this election")
    return reader.log


# ---------------------------------------------------------------------------------------------------------------------
# E  The opening: formats.md, "What is closed" and "The opening"; counting.md section 1


@dataclass(slots=True)
class Opened:
    """An opened winning ballot: station (after the succession) and choices as declared."""

    voter: Voter
    station: str
    choices: list[Any]


@dataclass
class Ballots:
    """Which records of voters count."""

    figures: dict[str, int]
    redeemed: Counter[bytes]
    winners: dict[int, Voter]
    opened: list[Opened]


def read_ballots(folder: Folder, pack: Pack, log: Log, data: list[bytes], leaves: list[bytes]) -> Ballots:
    """Find the winning ballots and check the stewards' opening against them."""
    _check_freeze(log, leaves)
    _check_voters_closed(log)
    inner = _read_openings(folder, log, len(data))
    winners, redeemed, figures = _winners(log)
    ballots = Ballots(figures, redeemed, winners, [])
    if log.opening is None:
        figures.update(opened=0, withheld=0, spoilt=0)
    else:
        _check_opening(pack, log, log.opening, ballots, inner)
    _check_marks_closed(log, {o.voter.photo for o in ballots.opened})
    return ballots


def _check_freeze(log: Log, leaves: list[bytes]) -> None:
    if log.freeze is None:
        return
    index, freeze = log.freeze
    if tree_root(leaves[: freeze[3]]) != freeze[4]:
        raise Wrong(
            f"leaf {index}", f"the stewards froze another log: the root of its first {freeze[3]} leaves differs"
        )


def _check_voters_closed(log: Log) -> None:
    for voter in log.voters:
        if voter.index >= log.opened:
            what = f"is a ballot or withdrawal laid open although no opening covers it{log.unsigned}"
            raise Wrong(f"leaf {voter.index}", what)


def _check_marks_closed(log: Log, opened: set[bytes | None]) -> None:
    for index, kind, photo in log.marked:
        if index >= log.opened or photo not in opened:
            raise Wrong(f"leaf {index}", f"is a {kind} laid open although its ballot is not opened{log.unsigned}")


def _read_openings(folder: Folder, log: Log, size: int) -> dict[int, bytes]:
    inner: dict[int, bytes] = {}
    names = {f"openings/{name}": number for number, name in enumerate(tile_names(size))}
    only(folder, "openings/", set(names))
    for path, number in names.items():
        if path in folder.paths:
            items = bundle_items(path, folder.read(path), min(256, size - 256 * number))
            inner.update((i, item) for i, item in enumerate(items, 256 * number) if item is not None)
    if inner and log.opening is None:
        raise Wrong("openings", f"are published although the log has no opening{log.unsigned}")
    return inner


def _winners(log: Log) -> tuple[dict[int, Voter], Counter[bytes], dict[str, int]]:
    best: dict[bytes, Voter] = {}
    valid = late = 0
    for voter in log.voters:
        if voter.index >= log.frozen:
            late += 1
        elif voter.cohort is not None:
            valid += 1
            rival = best.get(voter.key)
            if rival is None or (-voter.sequence, voter.digest) < (-rival.sequence, rival.digest):
                best[voter.key] = voter
    winners = {v.index: v for v in best.values() if v.inner is not None}
    figures = {
        "logged": len(log.voters),
        "valid": valid,
        "invalid": len(log.voters) - late - valid,
        "late": late,
        "superseded": valid - len(best),
        "withdrawn": len(best) - len(winners),
        "winning": len(winners),
    }
    return winners, Counter(v.cohort for v in best.values() if v.cohort), figures


def _check_opening(
    pack: Pack, log: Log, opening: tuple[int, Record], ballots: Ballots, inner: dict[int, bytes]
) -> None:
    index, (_, _, _, frozen, size, opened, openings, closed, withheld, spoilt, _) = opening
    where = f"opening (leaf {index})"
    if log.freeze is None or frozen != log.frozen:
        raise Wrong(where, f"is of a freeze at {frozen}, the log's is at {log.frozen if log.freeze else 'no size'}")
    if frozen > size:
        raise Wrong(where, f"its size {size} is smaller than that of the freeze, {frozen}")
    digest = hashlib.sha256()
    for i in sorted(inner):
        digest.update(i.to_bytes(8, "big") + len(inner[i]).to_bytes(4, "big") + inner[i])
    if len(inner) != opened:
        raise Wrong(where, f"the stewards opened {opened} ballots, openings/ has {len(inner)}")
    if digest.digest() != openings:
        raise Wrong(where, "the inner parts in openings/ are not those that the stewards opened")
    hidden = [i for i in log.closed if i < size]
    if sha256(b"".join(i.to_bytes(8, "big") for i in hidden)) != closed:
        what = f"the {len(hidden)} closed leaves below {size} are not those that the stewards signed"
        raise Wrong(where, f"{what}: a record was hidden or laid open")
    ballots.opened = [_open(pack, ballots.winners, i, inner[i]) for i in sorted(inner)]
    if len(set(inner.values())) != len(inner):
        raise Wrong(where, "opens the same inner part twice: copies of a sealed vote had to be listed as spoilt")
    _check_counts(pack, ballots, where, inner, withheld, spoilt)
    ballots.figures.update(opened=opened, withheld=withheld, spoilt=len(spoilt))


def _check_counts(
    pack: Pack, ballots: Ballots, where: str, inner: dict[int, bytes], withheld: int, spoilt: list[int]
) -> None:
    for i, times in Counter(spoilt).items():
        if i not in ballots.winners or i in inner or times > 1:
            raise Wrong(
                where, f"lists leaf {i} as spoilt, which is no winning ballot, or is opened, or is listed twice"
            )
    missing = len(ballots.winners) - len(inner) - len(spoilt)
    if missing != withheld:
        text = f"{len(ballots.winners)} ballots win, {len(inner)} are opened and {len(spoilt)} spoilt"
        raise Wrong(where, f"{text}, so {missing} are withheld; it says {withheld}")
    at = Counter(o.station for o in ballots.opened)
    for station, count in at.items():
        if count < pack.k:
            raise Wrong(where, f"station {shown(station)} is opened with {count} ballots, fewer than k = {pack.k}")
    unopened = len(pack.stations) - len(at)
    if withheld > (pack.k - 1) * unopened:
        text = f"{withheld} ballots are withheld, but {unopened} stations without an opening can hold"
        raise Wrong(where, f"{text} {(pack.k - 1) * unopened} at most with k = {pack.k}")


def _open(pack: Pack, winners: dict[int, Voter], index: int, data: bytes) -> Opened:
    where = f"openings: leaf {index}"
    if index not in winners:
        raise Wrong(where, "is opened but is no winning ballot: superseded, late, withdrawn or not valid")
    if sha256(data) != winners[index].inner:
        raise Wrong(where, "the inner part is not the one whose hash the ballot holds")
    try:
        record, _ = cbor(data)
    except Malformed as error:
        raise Wrong(where, f"the inner part {error}: it had to be listed as spoilt") from None
    if not _INNER(record):
        raise Wrong(where, "the inner part has another form in records.cddl: it had to be listed as spoilt")
    station = pack.station(record[2])
    contests = {c.id: c for c in pack.contests}
    if station is None:
        raise Wrong(where, f"names the station {shown(record[2])}, which the pack lacks: it had to be listed as spoilt")
    for name, marked in record[3]:
        contest = contests.get(name)
        if contest is None or not set(marked) <= {*contest.options, "invalid"} or len(marked) > contest.max_choices:
            raise Wrong(where, f"its marks for {shown(name)} are not the pack's: it had to be listed as spoilt")
    return Opened(winners[index], station, record[3])


# ---------------------------------------------------------------------------------------------------------------------
# F  The count: counting.md sections 2 to 4

Votes = dict[str, dict[str, int]]
"""Option to station to votes."""


@dataclass
class Version:
    """One version of the stations' protocols in one contest: line or option to station to value."""

    source: str
    readings: int
    authority: bool
    figures: Votes = field(default_factory=dict)


@dataclass
class Figure:
    """What the versions say about one line of one station."""

    high: int
    low: int
    status: str


@dataclass
class Count:
    """All figures: the citizens' by (source, tier, contest), the protocols' by contest."""

    tallies: dict[tuple[str, str, str], Votes] = field(default_factory=dict)
    versions: dict[str, list[Version]] = field(default_factory=dict)
    figures: dict[str, dict[str, dict[str, Figure]]] = field(default_factory=dict)
    """Contest to line to station."""
    turnouts: list[tuple[str, str, str, str, int, int, str]] = field(default_factory=list)
    """Source, contest ("" = any), station, line, voters, double count, organisation."""
    officials: list[tuple[int, Record]] = field(default_factory=list)

    def figure(self, contest: str, line: str | None, station: str) -> Figure | None:
        """Return the figure, None if no version has one."""
        return None if line is None else self.figures[contest].get(line, {}).get(station)

    def votes(self, source: str | None, tier: str, contest: str, option: str, station: str) -> int | None:
        """Return p; None is no number."""
        return self.tallies.get((source or "", tier, contest), {}).get(option, {}).get(station)

    def photos(self, source: str | None, tier: str, contest: str, station: str) -> int:
        """Return P of counting.md section 4: all options and ``invalid``, a blank as 0."""
        votes = self.tallies.get((source or "", tier, contest), {})
        return sum(by.get(station, 0) for option, by in votes.items() if not option.startswith("line:"))

    def sources(self, contest: str, tier: str | None = None) -> list[str]:
        """Return the citizens' sources of a contest (with that tier), by name."""
        return sorted({s for s, t, c in self.tallies if c == contest and tier in (None, t)}, key=str.encode)


def count(folder: Folder, pack: Pack, log: Log, ballots: Ballots) -> Count:
    """Recompute every figure that the rules stand on."""
    result = Count()
    _count_ballots(pack, log, ballots, result)
    _count_tables(folder, pack, log, result)
    _count_protocols(pack, log, result)
    _count_turnouts(pack, log, result)
    for contest in pack.counted:
        versions = result.versions.setdefault(contest.id, [])
        versions.sort(key=lambda v: (-sum(len(by) for by in v.figures.values()), v.source.encode()))
        result.figures[contest.id] = _figures(versions)
    known = {c.id for c in pack.counted}
    result.officials = [(i, r) for i, r in log.officials if r[3] in pack.areas and r[4] in known]
    return result


def _count_ballots(pack: Pack, log: Log, ballots: Ballots, result: Count) -> None:
    """Tiers (section 2)."""
    owner: dict[bytes, int] = {}
    for index in sorted(ballots.winners):
        voter = ballots.winners[index]
        if voter.photo is not None and voter.key in log.senders.get(voter.photo, {voter.key}):
            owner.setdefault(voter.photo, index)
    for source, mine in _by_source(pack, ballots.opened).items():
        stations = {o.station for o in mine}
        for contest in pack.counted:
            for tier in pack.tiers:
                zero = {o: dict.fromkeys(stations, 0) for o in (*contest.options, "invalid")}
                result.tallies[source, tier, contest.id] = zero
        for opened in mine:
            for tier, choices in _tiers_of(pack, log, owner, opened):
                for contest in pack.counted:
                    for option in marks(contest, choices):
                        result.tallies[source, tier, contest.id][option][opened.station] += 1


def _by_source(pack: Pack, opened: list[Opened]) -> dict[str, list[Opened]]:
    """Ballots under re-issued keys are counted apart."""
    found: dict[str, list[Opened]] = {}
    for one in opened:
        found.setdefault("reissued" if one.voter.cohort in pack.keys.reissue else "ballots", []).append(one)
    return found


def _tiers_of(pack: Pack, log: Log, owner: dict[bytes, int], opened: Opened) -> Iterator[tuple[str, list[Any]]]:
    """Yield each tier that the ballot is of, and the choices it has there."""
    yield "declared", opened.choices
    photo = opened.voter.photo
    if photo is None or owner.get(photo) != opened.voter.index or log.photos.get(photo, log.frozen) >= log.frozen:
        return
    yield "photographed", opened.choices
    bound = photo in log.senders
    readings = [r for r in log.readings.get(photo, []) if not (bound and r.status == "copy")]
    verdicts: dict[bytes, Mark] = {}
    for mark in log.verdicts.get(photo, []):
        verdicts.setdefault(mark.key, mark)
    three = list(verdicts.values())[:3]
    if any(r.status == "copy" for r in readings) or sum(v.status == "copy" for v in three) >= 2:
        return
    if readings and readings[0].status == "ballot":
        yield "read", readings[0].choices
    agreed = [v.choices for v in three if v.status == "ballot"]
    for choices in agreed:
        if agreed.count(choices) >= 2:
            yield "confirmed", choices
            if bound and pack.binding:
                yield BOUND, choices
            return


def marks(contest: Contest, choices: list[Any]) -> tuple[str, ...]:
    """Return the options that get a vote; ``invalid`` alone where the marks can't be counted."""
    mine = [marked for name, marked in choices if name == contest.id]
    if len(mine) > 1:
        return ("invalid",)
    marked = mine[0] if mine else []
    proper = set(marked) <= set(contest.options) and len(set(marked)) == len(marked) <= contest.max_choices
    return tuple(marked) if proper else ("invalid",)


def _count_tables(folder: Folder, pack: Pack, log: Log, result: Count) -> None:
    """Tables (section 3): of each (source, kind, tier, contest) the newest, its rows held against their digest."""
    only(folder, "tables/", {f"tables/{record[11].hex()}.csv" for _, record in log.tables})
    newest = {(record[3], record[4], record[5], record[6]): record for _, record in log.tables}
    contests = {c.id: c for c in pack.counted}
    for (source, kind, tier, name), record in newest.items():
        if name not in contests or source in ("ballots", "reissued", "first") or source.startswith("observers:"):
            continue
        path = f"tables/{record[11].hex()}.csv"
        if sha256(data := folder.read(path)) != record[11]:
            raise Wrong(path, "its SHA-256 is not its name")
        try:
            header, lines = _lenient_csv(data)
        except ValueError:
            continue
        if kind == "turnout":
            result.turnouts += _turnout_rows(pack, source, name, header, lines)
        elif kind == "protocol":
            version = Version(source, record[7], record[8], _table_rows(pack, contests[name], header, lines, ""))
            result.versions.setdefault(name, []).append(version)
        elif kind == "citizens" and tier:
            result.tallies[source, tier, name] = _table_rows(pack, contests[name], header, lines, "line:")


def _lenient_csv(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a table; rows of another length are left out; ValueError if it does not count."""
    try:
        lines = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    except csv.Error as error:
        raise ValueError("is no CSV") from error
    if not lines or lines[0][:1] != ["area"]:
        raise ValueError("does not begin with the column area")
    return lines[0], [cells for cells in lines[1:] if len(cells) == len(lines[0])]


def _table_rows(pack: Pack, contest: Contest, header: list[str], lines: list[list[str]], line_prefix: str) -> Votes:
    """Return the numbers of a table for known stations and columns; lines are kept apart by a prefix."""
    names = {name: line_prefix + name for name, _ in pack.lines} | {o: o for o in (*contest.options, "invalid")}
    votes: Votes = {}
    columns = [(i, votes.setdefault(names[n], {})) for i, n in enumerate(header) if i and n in names]
    seen: set[str] = set()
    for cells in lines:
        station = cells[0]
        if station not in pack.stations or station in seen:
            continue
        seen.add(station)
        for i, by in columns:
            if (value := number(cells[i])) is not None:
                by[station] = value
    return votes


def number(cell: str) -> int | None:
    """Return the number of a table's cell: up to 10 digits, perhaps after a minus, at most 1,000,000,000; else None."""
    if not re.fullmatch(r"-?[0-9]{1,10}", cell):
        return None
    value = int(cell)
    return value if abs(value) <= LARGEST else None


def _csv(path: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and the rows, each with its line; every row as long as the header. Many are never held."""
    _text(path, data)
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), strict=True)
    width = 0
    try:
        for cells in reader:
            if len(cells) != (width := width or len(cells)):
                raise Wrong(f"{path}: line {reader.line_num}", f"has {len(cells)} cells, the header has {width}")
            yield reader.line_num, cells
    except csv.Error as error:
        raise Wrong(f"{path}: line {reader.line_num}", f"is no CSV ({error})") from None


def _turnout_rows(
    pack: Pack, source: str, contest: str, header: list[str], lines: list[list[str]]
) -> Iterator[tuple[str, str, str, str, int, int, str]]:
    best: dict[tuple[str, str], tuple[int, int, str]] = {}
    if not {"area", "line", "voters", "double_count", "organisation"} <= set(header):
        return
    for cells in lines:
        row = dict(zip(header, cells, strict=True))
        voters, double = number(row["voters"]), max(number(row["double_count"]) or 0, 0)
        key = row["area"], row["line"]
        if voters is None or voters < 0 or row["area"] not in pack.stations:
            continue
        if key not in best or (voters + double, voters) > (best[key][0] + best[key][1], best[key][0]):
            best[key] = voters, double, row["organisation"]
    for (station, line), (voters, double, organisation) in best.items():
        yield source, contest, station, line, voters, double, organisation


def _count_protocols(pack: Pack, log: Log, result: Count) -> None:
    """Observers' protocols: one version per organisation and contest (section 3)."""
    best: dict[tuple[bytes, str], tuple[int, bytes, Record]] = {}
    for _, digest, record in log.protocols:
        station = pack.station(record[6])
        if station is None:
            continue
        organisation = record[4][0]
        rank = (-record[5], digest)
        held = best.get((organisation, station))
        if held is None or rank < held[:2]:
            best[organisation, station] = (*rank, record)
    for organisation in {its for its, _ in best}:
        for contest in pack.counted:
            version = Version(_observers(organisation), 1, False)
            known = {*(name for name, _ in pack.lines), *contest.options, "invalid"}
            for (its, station), (_, _, record) in best.items():
                if its != organisation:
                    continue
                for line, value in reversed(record[7]):  # of a line given twice the first counts
                    by = version.figures.setdefault(line, {})
                    if line in known and value is not None and value <= LARGEST:
                        by[station] = value
                    else:
                        by.pop(station, None)
            version.figures = {line: by for line, by in version.figures.items() if by}
            if version.figures:
                result.versions.setdefault(contest.id, []).append(version)


def _observers(organisation: bytes) -> str:
    return f"observers:{organisation.hex()[:8]}"


def _count_turnouts(pack: Pack, log: Log, result: Count) -> None:
    """Observers' counts at the door (rule C3)."""
    own: dict[tuple[bytes, str, str], tuple[int, bytes, Record]] = {}
    for _, digest, record in log.turnouts:
        station = pack.station(record[6])
        if station is None:
            continue
        key = record[3], station, record[7]
        rank = (-record[5], digest)
        if key not in own or rank < own[key][:2]:
            own[key] = (*rank, record)
    best: dict[tuple[bytes, str, str], tuple[int, int, bytes, Record]] = {}
    for (_, station, line), (_, digest, record) in own.items():
        organisation, voters, double, throughout = record[4][0], record[8], record[9], record[10]
        held = best.get((organisation, station, line))
        rank3 = (-(voters + double), -voters, digest)
        if throughout and (held is None or rank3 < held[:3]):
            best[organisation, station, line] = (*rank3, record)
    for (organisation, station, line), (_, _, _, record) in best.items():
        name = pack.keys.organisations[organisation]
        result.turnouts.append((_observers(organisation), "", station, line, record[8], record[9], name))


def _figures(versions: list[Version]) -> dict[str, dict[str, Figure]]:
    """Highest, lowest and status of each line at each station (section 4)."""
    values: dict[str, dict[str, list[tuple[int, Version]]]] = defaultdict(lambda: defaultdict(list))
    for version in versions:
        for line, by in version.figures.items():
            for station, value in by.items():
                values[line][station].append((value, version))
    return {line: {s: _figure(said) for s, said in by.items()} for line, by in values.items()}


def _figure(said: list[tuple[int, Version]]) -> Figure:
    numbers = [value for value, _ in said]
    twice = sum(v.readings for _, v in said) >= 2 or any(v.authority for _, v in said)
    status = "differ" if len(set(numbers)) > 1 else "twice" if twice else "once"
    return Figure(max(numbers), min(numbers), status)


# ---------------------------------------------------------------------------------------------------------------------
# G  The rules: counting.md sections 5 to 7


FINDING = ("id", "rule", "grade", "contest", "option", "area", "source", "tier", "breaking", "reason", "withdrawn")


@dataclass
class Finding:
    """A contradiction, as findings.csv and findings.json have it; assumptions and evidence are not compared."""

    rule: str
    grade: str
    contest: str
    option: str
    area: str
    source: str
    tier: str
    breaking: int
    reason: str
    numbers: dict[str, Json]
    withdrawn: str = ""

    @property
    def id(self) -> str:
        """Return the name that stays from count to count."""
        return ":".join((self.rule, self.contest, self.option, self.area, self.source, self.tier))

    def cells(self) -> list[str | int]:
        """Return the row of findings.csv."""
        return [getattr(self, column) for column in FINDING]


_BY_STATUS = {"once": ("strong", "one typing"), "differ": ("strong", "typings differ"), "twice": ("proven", "")}


class Rules:
    """Makes the findings."""

    def __init__(self, pack: Pack, counted: Count, retractions: Mapping[str, str]) -> None:
        self.pack, self.count = pack, counted
        self.headlines = {contest.id: self._headline(contest) for contest in pack.counted}
        made = {f.id: f for contest in pack.counted for f in self._contest(contest)}
        self.findings = [made[name] for name in sorted(made, key=str.encode)]
        self.bound = [f for contest in pack.counted for f in self._bound(contest)]
        for finding in (*self.findings, *self.bound):
            finding.withdrawn = retractions.get(finding.id, "")

    def _contest(self, contest: Contest) -> Iterator[Finding]:
        for source in self.count.sources(contest.id):
            for tier in TIERS:
                for station in self._stations(source, tier, contest.id):
                    yield from self.c1(contest, source, tier, station)
            for station in self._stations(source, "confirmed", contest.id):
                yield from self.c2(contest, source, station)
        for turnout in self.count.turnouts:
            if turnout[1] in ("", contest.id):
                yield from self.c3(contest, *turnout)
        for area, by_option in self._announced(contest).items():
            inside = [s for s, above in self.pack.above.items() if area in above]
            for option, said in by_option.items():
                yield from self.c4(contest, area, option, said, inside)
        for version in self.count.versions[contest.id]:
            yield from self.c5(contest, version)
        yield from self.c6(contest)
        yield from self.c7(contest)

    def _bound(self, contest: Contest) -> Iterator[Finding]:
        """C1 as if the bound were the confirmed: summed up, and listed nowhere."""
        for source in self.count.sources(contest.id, BOUND):
            for station in self._stations(source, BOUND, contest.id):
                for finding in self.c1(contest, source, BOUND, station):
                    finding.tier = "confirmed"
                    yield finding

    def _stations(self, source: str, tier: str, contest: str) -> set[str]:
        return {s for by in self.count.tallies.get((source, tier, contest), {}).values() for s in by}

    def voters(self, contest: str, station: str) -> int | None:
        """Return n, the lowest figure of registered voters."""
        figure = self.count.figure(contest, self.pack.line("voters"), station)
        return figure.low if figure else None

    def suspect(self, contest: str, source: str | None, tier: str, station: str) -> bool:
        """Return whether the source has more photographs there than there are voters."""
        n = self.voters(contest, station)
        return n is not None and self.count.photos(source, tier, contest, station) > n

    def c1(self, contest: Contest, source: str, tier: str, station: str) -> Iterator[Finding]:
        """Photographs (C8: declarations) exceed the protocol."""
        options: dict[str, Json] = {}
        for option in contest.options:
            p = self.count.votes(source, tier, contest.id, option, station)
            figure = self.count.figure(contest.id, option, station)
            if p is not None and figure and p > figure.low:
                e = max(p - figure.high, 0)
                options[option] = {"p": p, "v": figure.high, "v_low": figure.low, "e": e, "status": figure.status}
        if not options:
            return
        k, k_low = (sum(max(o["p"] - o[v], 0) for o in options.values()) for v in ("v", "v_low"))
        held = {o["status"] for o in options.values() if o["e"] > 0}
        suspect = self.suspect(contest.id, source, tier, station)
        grades = (
            (suspect, "suspicious", "more photos than voters"),
            (k == 0, "suspicious", "only under the lower version"),
            (tier == "photographed", "suspicious", "photographs not read"),
            ("once" in held, "strong", "one typing"),
            ("differ" in held, "strong", "typings differ"),
            (tier == "read", "strong", "machine reading"),
            (tier == "declared", "strong", "declarations"),
            (True, "proven", ""),
        )
        grade, reason = next((g, r) for applies, g, r in grades if applies)
        photos = self.count.photos(source, tier, contest.id, station)
        voters = self.voters(contest.id, station)
        numbers = {"K": k, "K_low": k_low, "photos": photos, "voters": voters, "options": options}
        rule = "C8" if tier == "declared" else "C1"
        yield Finding(rule, grade, contest.id, "", station, source, tier, k or k_low, reason, numbers)

    def c2(self, contest: Contest, source: str, station: str) -> Iterator[Finding]:
        """Photographs exceed the ballots in the boxes."""
        photos = self.count.photos(source, "confirmed", contest.id, station)
        b = self.count.figure(contest.id, self.pack.line("turnout"), station)
        if b is None or photos <= b.high:
            return
        grade, reason = _BY_STATUS[b.status]
        if self.suspect(contest.id, source, "confirmed", station):
            grade, reason = "suspicious", "more photos than voters"
        numbers = {"photos": photos, "ballots": b.high, "voters": self.voters(contest.id, station)}
        over = photos - b.high
        yield Finding("C2", grade, contest.id, "", station, source, "confirmed", over, reason, numbers)

    def c3(
        self, contest: Contest, source: str, _: str, station: str, line: str, voters: int, double: int, by: str
    ) -> Iterator[Finding]:
        """Turnout exceeds what observers counted at the door."""
        figure = self.count.figure(contest.id, line, station)
        over = figure.low - voters - double if figure else 0
        if figure and over > 0:
            grade, reason = _BY_STATUS[figure.status]
            numbers = {"protocol": figure.low, "observed": voters, "double_count": double, "organisation": by}
            yield Finding("C3", grade, contest.id, line, station, source, "", over, reason, numbers)

    def _announced(self, contest: Contest) -> dict[str, dict[str, list[tuple[int, int, bool]]]]:
        """Return area to option to announcements: upper edge, unit, whether the authority's."""
        found: dict[str, dict[str, list[tuple[int, int, bool]]]] = defaultdict(lambda: defaultdict(list))
        for _, record in self.count.officials:
            _, _, _, area, name, _, authority, _, _, unit, values, _, _ = record
            for option, value in values if name == contest.id else ():
                if option in contest.options:
                    edge = value if unit == 1 else value + unit // 2
                    found[area][option].append((edge, unit, authority))
        return found

    def c4(
        self, contest: Contest, area: str, option: str, said: list[tuple[int, int, bool]], inside: list[str]
    ) -> Iterator[Finding]:
        """The parts exceed the whole."""
        top = max(edge for edge, _, _ in said)
        unit = min(u for edge, u, _ in said if edge == top)
        authority = any(a for edge, _, a in said if edge == top)
        source = self.headlines[contest.id]
        photos = {
            s: p for s in inside if (p := self.count.votes(source, "confirmed", contest.id, option, s)) is not None
        }
        versions: dict[str, dict[str, int]] = {}
        for name, figures in self._alternatives(contest.id, option).items():
            known = {s: figures[s] for s in inside if s in figures}
            elsewhere = sum(p for s, p in photos.items() if s not in known)
            protocols = sum(known.values())
            gap = max(protocols + elsewhere - top, 0)
            versions[name] = {
                "protocols": protocols,
                "stations": len(known),
                "photos_elsewhere": elsewhere,
                "gap": gap,
            }
        gaps = [name for name, v in versions.items() if v["gap"] > 0]
        if not gaps:
            return
        headline = next((n for n, v in versions.items() if v["protocols"] > top), gaps[0])
        sure = {s: f.low for s, f in self.count.figures[contest.id].get(option, {}).items() if f.status == "twice"}
        proven = sum(sure.get(s, 0) for s in inside) + sum(
            p for s, p in photos.items() if s not in sure and not self.suspect(contest.id, source, "confirmed", s)
        )
        grade, reason = ("strong", "one typing") if proven <= top else ("proven", "")
        if not authority:
            grade, reason = "strong", "announcement from another source"
        numbers = {"announced": top, "unit": unit, "authority": authority, "headline": headline, "versions": versions}
        tier = "confirmed" if source else ""
        breaking = versions[headline]["gap"]
        yield Finding("C4", grade, contest.id, option, area, source or "", tier, breaking, reason, numbers)

    def _alternatives(self, contest: str, option: str) -> dict[str, dict[str, int]]:
        versions = self.count.versions[contest]
        alone = [(v.source, v.figures.get(option, {})) for v in versions]
        if len(alone) > 1:
            first: dict[str, int] = {}
            for _, figures in alone:
                first = {**figures, **first}
            alone.insert(1, ("first", first))
        return dict(alone) or {"": {}}

    def c5(self, contest: Contest, version: Version) -> Iterator[Finding]:
        """The protocol's own arithmetic."""
        known = {*(name for name, _ in self.pack.lines), *contest.options, "invalid"}
        for check in self.pack.checks:
            left, right = (
                [i for name in side for i in (contest.options if name == "options" else (name,))]
                for side in (check.left, check.right)
            )
            if not known.issuperset((*left, *right)):
                continue
            figures = [version.figures.get(name, {}) for name in (*left, *right)]
            for station in min(figures, key=len):
                if all(station in by for by in figures):
                    a = sum(by[station] for by in figures[: len(left)])
                    b = sum(by[station] for by in figures[len(left) :])
                    if a != b if check.relation == "==" else a > b:
                        numbers = {"left": a, "right": b}
                        yield Finding(
                            *("C5", "suspicious", contest.id, check.id, station, version.source, "", abs(a - b)),
                            *("", numbers),
                        )

    def c6(self, contest: Contest) -> Iterator[Finding]:
        """Versions of one protocol differ."""
        lines: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
        proven: set[str] = set()
        for line, by in self.count.figures[contest.id].items():
            for station, figure in by.items():
                if figure.status != "differ":
                    continue
                said = [
                    (v, v.figures[line][station])
                    for v in self.count.versions[contest.id]
                    if station in v.figures.get(line, {})
                ]
                lines[station][line] = {v.source: value for v, value in said}
                for one, x in said:
                    for other, y in said:
                        both = one.authority and other.authority
                        neither = not one.authority and not other.authority and min(one.readings, other.readings) >= 2
                        if x != y and (both or neither):
                            proven.add(station)
        for station, differ in lines.items():
            grade, reason = ("proven", "") if station in proven else ("suspicious", "typing differences")
            yield Finding("C6", grade, contest.id, "", station, "", "", 1, reason, {"lines": differ})

    def c7(self, contest: Contest) -> Iterator[Finding]:
        """Counts that look made from rounded percentages."""
        turnout = self.pack.line("turnout")
        for _, record in self.count.officials:
            _, _, _, area, name, source, _, _, _, unit, pairs, _, _ = record
            values = dict(reversed(pairs))
            if name != contest.id or unit != 1 or not contest.options or not values.keys() >= set(contest.options):
                continue
            counts = {o: values[o] for o in contest.options}
            totals = [("", sum(counts.values()))]
            if turnout in values and turnout is not None:
                totals.append((turnout, values[turnout]))
            for line, total in totals:
                numbers = rounded(counts, total)
                if numbers:
                    yield Finding("C7", "strong", contest.id, line, area, source, "", 1, "", numbers)

    def _headline(self, contest: Contest) -> str | None:
        """Return the citizens' source with the most confirmed votes (section 6)."""
        sums = {
            source: sum(sum(votes.get(o, {}).values()) for o in contest.options)
            for source in self.count.sources(contest.id, "confirmed")
            for votes in (self.count.tallies[source, "confirmed", contest.id],)
        }
        return min(sums, key=lambda s: (-sums[s], s.encode())) if sums else None

    def station_grades(self) -> dict[str, str]:
        """Return each station's grade (section 6)."""
        strongest: dict[str, int] = {}
        for finding in self.findings:
            if finding.rule in ("C1", "C2", "C3", "C6", "C8") and not finding.withdrawn:
                rank = GRADES.index(finding.grade)
                strongest[finding.area] = min(rank, strongest.get(finding.area, rank))
        return {station: self._grade(station, strongest.get(station)) for station in self.pack.stations}

    def _grade(self, station: str, rank: int | None) -> str:
        contests = [c.id for c in self.pack.counted]
        confirmed = [(s, c) for c in contests for s in self.count.sources(c, "confirmed")]
        if rank is not None:
            capped = any(self.suspect(c, s, "confirmed", station) for s, c in confirmed)
            return GRADES[max(rank, 2) if capped else rank]
        has_protocol = any(station in by for c in contests for by in self.count.figures[c].values())
        has_tally = any(
            station in by
            for s, c in confirmed
            for option, by in self.count.tallies[s, "confirmed", c].items()
            if not option.startswith("line:")
        )
        if not has_protocol and not has_tally:
            return "no data"
        return "consistent" if all(self._consistent(c, station) for c in self.pack.counted) else "can't tell"

    def _consistent(self, contest: Contest, station: str) -> bool:
        source = self.headlines[contest.id]
        pairs = []
        for option in contest.options:
            p = self.count.votes(source, "confirmed", contest.id, option, station)
            figure = self.count.figure(contest.id, option, station)
            if p is None or figure is None:
                return False
            pairs.append((p, figure.high))
        return bool(pairs) and 20 * max(v - p for p, v in pairs) < sum(v for _, v in pairs)

    def c1_of(self, contest: str, source: str, findings: Sequence[Finding] | None = None) -> list[Finding]:
        """Return the C1 findings that enter the totals: tier confirmed, not withdrawn."""
        return [
            f
            for f in (self.findings if findings is None else findings)
            if (f.rule, f.contest, f.source, f.tier) == ("C1", contest, source, "confirmed") and not f.withdrawn
        ]


def rounded(counts: Mapping[str, int], total: int) -> dict[str, Json] | None:
    """Return the numbers of C7 if every count is a whole number of thousandths of the total, and that is no chance."""
    power = len(counts) - 1
    if total <= 1000 or 1_000_000 * 1000**power >= total**power:
        return None
    found: dict[str, Json] = {}
    for option, value in counts.items():
        # value = floor((k total + 500) / 1000) <=> 1000 value - 500 <= k total < 1000 value + 500
        k = max(0, -(-(1000 * value - 500) // total))
        if k * total >= 1000 * value + 500:
            return None
        found[option] = [value, k]
    return {"total": total, "chance": f"{(1000 / total) ** power:.1e}", "options": found}


def summary(pack: Pack, log: Log, checkpoint: Checkpoint, ballots: Ballots, rules: Rules) -> dict[str, Json]:
    """Recompute summary.json (section 6)."""
    with_figure = {
        c.id: len({s for option in c.options for s in rules.count.figures[c.id].get(option, {})}) for c in pack.counted
    }
    listed = len(pack.stations) if pack.announced is None else pack.announced
    return {
        "election": pack.id.hex(),
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "opening": log.opened if log.opening else None,
        "denominators": {"stations": listed, "stations_with_protocol": with_figure},
        "stations": dict(Counter(rules.station_grades().values())),
        "ballots": ballots.figures,
        "cohorts": {
            name: {"issued": log.issued[key], "redeemed": ballots.redeemed[key]}
            for key, (name, _) in pack.keys.cohorts.items()
        },
        "contests": {c.id: _summary_of(pack, c, rules) for c in pack.counted},
    }


def _summary_of(pack: Pack, contest: Contest, rules: Rules) -> dict[str, Json]:
    sources: dict[str, Json] = {}
    for source in rules.count.sources(contest.id):
        entry: dict[str, Json] = {"c1": _c1_of(pack, rules.c1_of(contest.id, source))}
        if (source, BOUND, contest.id) in rules.count.tallies:
            entry["c1_bound"] = _c1_of(pack, rules.c1_of(contest.id, source, rules.bound))
        for tier in ("declared", "confirmed", BOUND):
            votes = rules.count.tallies.get((source, tier, contest.id))
            if votes is not None:
                entry[tier] = sum(sum(by.values()) for o, by in votes.items() if not o.startswith("line:"))
        sources[source] = entry
    return {"headline_source": rules.headlines[contest.id], "sources": sources}


def _c1_of(pack: Pack, findings: list[Finding]) -> dict[str, Json]:
    by_grade: dict[str, list[int]] = {}
    by_region: Counter[str] = Counter()
    by_option: Counter[str] = Counter()
    for finding in findings:
        held = by_grade.setdefault(finding.grade, [0, 0])
        held[0] += 1
        held[1] += finding.numbers["K"]
        if finding.numbers["K"] > 0:
            by_region[pack.above[finding.area][-2:][0]] += 1
        by_option.update({o: n["e"] for o, n in finding.numbers["options"].items()})
    return {
        "stations": sum(f.numbers["K"] > 0 for f in findings),
        "votes": sum(f.numbers["K"] for f in findings),
        "by_grade": by_grade,
        "by_region": dict(by_region),
        "by_option": dict(by_option),
    }


def bounds(rules: Rules) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """Recompute bounds.csv (section 7): (contest, source, set, parameter, value) to (stations, votes)."""
    for contest in rules.pack.counted:
        for source in rules.count.sources(contest.id, "confirmed"):
            every = [f for f in rules.c1_of(contest.id, source) if f.numbers["K"] > 0]
            for name, chosen in (("all", every), ("proven", [f for f in every if f.grade == "proven"])):
                for parameter, value, figures in _bounds_of(chosen):
                    yield (contest.id, source, name, parameter, str(value)), figures


def _bounds_of(findings: list[Finding]) -> Iterator[tuple[str, int, tuple[int, int]]]:
    ks = sorted(f.numbers["K"] for f in findings)
    for budget in (0, 100, 500, 1000, 5000, 10000):
        left, fallen = budget, 0
        for k in ks:
            if k > left:
                break
            left, fallen = left - k, fallen + 1
        yield "F", budget, (len(ks) - fallen, max(sum(ks) - budget, 0))
    for cap in (0, 1, 2, 5, 10, 20, 50, 100):
        yield "k", cap, (sum(k > cap for k in ks), sum(max(k - cap, 0) for k in ks))
    for rate in (0, 10, 20, 50, 100, 200):
        left_over = [
            sum(max(o["p"] - o["p"] * rate // 1000 - o["v"], 0) for o in f.numbers["options"].values())
            for f in findings
        ]
        yield "x", rate, (sum(e > 0 for e in left_over), sum(left_over))


# ---------------------------------------------------------------------------------------------------------------------
# H  The data: formats.md, "data/"

Cells = tuple[str, ...]
_TABLES = ("stations", "areas", "tallies", "protocols", "official", "coverage", "findings", "bounds", "dictionary")
DATA_FILES = (*(f"{table}.csv" for table in _TABLES), "findings.json", "summary.json")


@dataclass
class Table:
    """A CSV file of data/ as it has to be: the first ``keys`` columns name a row; ``optional`` rows may be left out."""

    name: str
    header: tuple[str, ...]
    keys: int
    rows: dict[Cells, Cells]
    optional: set[Cells] = field(default_factory=set)


def compare(folder: Folder, table: Table) -> None:
    """Hold a CSV file against the recomputation, cell by cell."""
    path = f"data/{table.name}"
    data = folder.read(path)
    if data.split(b"\n")[0] != ",".join(table.header).encode():
        raise Wrong(f"{path}: line 1", f"the header has to be {','.join(table.header)}")
    awaited: dict[Cells, Cells | None] = dict(table.rows)
    for line, cells in islice(_csv(path, data), 1, None):
        key, rest = tuple(cells[: table.keys]), tuple(cells[table.keys :])
        where = f"{path}: line {line}"
        if key not in awaited:
            raise Wrong(where, f"the row {_row((*key, *rest))} does not follow from the log")
        if (row := awaited[key]) is None:
            raise Wrong(where, f"the row {_row(key)} is there twice")
        awaited[key] = None
        for column, said, right in zip(table.header[table.keys :], rest, row, strict=True):
            if said != right and not (column in ("lat", "lon") and _degrees(said, 180) == _degrees(right, 180)):
                raise Wrong(where, f"{column} of {_row(key)} is {shown(said)!r}, recomputed {shown(right)!r}")
    for key, left in awaited.items():
        if left is not None and key not in table.optional:
            raise Wrong(path, f"has no row {_row((*key, *left))}, which follows from the log")


def _row(cells: Cells) -> str:
    return "(" + ", ".join(shown(c) for c in cells) + ")"


def check_data(folder: Folder, pack: Pack, summed: Mapping[str, Json], ballots: Ballots, rules: Rules) -> None:
    """Check every file of data/."""
    only(folder, "data/", {f"data/{name}" for name in DATA_FILES})
    for table in data_tables(pack, ballots, rules):
        compare(folder, table)
    _check_findings(folder, rules)
    _check_summary(folder, summed)
    if folder.read("data/dictionary.csv").split(b"\n")[0] != b"file,column,type,unit,meaning":
        raise Wrong("data/dictionary.csv: line 1", "the header has to be file,column,type,unit,meaning")


def data_tables(pack: Pack, ballots: Ballots, rules: Rules) -> Iterator[Table]:
    """Yield the CSV files as they have to be."""
    names = tuple(f"name_{language}" for language in pack.languages)
    stations = _station_rows(pack, ballots, rules)
    yield Table("stations.csv", ("code", "area", *names, "lat", "lon", "opened", "grade"), 1, stations)
    areas: dict[Cells, Cells] = {
        (code,): (row["parent"], row.get("level", ""), *_names(pack, row)) for code, row in pack.areas.items()
    }
    yield Table("areas.csv", ("code", "parent", "level", *names), 1, areas)
    votes, lines = _tally_rows(pack, rules.count)
    yield Table("tallies.csv", ("source", "tier", "area", "contest", "option", "votes"), 5, votes, lines)
    yield _protocol_table(rules.count)
    yield _official_table(rules.count)
    columns: Cells = ("area", "stations", "with_protocol", "with_photos", "with_both")
    yield Table("coverage.csv", columns, 1, _coverage_rows(pack, rules.count))
    columns = ("contest", "source", "set", "parameter", "value", "stations", "votes")
    bound: dict[Cells, Cells] = {key: (str(n), str(d)) for key, (n, d) in bounds(rules)}
    yield Table("bounds.csv", columns, 5, bound, {key for key, row in bound.items() if row == ("0", "0")})
    yield Table("findings.csv", FINDING, 1, {(f.id,): tuple(map(str, f.cells()[1:])) for f in rules.findings})


def _station_rows(pack: Pack, ballots: Ballots, rules: Rules) -> dict[Cells, Cells]:
    opened = Counter(o.station for o in ballots.opened)
    grades = rules.station_grades()
    expected: dict[Cells, Cells] = {}
    for code, row in pack.stations.items():
        lat, lon = (_degrees(row.get(axis, ""), limit) for axis, limit in (("lat", 90), ("lon", 180)))
        place = ("", "") if lat is None or lon is None else (str(lat), str(lon))
        ballots_ = str(opened[code]) if opened[code] else ""
        expected[code,] = (row["area"], *_names(pack, row), *place, ballots_, grades[code])
    return expected


def _names(pack: Pack, row: Mapping[str, str]) -> Cells:
    """Return the name in every language (election-pack.md, "Names fall back")."""
    there = [name for column, name in row.items() if column.startswith("name_") and name]
    return tuple(row.get(f"name_{language}") or (there or [row["code"]])[0] for language in pack.languages)


def _degrees(text: str, limit: int) -> float | None:
    """Return a coordinate, None if it is no number or not on Earth (election-pack.md, "Warnings")."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -limit <= value <= limit else None


def _tally_rows(pack: Pack, counted: Count) -> tuple[dict[Cells, Cells], set[Cells]]:
    """Return the rows of tallies.csv: stations and all areas above. Lines in a citizens' table need not be shown."""
    rows_: dict[Cells, Cells] = {}
    optional: set[Cells] = set()
    for (source, tier, contest), votes in counted.tallies.items():
        for option, by in votes.items():
            sums: Counter[str] = Counter(by)
            for station, value in by.items():
                for area in pack.above[station]:
                    sums[area] += value
            shown_as = option.removeprefix("line:")
            for area, value in sums.items():
                key = (source, tier, area, contest, shown_as)
                rows_[key] = (str(value),)
                if shown_as != option:
                    optional.add(key)
    return rows_, optional


def _protocol_table(counted: Count) -> Table:
    columns = ("source", "readings", "authority", "contest", "station", "line", "value")
    expected: dict[Cells, Cells] = {
        (v.source, str(v.readings), _yes(v.authority), contest, station, line): (str(value),)
        for contest, versions in counted.versions.items()
        for v in versions
        for line, by in v.figures.items()
        for station, value in by.items()
    }
    return Table("protocols.csv", columns, 6, expected)


def _official_table(counted: Count) -> Table:
    columns = ("leaf", "area", "contest", "source", "authority", "announced", "readings", "unit", "id", "value")
    expected: dict[Cells, Cells] = {}
    for index, record in counted.officials:
        _, _, _, area, contest, source, authority, announced, readings, unit, values, _, _ = record
        front = (str(index), area, contest, source, _yes(authority), announced, str(readings), str(unit))
        expected.update({(*front, option): (str(value),) for option, value in reversed(values)})
    return Table("official.csv", columns, 9, expected)


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _coverage_rows(pack: Pack, counted: Count) -> dict[Cells, Cells]:
    protocol = {s for c in pack.counted for option in c.options for s in counted.figures[c.id].get(option, {})}
    confirmed = [(s, c.id) for c in pack.counted for s in counted.sources(c.id, "confirmed")]
    photos = {
        station
        for station in pack.stations
        if any(counted.photos(s, "confirmed", c, station) > 0 for s, c in confirmed)
    }
    found: dict[str, list[int]] = {area: [0, 0, 0, 0] for area in pack.areas}
    for station, above in pack.above.items():
        for area in above:
            row = found[area]
            row[0] += 1
            row[1] += station in protocol
            row[2] += station in photos
            row[3] += station in protocol and station in photos
    return {(area,): tuple(map(str, row)) for area, row in found.items()}


def _check_findings(folder: Folder, rules: Rules) -> None:
    path = "data/findings.json"
    said = _json(path, folder.read(path))
    listed = said.get("findings") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not all(isinstance(f, dict) for f in listed):
        raise Wrong(path, "has to be an object with a list of findings")
    for mine, his in zip(rules.findings, listed, strict=False):
        where = f"{path}: {shown(mine.id)}"
        if his.keys() != {*FINDING, "numbers", "assumptions", "evidence"}:
            raise Wrong(where, "has other fields than formats.md says, or stands at another place")
        for name, right in (*zip(FINDING, mine.cells(), strict=True), ("numbers", mine.numbers)):
            if not same(his[name], right):
                raise Wrong(where, f"{name} is {shown(_dump(his[name]))}, recomputed {shown(_dump(right))}")
    if len(listed) != len(rules.findings):
        raise Wrong(path, f"has {len(listed)} findings, recomputed {len(rules.findings)}")


def _check_summary(folder: Folder, expected: Mapping[str, Json]) -> None:
    path = "data/summary.json"
    said = _json(path, folder.read(path))
    place = difference(said, dict(expected), "")
    if place:
        raise Wrong(f"{path}: {place[0]}", f"is {shown(_dump(place[1]))}, recomputed {shown(_dump(place[2]))}")


def difference(said: Json, right: Json, place: str) -> tuple[str, Json, Json] | None:
    """Return the first place where two JSON values differ; an absent key, null and 0 are the same: no number there."""
    if isinstance(right, dict) and (said is None or isinstance(said, dict)):
        left = said or {}
        found = (difference(left.get(k), right.get(k), f"{place}.{k}".lstrip(".")) for k in (right | left))
        return next((one for one in found if one), None)
    if isinstance(said, dict) and right is None:
        return next((one for one in (difference(v, None, f"{place}.{k}") for k, v in said.items()) if one), None)
    nothing = (None, 0, [0, 0])
    if (said in nothing and right in nothing and not isinstance(said, bool)) or same(said, right):
        return None
    return place, said, right


def same(one: Json, other: Json) -> bool:
    """Return whether two JSON values are equal; 1, true and 1.0 are three things."""
    return _dump(one) == _dump(other)


def _dump(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _json(path: str, data: bytes) -> Json:
    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(items)
        if len(found) != len(items):
            raise Wrong(path, "has a key twice")
        return found

    try:
        return json.loads(_text(path, data), object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise Wrong(path, f"is no JSON ({shown(str(error))})") from None


# ---------------------------------------------------------------------------------------------------------------------
# The whole check, in order


@dataclass
class Report:
    """What was recomputed, and what rests on somebody's word."""

    election: str
    trusted: bool
    checked: list[str] = field(default_factory=list)
    on_word: list[str] = field(default_factory=list)
    summary: dict[str, Json] = field(default_factory=dict)


@dataclass
class Recount:
    """Everything that follows from the log, the pack and the tables."""

    folder: Folder
    pack: Pack
    log: Log
    ballots: Ballots
    rules: Rules
    witnesses: list[str]
    summary: dict[str, Json]


def recount(root: Path, election: str | None = None, remembered: bytes | None = None) -> Recount:
    """Check and recompute all but data/; Wrong at the first thing that is wrong, Unreadable if it is no such folder."""
    folder = Folder(root)
    note = folder.check()
    pack = read_pack(folder)
    if election is not None and election.lower() != pack.id.hex():
        raise Wrong("pack", f"is of the election {pack.id.hex()}, not of {election.lower()}")
    checkpoint = read_checkpoint("checkpoint", folder.read("checkpoint"), pack.keys.log)
    _check_index_note(note, pack, checkpoint)
    witnesses = witnesses_of(checkpoint, pack.keys)
    data, leaves = read_tree(folder, checkpoint)
    if remembered is not None:
        _check_remembered(remembered, pack.keys.log, checkpoint, leaves)
    log = read_records(folder, pack, data)
    ballots = read_ballots(folder, pack, log, data, leaves)
    rules = Rules(pack, count(folder, pack, log, ballots), log.retractions)
    return Recount(folder, pack, log, ballots, rules, witnesses, summary(pack, log, checkpoint, ballots, rules))


def verify(root: Path, election: str | None = None, remembered: bytes | None = None) -> Report:
    """Recompute a published folder and hold every number in it against the recomputation; raises like `recount`."""
    found = recount(root, election, remembered)
    check_data(found.folder, found.pack, found.summary, found.ballots, found.rules)
    report = Report(found.pack.id.hex(), election is not None, summary=found.summary)
    _report(report, found, remembered is not None)
    return report


def _check_index_note(note: Note, pack: Pack, checkpoint: Checkpoint) -> None:
    if not note.signed_by(pack.keys.publisher):
        raise Wrong("index", f"is not signed by the publisher's key {shown(pack.keys.publisher.name)}")
    root = base64.b64encode(checkpoint.root).decode()
    right = (FORM, pack.id.hex(), str(checkpoint.size), root)
    names = ("the form", "the election", "the size", "the root")
    for name, said, expected in zip(names, note.text.split("\n"), right, strict=False):
        if said != expected:
            raise Wrong("index", f"{name} is {shown(said)}, in the folder it is {expected}")


def _check_remembered(data: bytes, log: Verifier, checkpoint: Checkpoint, leaves: list[bytes]) -> None:
    old = read_checkpoint("--checkpoint", data, log)
    if old.size > checkpoint.size:
        raise Wrong(
            "checkpoint", f"has {checkpoint.size} entries, the log signed {old.size} before: entries were cut off"
        )
    if tree_root(leaves[: old.size]) != old.root:
        raise Wrong(
            "checkpoint", f"its first {old.size} entries are not those of the checkpoint remembered: another log"
        )


def _report(report: Report, found: Recount, remembered: bool) -> None:
    folder, pack, log, rules, witnesses = found.folder, found.pack, found.log, found.rules, found.witnesses
    ballots, kinds = report.summary["ballots"], log.kinds
    grades = Counter(f.grade for f in rules.findings if not f.withdrawn)
    report.checked = [
        f"{len(folder.paths)} files, as the publisher {pack.keys.publisher.name} signed for",
        f"{log.size} entries of the log {pack.keys.log.name}, every tile, {len(witnesses)} of"
        f" {len(pack.keys.witnesses)} witnesses (the pack asks for {pack.keys.quorum})",
        f"{sum(kinds.values())} records laid open: " + ", ".join(f"{n} {k}" for k, n in sorted(kinds.items())),
        f"{ballots['logged']} ballots and withdrawals: {ballots['valid']} valid, {ballots['winning']} winning,"
        f" {ballots['opened']} opened, {ballots['superseded']} superseded, {ballots['withdrawn']} withdrawn,"
        f" {ballots['late']} late, {ballots['invalid']} not valid",
        f"{len(rules.findings)} findings: " + (", ".join(f"{grades[g]} {g}" for g in GRADES if grades[g]) or "none"),
        "every number in data/, cell by cell"
        + ("; the log goes on from the checkpoint remembered" if remembered else ""),
    ]
    below = sum(index < log.opened for index in log.closed)
    if log.ignored:
        report.checked.append(f"{len(log.ignored)} records count nowhere; the first: {shown(log.ignored[0])}")
    if not report.trusted:
        report.on_word.append(
            "that this is the election you mean: its id was taken from the folder; give it by --election"
        )
    if ballots["withheld"] or ballots["spoilt"]:
        report.on_word.append(
            f"the stewards': that {ballots['withheld']} ballots are of stations with fewer than {pack.k},"
            f" and that {ballots['spoilt']} can't be opened or read"
        )
    if log.closed:
        report.on_word.append(
            f"the stewards' and the publisher's: that of the closed records {below} below the opening are readings,"
            f" verdicts or bindings of unopened ballots, and {len(log.closed) - below} others wait to be opened"
        )
    report.on_word.append(
        "the readers': that the pictures show what two of them said; the issuer's: one phone, one key"
    )
    if log.senders:
        report.on_word.append("the machine's: that the code beside the ballot is the sender's, where it says so")
    report.on_word.append(
        "the pages (HTML, PDF, assets), export/, assumptions and evidence of findings: by their hash only"
    )


@dataclass
class PageReport:
    """What was checked of one file, and on whose word it rests."""

    path: str
    length: int
    election: str
    publisher: str
    size: str
    loaded: int
    on_word: list[str] = field(default_factory=list)


def check_page(root: Path, path: str, election: str | None = None, publisher: str | None = None) -> PageReport:
    """Check one file of a publication with index, index.csv and one shard list (formats.md, "The signed index").

    Without the ``publisher``'s key, a verifier key of signed notes, that in pack/keys.toml is taken on its word.
    """
    folder = Folder(root)
    note = folder.check_root()
    key = Verifier.parse("--publisher", publisher) if publisher else _publisher_in(folder)
    if not note.signed_by(key):
        raise Wrong("index", f"is not signed by the publisher's key {shown(key.name)}")
    form, said, size, *_ = note.text.split("\n")
    if form != FORM or not re.fullmatch(r"[0-9a-f]{64}", said):
        raise Wrong("index", f"is no note of the form {FORM}")
    if election is not None and election.lower() != said:
        raise Wrong("index", f"is of the election {said}, not of {election.lower()}")
    data = _read_alone(folder, path)
    read = ("index", "index.csv", folder.list_of(path))
    report = PageReport(path, len(data), said, key.name, size, sum((root / name).stat().st_size for name in read))
    if publisher is None:
        report.on_word.append(f"that {key.name} is the publisher: its key was taken from the folder (--publisher)")
    if election is None:
        report.on_word.append("that this is the election you mean: its id was taken from the folder (--election)")
    report.on_word.append("the publisher's: what the page says; all of it is recomputed from the whole folder alone")
    return report


def _publisher_in(folder: Folder) -> Verifier:
    toml = _toml("pack/keys.toml", _read_alone(folder, "pack/keys.toml"))
    return Verifier.parse("pack/keys.toml: publisher", str(toml.get("publisher", "")))


def _read_alone(folder: Folder, path: str) -> bytes:
    """Read one file and nothing else but the shard list that it belongs to."""
    by = folder.list_of(path)
    if by not in folder.lists:
        raise Wrong(path, f"is not of this publication: index.csv has no {by}, where it would be listed")
    for name in (by, path):
        if not (folder.root / name).is_file() or (folder.root / name).is_symlink():
            raise Wrong(name, "is missing: the folder does not have it as a file")
        if name == by:
            folder.check_list(by)
            if path in folder.paths:
                continue
            raise Wrong(path, f"is not of this publication: {by} does not list it")
    return folder.read(path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    page = given[:1] == ["page"]
    parser, options = _options(given[page:], page)
    if options.election is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", options.election):
        parser.error("--election has to be 64 digits of hex")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        if page:
            _say_page(check_page(Path(options.folder), options.path, options.election, options.publisher), options)
            return 0
        remembered = Path(options.checkpoint).read_bytes() if options.checkpoint else None
        report = verify(Path(options.folder), options.election, remembered)
    except Wrong as wrong:
        return _say_wrong(options.json, wrong.where, wrong.what)
    except (Unreadable, OSError) as error:
        return _say_unreadable(options.json, str(error))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, MemoryError, OverflowError) as error:
        return _say_wrong(options.json, "the folder", f"holds something that can't be checked ({type(error).__name__})")
    _say_ok(report, options.json, options.quiet)
    return 0


def _options(given: Sequence[str], page: bool) -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    what = "Check one file of a Golos publication." if page else "Recompute a Golos publication."
    more = "" if page else " golos_verify page DIR PATH checks one file alone."
    parser = argparse.ArgumentParser(prog=f"golos_verify{' page' * page}", description=what + more)
    parser.add_argument("folder", metavar="DIR", help="the published folder, or a mirror of it")
    if page:
        parser.add_argument("path", metavar="PATH", help="the file, as seen from the folder: en/index.html")
        parser.add_argument("--publisher", metavar="KEY", help="the publisher's key, from a source you trust")
    else:
        parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint you kept: the log has to go on from it")
    parser.add_argument("--election", metavar="HEX", help="the election's id, from a source you trust")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quiet", action="store_true", help="print nothing if all is right but OK")
    return parser, parser.parse_args(given)


def _say_page(report: PageReport, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps({"verdict": "OK", **vars(report)}))
        return
    print(f"OK: {report.path} is of election {report.election}, log size {report.size}")
    if not options.quiet:
        print(f"Checked: {report.length} bytes, with {report.loaded} bytes of index, index.csv and one list")
        print("Rests on somebody's word:", *(f"  {line}" for line in report.on_word), sep="\n")


def _say_wrong(as_json: bool, where: str, what: str) -> int:
    print(json.dumps({"verdict": "WRONG", "where": where, "what": what}) if as_json else f"WRONG: {where}: {what}")
    return 1


def _say_unreadable(as_json: bool, what: str) -> int:
    if as_json:
        print(json.dumps({"verdict": "UNREADABLE", "what": what}))
    else:
        print(f"golos_verify: {shown(what)}", file=sys.stderr)
    return 2


def _say_ok(report: Report, as_json: bool, quiet: bool) -> None:
    if as_json:
        fields = {"election": report.election, "election_given": report.trusted, "checked": report.checked}
        print(json.dumps({"verdict": "OK", **fields, "on_word": report.on_word, "summary": report.summary}))
        return
    print(f"OK: election {report.election}")
    if quiet:
        return
    print("Recomputed:", *(f"  {line}" for line in report.checked), sep="\n")
    for contest, said in report.summary["contests"].items():
        for source, figures in said["sources"].items():
            for key, of in (("c1", ""), ("c1_bound", ", bound photographs alone")):
                by_grade = figures.get(key, {}).get("by_grade")
                if by_grade is not None:
                    shares = ", ".join(f"{g} {by_grade[g][1]} at {by_grade[g][0]}" for g in GRADES if g in by_grade)
                    print(f"  {contest}, {source}, votes missing at the least at stations (C1){of}: {shares or 'none'}")
    print("Rests on somebody's word:", *(f"  {line}" for line in report.on_word), sep="\n")


if __name__ == "__main__":
    gc.disable()  # all that is read lives to the end and is in no cycle: a search for cycles only costs
    sys.exit(main())
