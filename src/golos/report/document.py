"""Document: a report as a sequence of blocks of plain text. Markup is made only where it is set (paper, screen)."""

from collections.abc import Sequence

import msgspec


class Block(msgspec.Struct, frozen=True, tag_field="kind", tag=str.lower):
    """A part of a document. Every text in it is plain: it may hold any sign, and none of them means anything."""


class Heading(Block, frozen=True):
    """A heading of level 1 to 3; one of level 1 begins a page."""

    level: int
    text: str


class Text(Block, frozen=True):
    """A paragraph. ``look``: "", ``lead``, ``small``, ``notice`` (said loudly), ``quote`` or ``code``."""

    text: str
    look: str = ""


class Points(Block, frozen=True):
    """A list of sentences; ``quotable``: each may be quoted as it stands."""

    items: Sequence[str]
    quotable: bool = False


class Facts(Block, frozen=True):
    """Large numbers, each with what it says."""

    facts: Sequence[tuple[str, str]]


class Verdict(Block, frozen=True):
    """A grade in its look, and why. ``grade`` is the class of the style (`golos.publish.marks.CLASSES`)."""

    grade: str
    word: str
    text: str


class Table(Block, frozen=True):
    """A table with a caption; all columns but the first ``left`` hold numbers; ``wide`` takes the room that is left.

    Rows are as long as the head.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1
    wide: int = 0


class Plot(Block, frozen=True):
    """A drawing: an SVG document, and its words for those who can't see it."""

    svg: str
    title: str
    note: str


class Document(msgspec.Struct, frozen=True):
    """A whole report. ``foot`` stands on every page; ``contents`` is the heading of the table of contents."""

    language: str
    title: str
    foot: str
    contents: str
    blocks: Sequence[Block]
