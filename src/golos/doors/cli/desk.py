"""golos desk copies: what the reading room may find out once the ballots are open, for people to decide upon."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from rich.console import Console

from golos.desk.claims import Claim, Claims, claims_of
from golos.desk.copies import Search
from golos.desk.described import Described
from golos.desk.notes import Notes
from golos.desk.searched import Group, Searched, SearchFile
from golos.doors.cli.office import Office, Offices
from golos.model.problem import Problem
from golos.photo.copies.index import Index

Stations = Annotated[list[str] | None, Parameter(name="--station", help="only these; may be repeated")]


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""
    desk = App(name="desk", help="The reading room, after the opening.")
    app.command(desk)

    @desk.command
    def copies(folder: Path, *, station: Stations = None, out: Path | None = None, json: bool = False) -> None:
        """Say which photographs of a station show one sheet of paper, or come again from another station.

        Needs the key of the reading room. Nothing is deleted, joined or entered into the log: people look and decide.

        Parameters
        ----------
        folder: the election's folder
        station: only these stations
        out: a folder to keep what is found; named again, the search goes on where it was stopped
        json: one JSON object a station
        """
        office = offices.open(folder)
        key = office.keys.sealing("room")
        claims = claims_of(office.log())
        codes = _chosen(office, claims, station)
        described = Described(Notes(office.pack.id, [key], office.blobs, office.vault), claims.same)
        with (
            _kept(out, office.pack.id, claims) as (file, index),
            Search(claims, described, index, file.found) as search,
        ):
            done = {searched.station: searched for searched in file.found}
            for searched in (done[code] for code in codes if code in done):
                _say(console, searched, json)
            for searched in search.stations([code for code in codes if code not in done]):
                file.keep(searched)
                _say(console, searched, json)
                done[searched.station] = searched
        if not json:
            _sum(console, [done[code] for code in codes])


def _chosen(office: Office, claims: Claims, stations: list[str] | None) -> list[str]:
    """Return the stations to be searched. Raises Problem ``desk.station``."""
    unknown = next((code for code in stations or () if code not in office.pack.stations), None)
    if unknown is not None:
        raise Problem("desk.station", "--station", f"{unknown} is no station of the pack.", "See stations.csv.")
    return [code for code in claims.by_station if stations is None or code in stations]


@contextmanager
def _kept(out: Path | None, election: bytes, claims: Claims) -> Iterator[tuple[SearchFile, Index]]:
    """Open what is kept of a search, in a folder that is gone afterwards if none is named."""
    with ExitStack() as stack:
        place = out or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        index = stack.enter_context(Index(place / "hashes"))
        yield stack.enter_context(SearchFile(place / "found.jsonl", election, claims.opening)), index


def _say(console: Console, searched: Searched, json: bool) -> None:
    if json:
        sys.stdout.write(msgspec.json.encode(searched).decode() + "\n")
        return
    for group in searched.groups:
        for line in _lines(searched.station, group):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines(station: str, group: Group) -> Iterator[str]:
    first = group.first
    tokens = f"{group.tokens} tokens" if group.tokens > 1 else "one token, of which one ballot counts"
    yield f"Station {station}: {len(group.copies) + 1} photographs that belong together, of {tokens}"
    where = "" if first.station == station else f", station {first.station}"
    yield f"  {first.photo}  ballot {first.ballot:,}{where}{_more(first)}"
    for copy in group.copies:
        of = "" if copy.of == first.photo else f" of {copy.of[:16]}"
        yield f"  {copy.photo}  ballot {copy.ballot:,}: {copy.reason}{of}{_more(copy)}"


def _more(claim: Claim) -> str:
    """Say what else tells whose photograph it is."""
    told = [f"cohort {claim.cohort}", *(["bound to its sender"] if claim.bound else [])]
    if claim.counted != claim.ballot:
        told.append(f"replaced by ballot {claim.counted:,}")
    return f" ({', '.join(told)})"


def _sum(console: Console, found: Sequence[Searched]) -> None:
    photographs, compared = sum(each.photographs for each in found), sum(each.compared for each in found)
    copies = sum(len(group.copies) for each in found for group in each.groups)
    console.print(
        f"{len(found):,} stations, {photographs:,} photographs, {compared:,} of them compared; "
        f"{copies:,} copies. Nothing was joined: people decide.",
        highlight=False,
        soft_wrap=True,
    )
