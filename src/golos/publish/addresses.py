"""Addresses: where the pages of areas and stations lie inside a language's folder."""

import hashlib
import re

_SAFE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}")


def file_name(code: str) -> str:
    """Return a code as a file name on any system and in any address: itself, or its digest where it holds other signs."""
    return code if _SAFE.fullmatch(code) else "_" + hashlib.sha256(code.encode()).hexdigest()[:24]


def area_page(code: str) -> str:
    """Return the path of an area's page."""
    return f"areas/{file_name(code)}.html"


def station_page(code: str) -> str:
    """Return the path of a station's page."""
    return f"stations/{file_name(code)}.html"


def findings_page(number: int) -> str:
    """Return the path of a page of findings, counted from 1."""
    return "findings/index.html" if number == 1 else f"findings/{number}.html"
