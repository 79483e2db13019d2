"""app.toml: which page the voter's app is for phones without a network. So its digest stands in the log, signed."""

import re

from golos.model.mistake import Notes
from golos.model.pack_toml import load

FILE = "app.toml"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def parse_app(data: bytes, notes: Notes) -> str:
    """Return the SHA-256 (hex) of the page, "" where the file is wrong; every mistake is noted."""
    file = load(FILE, data, notes)
    if file is None:
        return ""
    digest = file.text("offline", pattern=_DIGEST, form="the SHA-256 of offline.html in hex")
    file.close()
    return digest


def write_app(digest: str) -> str:
    """Return app.toml."""
    return f'# The SHA-256 of the voter\'s app as one page (offline.html).\noffline = "{digest}"\n'
