"""keys.toml: every public key of an election, written and read back.

Keys of 32 bytes are hex, the issuer's RSA keys base64 (DER); the log, the publisher and the witnesses
are verifier keys of C2SP signed notes: ``name+hash+base64``.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable

from golos.model.mistake import Notes
from golos.model.pack import Cohort, Keys, Organisation
from golos.model.pack_toml import Section, load

FILE = "keys.toml"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ALGORITHMS = (b"\x01", b"\x04")  # C2SP signed-note: Ed25519, and timestamped Ed25519 cosignatures


def write_keys(keys: Keys) -> str:
    """Return keys.toml; `parse_keys` gives back equal keys."""
    lines = [
        "# The public keys of this election. Written by `golos init`; the stewards sign it with the pack.",
        f"log = {_quote(keys.log)}",
        f"publisher = {_quote(keys.publisher)}",
        f"witnesses = {_list(keys.witnesses)}",
        f"quorum = {keys.quorum}",
        f"stewards = {_list(key.hex() for key in keys.stewards)}",
        f"threshold = {keys.threshold}",
        *(f'{name} = "{getattr(keys, name).hex()}"' for name in ("intake", "room", "opening", "registrar", "receiver")),
        f"issuer = {_quote(keys.issuer)}",
    ]
    for cohort in keys.cohorts:
        key = base64.b64encode(cohort.key).decode()
        lines += ["", "[[cohort]]", f"name = {_quote(cohort.name)}", f"starts = {_quote(cohort.starts)}"]
        lines += [f"reissue = {str(cohort.reissue).lower()}", f'key = "{key}"']
    for organisation in keys.organisations:
        lines += ["", "[[organisation]]", f"name = {_quote(organisation.name)}", f'key = "{organisation.key.hex()}"']
    return "\n".join(lines) + "\n"


def parse_keys(data: bytes, notes: Notes) -> Keys | None:
    """Return the keys of the file; None if it is no TOML. Every mistake is noted."""
    file = load(FILE, data, notes)
    if file is None:
        return None
    witnesses, stewards = _verifiers(file), _stewards(file)
    keys = Keys(
        log=_verifier(file, "log"),
        publisher=_verifier(file, "publisher"),
        witnesses=witnesses,
        quorum=file.number("quorum", 0, len(witnesses)),
        stewards=stewards,
        threshold=file.number("threshold", 1, max(1, len(stewards))),
        intake=_key(file, "intake"),
        room=_key(file, "room"),
        opening=_key(file, "opening"),
        registrar=_key(file, "registrar"),
        receiver=_key(file, "receiver"),
        issuer=file.text("issuer"),
        cohorts=tuple(_cohort(section) for section in file.sections("cohort")),
        organisations=tuple(_organisation(section) for section in file.sections("organisation")),
    )
    file.unique("cohort", [c.name for c in keys.cohorts])
    file.unique("cohort", [c.key for c in keys.cohorts])
    file.unique("organisation", [o.key for o in keys.organisations])
    file.close()
    return keys


def _cohort(section: Section) -> Cohort:
    reissue = section.flag("reissue")
    starts = section.text("starts", "" if reissue else None, _DATE, "a date like 2020-08-09")
    cohort = Cohort(section.text("name"), starts, _der(section), reissue)
    section.close()
    return cohort


def _organisation(section: Section) -> Organisation:
    organisation = Organisation(section.text("name"), _key(section, "key"))
    section.close()
    return organisation


def _key(section: Section, name: str) -> bytes:
    text = section.text(name)
    key = _unhex(text)
    if text and len(key) != 32:
        section.mistake(name, "has to be a key of 32 bytes: 64 digits of hex")
    return key


def _stewards(file: Section) -> tuple[bytes, ...]:
    keys = tuple(_unhex(text) for text in file.texts("stewards"))
    if not keys or any(len(key) != 32 for key in keys):
        file.mistake("stewards", "has to be a list of keys of 32 bytes each: 64 digits of hex")
    file.unique("stewards", keys)
    return keys


def _verifier(file: Section, name: str) -> str:
    text = file.text(name)
    if text and not _is_verifier(text):
        file.mistake(name, "is no verifier key of a signed note: name+hash+base64")
    return text


def _verifiers(file: Section) -> tuple[str, ...]:
    texts = file.texts("witnesses")
    if not all(_is_verifier(text) for text in texts):
        file.mistake("witnesses", "holds a text that is no verifier key of a signed note: name+hash+base64")
    file.unique("witnesses", texts)
    return texts


def _is_verifier(text: str) -> bool:
    """C2SP signed-note, "Verifier keys": the hash is H(name || 0x0A || algorithm || key)[:4]."""
    name, _, rest = text.partition("+")
    digest, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    expected = hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
    return (
        bool(name) and not re.search(r"\s", name) and key[:1] in _ALGORITHMS and len(key) == 33 and expected == digest
    )


def _der(section: Section) -> bytes:
    text = section.text("key")
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if text and not key.startswith(b"\x30"):
        section.mistake("key", "has to be an RSA public key: DER in base64")
    return key


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text) if re.fullmatch(r"([0-9a-f]{2})+", text) else b""


def _quote(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Iterable[str]) -> str:
    return "[" + "".join(f"\n  {_quote(text)}," for text in texts) + "\n]"
