"""NIST: the Election Results Reporting Common Data Format (NIST SP 1500-100 version 2) as JSON.

What is announced is of the type ``total``; protocols and citizens' ballots are of the type ``other`` and say what they
are: whoever adds up totals gets the authority's numbers and no result of ours.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from golos.count.count import Version, Votes
from golos.model.pack import Area, Contest, Names, Station
from golos.publish.folder import Folder
from golos.publish.results import Results

Object = dict[str, object]
_UNITS = 20_000
"""With more stations than that the report ends at the areas above them: it is read as a whole."""
_BOUND = "photographed ballots confirmed by people, by {}: a lower bound and no result"
NOTES = (
    "Counts of type total are as announced by the authority. Counts of type other are single station protocols and "
    "photographed ballots of citizens: lower bounds and no result; those who report are not a sample. GeneratedDate is "
    "the date of the election: this file is a function of the log, which holds no time."
)


def write(results: Results, folder: Folder) -> None:
    """Write export/nist-1500-100.json."""
    data = json.dumps(report(results), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    folder.write("export/nist-1500-100.json", (data + "\n").encode())


def report(results: Results) -> Object:
    """Return the ElectionReport."""
    pack = results.pack
    areas, stations = _units(results)
    return _typed(
        "ElectionReport",
        Format="precinct-level" if stations else "summary-contest",
        GeneratedDate=f"{pack.date}T00:00:00Z",
        Issuer="Golos",
        IssuerAbbreviation="golos",
        SequenceStart=1,
        SequenceEnd=1,
        Status="unofficial-partial",
        VendorApplicationId="golos",
        Notes=NOTES,
        GpUnit=[*(_area(results, a, areas, stations) for a in areas.values()), *map(_station, stations.values())],
        Election=[
            _typed(
                "Election",
                Name=_text(pack.names),
                StartDate=pack.date,
                EndDate=pack.date,
                Type="runoff" if pack.round > 1 else "general",
                ElectionScopeId=_unit(pack.root),
                Candidate=[c for contest in pack.contests for c in _candidates(contest)],
                Contest=[_contest(results, contest, areas, stations) for contest in pack.contests],
            )
        ],
    )


def _units(results: Results) -> tuple[dict[str, Area], dict[str, Station]]:
    """Return the areas and the stations of the report: of a very large nation the areas of its upper levels alone."""
    pack, path = results.pack, results.path
    areas, stations = dict(sorted(pack.areas.items())), dict(sorted(pack.stations.items()))
    depth = max(map(len, path.values()))
    while len(areas) > _UNITS and depth > 1:
        depth -= 1
        areas = {code: area for code, area in areas.items() if len(path[code]) <= depth}
    return areas, stations if len(stations) <= _UNITS else {}


def _area(results: Results, area: Area, areas: Mapping[str, Area], stations: Mapping[str, Station]) -> Object:
    below = [a.code for a in results.children.get(area.code, ()) if a.code in areas]
    below += [s.code for s in results.stations.get(area.code, ()) if s.code in stations]
    kind: Object = {"Type": "country"} if not area.parent else {"Type": "other", "OtherType": area.level or "area"}
    return _reporting_unit(area.code, area.names, ComposingGpUnitIds=[_unit(code) for code in below]) | kind


def _station(station: Station) -> Object:
    return _reporting_unit(station.code, station.names, Type="polling-place")


def _reporting_unit(code: str, names: Names, **more: object) -> Object:
    own = _typed("ExternalIdentifier", Type="local-level", Value=code)
    return _typed("ReportingUnit", _unit(code), Name=_text(names, code), ExternalIdentifier=[own], **more)


def _candidates(contest: Contest) -> Iterator[Object]:
    for option in contest.options:
        yield _typed("Candidate", f"candidate-{contest.id}-{option.id}", BallotName=_text(option.names, option.id))


def _contest(results: Results, contest: Contest, areas: Mapping[str, Area], stations: Mapping[str, Station]) -> Object:
    counts: dict[str, list[Object]] = {option.id: [] for option in contest.options}
    for option, count in (
        *_announced(results, contest, areas),
        *_protocols(results, contest, list(stations)),
        *_confirmed(results, contest, areas, list(stations)),
    ):
        counts[option].append(count)
    return _typed(
        "CandidateContest",
        f"contest-{contest.id}",
        Name=next(iter(contest.names.values()), contest.id) or contest.id,
        BallotTitle=_text(contest.names, contest.id),
        VotesAllowed=contest.max_choices,
        ElectionDistrictId=_unit(results.pack.root),
        ContestSelection=[
            _typed(
                "CandidateSelection",
                f"selection-{contest.id}-{option}",
                CandidateIds=[f"candidate-{contest.id}-{option}"],
                VoteCounts=found,
            )
            for option, found in counts.items()
        ],
    )


def _announced(results: Results, contest: Contest, areas: Mapping[str, Area]) -> Iterator[tuple[str, Object]]:
    """Yield the announced counts: the authority's first exact one is the total."""
    told: set[tuple[str, str]] = set()
    options = {option.id for option in contest.options}
    for _, said in sorted(results.announcements, key=lambda a: a.leaf):
        if said.contest != contest.id or said.area not in areas:
            continue
        for option, value in dict(reversed(said.values)).items():
            if option in options:
                exact = said.authority and said.unit == 1 and (said.area, option) not in told
                told |= {(said.area, option)} if exact else set()
                rounded = f", rounded to {said.unit}" if said.unit > 1 else ""
                yield option, _count(said.area, value, "" if exact else f"announced, by {said.source}{rounded}")


