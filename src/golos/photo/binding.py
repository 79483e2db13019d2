"""Binding: a short code, written beside the ballot, that ties a photograph to the one credential that may send it.

The code comes from the token's authenticator, the issuer's signature, which nobody can choose: a phone gets one (and
one more if it is re-issued), so a code can't be sought among many keys. Eight digits and a check digit, digits alone,
so that the network of the protocols reads them in handwriting (docs/formats.md, "Code beside the ballot").
"""

import hashlib
from collections.abc import Iterable

LABEL = b"golos/photo-code/v1\n"
AUTHENTICATOR = 256
"""Bytes at the end of a token (RFC 9578, type 0x0002): an RSA-2048 signature."""
DIGITS = 9
QR = "GOLOSCODE1;"
"""What the code's QR begins with, where the app prints it; the nine digits follow."""


def code_of(token: bytes, election: bytes) -> str:
    """Return the nine digits for a ballot's token (354 bytes) in the election with this id (32 bytes)."""
    digest = hashlib.sha256(LABEL + election + token[-AUTHENTICATOR:]).digest()
    body = f"{int.from_bytes(digest[:16]) % 10 ** (DIGITS - 1):0{DIGITS - 1}d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """Return the digit that ISO 7064 MOD 11,10 puts after ``body``: it finds every single wrong digit."""
    product = 10
    for digit in body:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)


def is_code(text: str) -> bool:
    """Whether nine digits keep their check digit."""
    return len(text) == DIGITS and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]


def from_qr(texts: Iterable[str]) -> str | None:
    """Return the code that the QR codes of a picture hold; None if there is none, or two that differ."""
    held = {text.removeprefix(QR) for text in texts if text.startswith(QR)}
    sound = {code for code in held if is_code(code)}
    return sound.pop() if len(sound) == 1 else None
