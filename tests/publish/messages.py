"""Every message of the site and of the report, for the tests of the catalogues they share."""

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from jinja2.ext import babel_extract

import golos.publish
import golos.report
from golos.count.evidence import curve, quickcount
from golos.count.forensics import digits, plots
from golos.count.forensics.study import CITED
from golos.count.words import PHOTOS, RULES
from golos.report.methods import EVIDENCE, MEANINGS
from golos.report.official import NO_CONTROL
from golos.report.reports import BOUNDS_ONLY

SOURCES = Path(golos.publish.__file__).parent
PYTHON = [*SOURCES.glob("*.py"), *Path(golos.report.__file__).parent.glob("*.py")]
DRAWINGS = [Path(module.__file__) for module in (curve, plots)]
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
    for paths, keywords in ((PYTHON, KEYWORDS), (DRAWINGS, {"say": None})):
        for path in sorted(paths):
            rows = extract("python", BytesIO(path.read_bytes()), keywords=keywords)
            _add(found, [message for _, message, _, _ in rows])
    for method in (*EVIDENCE, *CITED, quickcount.METHOD):
        _add(found, [method.name, *method.assumptions, *method.confounds])
    _add(found, [*MEANINGS.values(), NO_CONTROL, BOUNDS_ONLY, digits.METHOD.name])
    _add(found, [sentence for rule in RULES.values() for sentence in rule])
    _add(found, list(PHOTOS.values()))
    return found


def _add(found, extracted) -> None:
    for message in extracted:
        one, many = message[:2] if isinstance(message, tuple | list) else (message, None)
        if one:
            found[one] = many or found.get(one)
