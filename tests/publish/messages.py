"""Every message of the site's templates and Python files, for the tests of the catalogues."""

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from jinja2.ext import babel_extract

import golos.publish
from golos.count.words import PHOTOS, RULES

SOURCES = Path(golos.publish.__file__).parent
PLURAL = (1, 2)
KEYWORDS = {"_n": None, "text": None, "_p": PLURAL, "plural": PLURAL, "_count": PLURAL}


def messages() -> dict[str, str | None]:
    """Return every message, and its plural form or None."""
    found: dict[str, str | None] = {}
    for path in sorted((SOURCES / "templates").glob("*.html")):
        options = {
            "trimmed": "true",
            "trim_blocks": "true",
            "lstrip_blocks": "true",
            "silent": "false",
            "newstyle_gettext": "true",
        }
        rows = babel_extract(BytesIO(path.read_bytes()), ("gettext", "ngettext", "_"), [], options)
        _add(found, [message for _, _, message, _ in rows])
    for path in sorted(SOURCES.glob("*.py")):
        rows = extract("python", BytesIO(path.read_bytes()), keywords=KEYWORDS)
        _add(found, [message for _, message, _, _ in rows])
    _add(found, [sentence for rule in RULES.values() for sentence in rule])
    _add(found, list(PHOTOS.values()))
    return found


def _add(found, extracted) -> None:
    for message in extracted:
        one, many = message[:2] if isinstance(message, tuple | list) else (message, None)
        if one:
            found[one] = many or found.get(one)
