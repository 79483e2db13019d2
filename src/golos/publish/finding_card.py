"""Finding card: a finding as a page shows it. Plain joining of markup: there may be a hundred thousand of them."""

from typing import Protocol

from markupsafe import Markup, escape

from golos.model.finding import Finding, Grade
from golos.publish.language import marked as _n
from golos.publish.marks import CLASSES
from golos.publish.words import Told, Words


class Where(Protocol):
    """What a card says of the place of a finding: its address, its name, and the areas around it."""

    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> Markup: ...  # noqa: D102
    @property
    def within(self) -> Markup: ...  # noqa: D102


class FindingCards:
    """The cards of one language. Every text in them is markup already, or escaped here."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._said = {name: escape(words.language.text(message)) for name, message in _SAID.items()}
        self._assumptions: dict[tuple[str, ...], str] = {}
        self.badges = {grade: badge(grade, words.grade(grade)) for grade in Grade}

    def card(self, finding: Finding, up: str = "../", place: Where | None = None, level: int = 3) -> Markup:
        """Return the card of a finding on a page from which ``up`` leads to the language's folder.

        ``place``: say which station or area it is about. ``level`` is that of the card's heading.
        """
        told, said = self.words.tell(finding), self._said
        parts = [
            f'<article class="finding g-{CLASSES[finding.grade]}{" withdrawn" if finding.withdrawn else ""}" '
            f'id="{escape(finding.id)}">\n<h{level}>{self.badges[finding.grade]} {escape(told.rule)}</h{level}>\n'
        ]
        if place is not None:
            where = f'<a href="{escape(place.address)}">{place.title}</a> <small>{place.within}</small>'
            parts.append(f'<p class="place">{where}</p>\n')
        if finding.withdrawn:
            why = f"<strong>{said['withdrawn']}</strong> {escape(finding.withdrawn)}"
            parts.append(f'<p class="notice">{why}</p>\n')
        parts += [f"<p>{escape(sentence)}</p>\n" for sentence in told.said]
        parts.append(f'<p class="breaking">{escape(told.breaking)}</p>\n')
        if told.reason:
            parts.append(f'<p class="reason"><strong>{said["why"]}</strong> {escape(told.reason)}</p>\n')
        parts.append(self._source(told, up))
        parts.append(self._details(told, up))
        return Markup("".join(parts))  # noqa: S704 (joined of markup and of what is escaped above)

    def _source(self, told: Told, up: str) -> str:
        rule = told.finding.rule
        source = f" · {self._said['source']} {told.source}" if told.source else ""
        tier = f" · {escape(told.tier)}" if told.tier else ""
        link = f'<a href="{up}methods.html#{rule}">{rule}</a>'
        return f'<p class="small">{self._said["rule"]} {link}{source}{tier}</p>\n'

    def _details(self, told: Told, up: str) -> str:
        finding = told.finding
        if finding.assumptions not in self._assumptions:
            listed = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in told.assumptions)
            self._assumptions[finding.assumptions] = f"<ul>\n{listed}</ul>\n"
        items = "".join(f"<li>{evidence(item, up)}</li>\n" for item in finding.evidence)
        return (
            f"<details><summary>{self._said['details']}</summary>\n{self._assumptions[finding.assumptions]}"
            f'<p class="mono">{escape(finding.id)}</p>\n'
            + (f'<ul class="mono">\n{items}</ul>\n' if items else "")
            + "</details>\n</article>\n"
        )


def badge(grade: Grade, word: str) -> Markup:
    """Return a grade's word in its look."""
    return Markup('<span class="badge g-{}">{}</span>').format(CLASSES[grade], word)


def evidence(item: str, up: str) -> Markup:
    """Return what a number comes from: a published table with its link, or a leaf of the log."""
    kind, _, name = item.partition(":")
    if kind != "table":
        return escape(item)
    link = f'<a href="{escape(up)}../tables/{escape(name)}.csv" download>{escape(item)}</a>'
    return Markup(link)  # noqa: S704 (escaped here)


_SAID = {
    "withdrawn": _n("Withdrawn:"),
    "why": _n("Why it is not graded higher:"),
    "rule": _n("Rule"),
    "source": _n("source"),
    "details": _n("Assumptions and evidence"),
}
