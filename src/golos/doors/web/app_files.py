"""App files: the built voter's app (web/), read once, as it goes out: its types, its compressed form, its policy."""

import gzip
import hashlib
import mimetypes
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from golos.model.problem import Problem

PAGE = "index.html"
OFFLINE = "offline.html"
_NOT_SERVED = ("sizes.json",)
_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".golos": "application/cbor"}
_LEAST = 256
"""Files below that many bytes are not worth compressing."""


@dataclass(frozen=True, slots=True)
class AppFile:
    """A file of the app: its bytes, the same gzipped where that is less, and its media type."""

    data: bytes
    gzipped: bytes | None
    media_type: str

    @classmethod
    def of(cls, name: str, data: bytes) -> "AppFile":
        """Return the file as it is served."""
        gzipped = gzip.compress(data, mtime=0) if len(data) >= _LEAST else data
        suffix = "." + name.rpartition(".")[2]
        kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return cls(data, gzipped if len(gzipped) < len(data) else None, kind)


def built() -> dict[str, AppFile]:
    """Return the files of the app by name; none where it was not built (`make app`).

    They are in the package, or in the folder that the environment's GOLOS_APP names.
    """
    elsewhere = os.environ.get("GOLOS_APP")
    folder = Path(elsewhere) if elsewhere else resources.files("golos") / "_app"
    return {one.name: AppFile.of(one.name, one.read_bytes()) for one in _files(folder)}


def _files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted((one for one in folder.iterdir() if one.name not in _NOT_SERVED), key=lambda one: one.name)


def offline_page(files: dict[str, AppFile], expected: str) -> AppFile | None:
    """Return the page for a phone without a network, unless the pack's app.toml names another."""
    page = files.get(OFFLINE)
    if page is None or (expected and hashlib.sha256(page.data).hexdigest() != expected):
        return None
    return page


def absent() -> Problem:
    """Return what is said where the app is not there."""
    return Problem("missing.app", "path", "leads to the voter's app, which was not built.", "Build it: make app.")


def policy(mirrors: Sequence[str]) -> str:
    """Return the app's Content-Security-Policy: it talks to its own origin and to the signed mirrors, to nobody else.

    Scripts are files of this origin alone; the one Trusted Types policy, ``worker``, names the service worker.
    """
    parts = (
        "default-src 'self'",
        " ".join(("connect-src 'self'", *mirrors)),
        "img-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types worker",
    )
    return "; ".join(parts)
