"""Area view: the values of an area's page: its coverage, its announcements beside the citizens' lower bounds."""

from collections.abc import Iterator, Mapping

from golos.model.ballot import INVALID
from golos.model.pack import Contest
from golos.publish.results import Results
from golos.publish.station_card import BLANK, Column
from golos.publish.words import Words


class AreaView:
    """The values of one area's page in one language. Sums of collected protocols are not among them."""

    def __init__(self, results: Results, words: Words, code: str) -> None:
        self._results = results
        self._words = words
        self._code = code

    def contests(self) -> list[Mapping[str, object]]:
        """Return the tables of contests.html. Sums of collected protocols are not among them."""
        return [table for contest in self._results.pack.contests for table in self._contest(contest)]

    def _contest(self, contest: Contest) -> Iterator[Mapping[str, object]]:
        sides = [*self._announced(contest), *self._citizens(contest)]
        if not sides:
            return
        number, language = self._words.language.number, self._words.language
        rows = [
            {
                "title": self._words.option(contest.id, option),
                "cells": [number(side[option]) if option in side else BLANK for _, side in sides],
            }
            for option in (*(o.id for o in contest.options), INVALID)
            if any(option in side for _, side in sides)
        ]
        yield {
            "title": language.label(contest.names, contest.id),
            "plain": language.plain(contest.names, contest.id),
            "columns": [column for column, _ in sides],
            "rows": rows,
        }

    def _announced(self, contest: Contest) -> Iterator[tuple[Column, Mapping[str, int]]]:
        language = self._words.language
        for _, said in self._results.announced_in.get(self._code, ()):
            if said.contest == contest.id:
                when = language.text("announced %(date)s", date=said.announced) if said.announced else ""
                rounded = language.text("rounded to %(n)s", n=language.number(said.unit)) if said.unit > 1 else ""
                note = ", ".join(filter(None, (when, rounded)))
                yield Column(self._words.source(said.source), note, "official"), dict(said.values)

    def _citizens(self, contest: Contest) -> Iterator[tuple[Column, Mapping[str, int]]]:
        """Yield confirmed and declared votes of each source: what citizens' ballots show at the least."""
        for votes, sums in self._results.area_votes(self._code):
            if votes.contest == contest.id and votes.tier in ("bound", "confirmed", "declared"):
                yield Column(self._words.source(votes.source), self._words.tier(votes.tier), "citizens"), sums
