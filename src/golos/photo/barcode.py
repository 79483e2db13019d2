"""Barcode: QR codes of a photographed sheet, and the numbers that a protocol's own QR holds.

A protocol's code is text: ``GOLOS1``, then fields of ``key=value``, all parted by ``;``. ``form`` (required) is the
revision's digest or a beginning of it of at least 16 hex digits; ``station`` is optional; every other key is a
number's id and its value whole and not negative: ``GOLOS1;form=3f2a...;station=07-12;alice=124;invalid=3``.
Bytes come from strangers: anything else is no protocol's code, and is passed over without a word.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import zxingcpp

from golos.photo.picture import Grey

PREFIX = "GOLOS1"
MAX_LENGTH = 4_096
MAX_VALUE = 1_000_000_000
_FIELD = re.compile(r"([A-Za-z0-9._-]{1,64})=([A-Za-z0-9._-]{1,64})")
_KINDS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a protocol's code says: ``form`` in lower-case hex, ``station`` or None, ``numbers`` by id."""

    form: str
    station: str | None
    numbers: Mapping[str, int]


def codes(grey: Grey) -> list[str]:
    """Return the texts of the QR codes in a picture."""
    found = zxingcpp.read_barcodes(np.ascontiguousarray(grey), formats=_KINDS)
    return [code.text for code in found if code.valid and len(code.text) <= MAX_LENGTH]


def printed(grey: Grey) -> Printed | None:
    """Return what the one protocol's code in the picture says; None if there is none, or codes that differ."""
    found = [held for text in codes(grey) if (held := parse(text)) is not None]
    return found[0] if found and all(each == found[0] for each in found) else None


def parse(text: str) -> Printed | None:
    """Return what a code's text says, None if it is no protocol's code or holds a key twice."""
    head, *fields = text.split(";")
    pairs = [_FIELD.fullmatch(field) for field in fields]
    if head != PREFIX or not all(pairs):
        return None
    held = {pair[1]: pair[2] for pair in pairs if pair}
    form, station = held.pop("form", "").lower(), held.pop("station", None)
    sound = re.fullmatch(r"[0-9a-f]{16,64}", form) and len(held) + 1 + (station is not None) == len(pairs)
    if not sound or not all(re.fullmatch(r"[0-9]{1,10}", v) and int(v) <= MAX_VALUE for v in held.values()):
        return None
    return Printed(form, station, {name: int(value) for name, value in held.items()})


def text_of(held: Printed) -> str:
    """Return the text that a form's maker puts into the code."""
    fields = {"form": held.form} | ({"station": held.station} if held.station is not None else {})
    return ";".join([PREFIX, *(f"{k}={v}" for k, v in (fields | dict(held.numbers)).items())])
