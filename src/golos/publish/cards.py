"""Cards: what may be quoted, as pictures to be passed on (PNG, SVG), and as an element for other sites.

A card carries its denominators, says that it is a bound, and names the election and the root of the log.
"""

from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any, NamedTuple

import msgspec
import typst
from markupsafe import escape

from golos.publish.folder import Folder
from golos.publish.quotes import Quote, bound, quotes
from golos.publish.results import Results
from golos.publish.words import Words

_compile: Callable[..., Any] = typst.compile
_MOST = 12
"""So many cards a language has at most."""


class Card(NamedTuple):
    """A quote and where its pictures lie in the language's folder, without their endings."""

    quote: Quote
    path: str


def write(results: Results, words: Sequence[Words], folder: Folder) -> list[list[Card]]:
    """Write the cards of every language; return them in the order of ``words``."""
    every = [[Card(q, f"share/{q.name}") for q in quotes(results, one)[:-1]][:_MOST] for one in words]
    told = [_told(results, one, card) for one, cards in zip(words, every, strict=True) for card in cards]
    paths = [f"{one.language.code}/{card.path}" for one, cards in zip(words, every, strict=True) for card in cards]
    files = {
        "main": (resources.files("golos.publish") / "templates" / "card.typ").read_bytes(),
        "cards.json": msgspec.json.encode(told),
    }
    for form, ppi in (("png", 72.0), ("svg", None)):
        made = _compile(files, format=form, ppi=ppi, ignore_system_fonts=True)
        for path, card, picture in zip(paths, told, made if isinstance(made, list) else [made], strict=True):
            folder.write(f"{path}.{form}", picture if form == "png" else _titled(picture, card["text"]))
    return every


def _told(results: Results, words: Words, card: Card) -> dict[str, str]:
    return {
        "language": words.language.code,
        "election": f"{words.language.plain(results.pack.names)} · {results.pack.date}",
        "figure": card.quote.figure,
        "text": card.quote.text,
        "bound": bound(words).text,
        "proof": f"{results.pack.id.hex()[:16]} · {results.size} · {results.root.hex()[:16]}",
    }


def _titled(svg: bytes, text: str) -> bytes:
    """Return a drawing whose words are outlines with its text for those who can't see it."""
    head, rest = svg.split(b">", 1)
    return head + b' role="img"><title>' + escape(text).encode() + b"</title>" + rest
