"""Shell: what stands around the middle of every page, rendered once and then only filled in.

Most pages differ in the middle alone, and there are tens of thousands of them.
"""

from collections.abc import Sequence

from jinja2 import Environment

_HERE, _TITLE, _MAIN = "\x00here\x00", "\x00title\x00", "\x00main\x00"


class Shell:
    """The pages' head, menu and foot in one language."""

    def __init__(self, pages: Environment, menu: Sequence[tuple[str, str]]) -> None:
        self._pages = pages
        self._addresses = {address for address, _ in menu}
        self._parts: dict[tuple[str, str], list[str]] = {}

    def around(self, path: str, title: str, main: str) -> str:
        """Return the whole page at ``path`` of the language's folder; title and main are markup."""
        key = "../" * path.count("/"), path if path in self._addresses else ""
        if key not in self._parts:
            self._parts[key] = self._rendered(*key)
        return "".join(
            main if part == _MAIN else title if part == _TITLE else path if part == _HERE else part
            for part in self._parts[key]
        )

    def _rendered(self, up: str, current: str) -> list[str]:
        text = self._pages.get_template("base.html").render(
            up=up, current=current, here=_HERE, title=_TITLE, main=_MAIN
        )
        parts = [text]
        for mark in (_HERE, _TITLE, _MAIN):
            parts = [piece for part in parts for piece in _split(part, mark)]
        return parts


def _split(text: str, mark: str) -> list[str]:
    pieces = text.split(mark)
    return [piece for at, part in enumerate(pieces) for piece in ((mark, part) if at else (part,))]