def _protocols(results: Results, contest: Contest, stations: Sequence[str]) -> Iterator[tuple[str, Object]]:
    for version in results.versions:
        if version.contest == contest.id:
            yield from _at_stations(results, contest, stations, version, f"station protocol, by {version.source}")


def _confirmed(
    results: Results, contest: Contest, areas: Iterable[str], stations: Sequence[str]
) -> Iterator[tuple[str, Object]]:
    options = {option.id for option in contest.options}
    for code in areas:
        for votes, row in results.area_votes(code):
            if (votes.contest, votes.tier) == (contest.id, "confirmed"):
                for option, value in row.items():
                    if option in options:
                        yield option, _count(code, value, _BOUND.format(votes.source))
    for votes in results.votes:
        if (votes.contest, votes.tier) == (contest.id, "confirmed"):
            yield from _at_stations(results, contest, stations, votes, _BOUND.format(votes.source))


def _at_stations(
    results: Results, contest: Contest, stations: Sequence[str], side: Version | Votes, words: str
) -> Iterator[tuple[str, Object]]:
    """Yield the figures of a version or tally at these stations; a negative one, typed so, is no count."""
    index, options = results.comparison.count.tree.index, [option.id for option in contest.options]
    rows = side.figures.take(options)[[index[code] for code in stations]].tolist()
    for code, row in zip(stations, rows, strict=True):
        for option, value in zip(options, row, strict=True):
            if value >= 0:
                yield option, _count(code, value, words)


def _count(code: str, votes: int, other: str) -> Object:
    kind: Object = {"Type": "other", "OtherType": other} if other else {"Type": "total"}
    return _typed("VoteCounts", GpUnitId=_unit(code), Count=votes) | kind


def _text(names: Names, default: str = "") -> Object:
    found = [(code, str(name)) for code, name in names.items() if name] or [("und", default)]
    texts = [_typed("LanguageString", Language=code, Content=name) for code, name in found]
    return _typed("InternationalizedText", Text=texts)


def _unit(code: str) -> str:
    return f"unit-{code}"


def _typed(name: str, own: str = "", **members: object) -> Object:
    """Return an object of the data model; ``own`` is its id."""
    return {"@type": f"ElectionResults.{name}", **({"@id": own} if own else {}), **members}
