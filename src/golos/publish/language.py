"""Language: one of the site's languages: its catalogue, its numbers and the names it shows.

The catalogues are gettext .po files beside this module, compiled when loaded. Numbers are grouped by hand with
the signs of the CLDR (Babel), because a formatter call for each of a million cells would take minutes.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from io import BytesIO

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import Markup, escape

from golos.model.pack import Borrowed

CODES = ("be", "ru", "en")
"""Languages of the site, in the order of the switcher."""
_TAG = re.compile(r"<[^<>]*>")
_FALLBACK = ("be", "ru", "en")


def marked(message: str) -> str:
    """Mark a message of the catalogues that is translated where it is shown; used as ``_n``."""
    return message


def untagged(text: str) -> str:
    """Return the bare text of markup: a name that is marked with its language, say."""
    return Markup(_TAG.sub("", text)).unescape() if isinstance(text, Markup) else text  # noqa: S704 (text leaves it)


class Language:
    """A language of the site; get one by `load`."""

    def __init__(self, code: str) -> None:
        locale = Locale.parse(code)
        symbols = locale.number_symbols
        signs: Mapping[str, str] = symbols.get("latn", symbols)
        self.code = code
        self.name = (locale.get_display_name(code) or code).capitalize()
        self.translations = _catalogue(code)
        self._group = signs["group"]
        self._decimal = signs["decimal"]
        self._percent: str = (
            locale.percent_formats[None].pattern.replace("#,##0", "{}").replace("%", signs["percentSign"])
        )

    def text(self, message: str, /, **values: object) -> str:
        """Return the translation of ``message`` with its ``%(name)s`` places filled."""
        translated = str(self.translations.gettext(message))
        return translated % values if values else translated

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Return the form of the language for ``number``, which also fills ``%(n)s``, grouped."""
        form = str(self.translations.ngettext(one, many, number))
        return form % {"n": self.number(number), **values}

    def number(self, value: int) -> str:
        """Return a whole number, grouped."""
        return f"{value:,}".replace(",", self._group)

    def percent(self, part: int, whole: int) -> str:
        """Return ``part`` of ``whole`` in per cent with one decimal, or a dash where there is no whole."""
        if not whole:
            return "–"
        tenths = (part * 2000 + whole) // (2 * whole)
        return self._percent.format(f"{self.number(tenths // 10)}{self._decimal}{tenths % 10}")

    def decimal(self, value: float, digits: int) -> str:
        """Return a number with so many digits after the decimal sign, grouped."""
        return f"{value:,.{digits}f}".translate({ord(","): self._group, ord("."): self._decimal})

    def label(self, names: Mapping[str, str], default: str = "") -> Markup:
        """Return the name in this language, else in another one, marked with that one's ``lang``."""
        return self.foreign(self.plain(names, default), self.tongue(names))

    def plain(self, names: Mapping[str, str], default: str = "") -> str:
        """Return the same name as bare text, for titles."""
        return next((names[code] for code in (self.code, *_FALLBACK, *names) if names.get(code)), default)

    def tongue(self, names: Mapping[str, str]) -> str:
        """Return the code of the language that the name shown is in; "" where it is in none."""
        code = next((code for code in (self.code, *_FALLBACK, *names) if names.get(code)), "")
        name = names.get(code)
        return name.language if isinstance(name, Borrowed) else code

    def foreign(self, text: str, code: str) -> Markup:
        """Return the text, marked with the language it is in where that is another one than the page's."""
        if not text or code in ("", self.code):
            return escape(text)
        return Markup(f'<span lang="{escape(code)}">{escape(text)}</span>')  # noqa: S704 (escaped here)


def sole_tongue(names: Mapping[str, str]) -> str:
    """Return the language of the list that the names were taken from, where it had but one; "" elsewhere."""
    own = [code for code, name in names.items() if name and not isinstance(name, Borrowed)]
    return own[0] if len(own) == 1 and len(names) > 1 else ""


@cache
def load(code: str) -> Language:
    """Return the language of that code."""
    return Language(code)


def _catalogue(code: str) -> Translations:
    source = resources.files("golos.publish") / "locale" / code / "LC_MESSAGES" / "golos.po"
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=code, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled, domain="golos")
