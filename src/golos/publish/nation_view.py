"""Nation view: the values of the first page: the headline with both denominators, bounds, ballots, cohorts."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from golos.model.finding import Grade, Rule
from golos.model.pack import Contest
from golos.publish.finding_card import FindingCards, Where
from golos.publish.language import marked as _n
from golos.publish.results import Results

_WHOLES = 30


class NationView:
    """The values of the nation's page in one language."""

    def __init__(self, results: Results, findings: FindingCards, place: Callable[[str], Where]) -> None:
        self._results = results
        self._words = findings.words
        self._findings = findings
        self._place = place

    def values(self) -> dict[str, object]:
        """Return what nation.html needs besides the map and the areas."""
        results, text = self._results, self._words.language.text
        root, summary = results.pack.root, results.summary
        counts = results.grade_counts[root]
        return {
            "round": results.pack.round,
            "cancelled": results.pack.cancelled,
            "coverage": results.coverage[root],
            "grade_counts": counts,
            "listed": len(results.pack.stations),
            "proven": counts[Grade.PROVEN],
            "with_protocol": results.coverage[root].with_protocol,
            "all_stations": summary["denominators"]["stations"],
            "contests": [self._contest(contest) for contest in results.pack.contests],
            "ballot_rows": [(text(title), summary["ballots"][key]) for key, title in BALLOTS.items()],
            "cohorts": summary["cohorts"],
            "issued": any(cohort["issued"] for cohort in summary["cohorts"].values()),
            "opening": summary["opening"] is not None,
            "bound_titles": {key: text(title) for key, title in BOUNDS.items()},
            "bound_columns": {key: text(title) for key, title in ASSUMED.items()},
        }

    def _contest(self, contest: Contest) -> Mapping[str, object]:
        summary = self._results.summary["contests"].get(contest.id, {})
        source = summary.get("headline_source")
        told = summary["sources"][source] if source else {}
        c1 = told.get("c1")
        words = self._words
        return {
            "id": contest.id,
            "title": words.language.label(contest.names, contest.id),
            "c1": c1,
            "c1_bound": told.get("c1_bound"),
            "source": words.source(source or ""),
            "with_protocol": self._results.summary["denominators"]["stations_with_protocol"].get(contest.id, 0),
            "proven_votes": c1["by_grade"].get(Grade.PROVEN.value, (0, 0))[1] if c1 else 0,
            "by_grade": [(g, c1["by_grade"][g.value]) for g in Grade if c1 and g.value in c1["by_grade"]],
            "by_option": [
                (words.option(contest.id, o.id), c1["by_option"][o.id])
                for o in contest.options
                if c1 and o.id in c1["by_option"]
            ],
            "wholes": self._wholes(contest.id),
            "bounds": self._bounds(contest.id, source),
        }

    def _wholes(self, contest: str) -> Sequence[Markup]:
        """Return the findings about the nation and the areas right below it: a part exceeds the announced whole.

        Of very many the first: all are among the findings.
        """
        root = self._results.pack.root
        codes = (root, *(area.code for area in self._results.children.get(root, ())))
        found = (f for code in codes for f in self._results.findings_of.get(code, ()))
        wholes = [f for f in found if f.contest == contest and f.rule in (Rule.C4, Rule.C7)]
        return [self._findings.card(f, "", self._place(f.area)) for f in wholes[:_WHOLES]]

    def _bounds(self, contest: str, source: str | None) -> list[tuple[str, list[object]]]:
        rows: dict[str, list[object]] = {}
        for bound in self._results.comparison.bounds:
            if (bound.contest, bound.source, bound.set) == (contest, source, "proven"):
                rows.setdefault(bound.parameter, []).append(bound)
        return list(rows.items())


BALLOTS: Mapping[str, str] = {
    "logged": _n("Ballots and withdrawals in the log"),
    "valid": _n("valid"),
    "invalid": _n("not valid: signature or credential is wrong"),
    "late": _n("too late, after the freeze"),
    "superseded": _n("superseded by a later one of the same voter"),
    "withdrawn": _n("voters who withdrew"),
    "winning": _n("ballots that count"),
    "opened": _n("opened"),
    "withheld": _n("withheld: too few at their station"),
    "spoilt": _n("spoilt: cannot be read"),
}
BOUNDS: Mapping[str, str] = {
    "F": _n("Somebody placed so many fakes where they help most"),
    "k": _n("Every station has up to so many fakes"),
    "x": _n("Of every candidate's photographs so many are fakes"),
}
ASSUMED: Mapping[str, str] = {
    "F": _n("Fakes in all"),
    "k": _n("Fakes per station"),
    "x": _n("Share of fakes"),
}
