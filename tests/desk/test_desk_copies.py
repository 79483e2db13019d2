"""After the opening the reading room finds copies: which, why and whose. Before it, nothing. It joins nothing."""

import asyncio
import dataclasses
import io
import json

import numpy as np
import pytest
from cyclopts import App
from rich.console import Console
from tests.intake.world import PRESIDENT, Election, World
from tests.photo import desks

from golos.ceremony.freeze import sign_jointly
from golos.ceremony.keys import KeyFolder
from golos.ceremony.opening import open_ballots
from golos.count.log import Log, cuts_of, inners_of
from golos.credential.keys import secret_to_text
from golos.credential.sealing import SealingKey
from golos.credential.steward import staff_key
from golos.desk import copies as module
from golos.desk.machine import Machine
from golos.doors.cli import desk
from golos.model.problem import Problem
from golos.model.record import encode
from golos.photo.look import Look
from golos.photo.sandbox import Sandbox, WorkerDied
from golos.ports import Row

FORM, BLANK, BOXES = desks.form_and_blank()
"""Machines read by it; the options of the election are others, which matters to nobody here."""


def sheet(ballot):
    return ballot.drawn(BLANK, BOXES)


class Sent:
    """Photographs by what they are, each as it is sent."""

    def __init__(self):
        random = np.random.default_rng(3)
        ballot = dataclasses.replace(desks.Ballot.any(random), shape="tick")
        view = desks.View.any(random, 7)
        pixels = desks.picture(view, sheet(ballot))[0]
        height, width = pixels.shape[:2]

        def second(kind):
            return desks.second(kind, ballot, view, pixels, sheet, random)

        self.pictures = {
            "first": desks.jpeg(pixels),
            "cropped": desks.jpeg(pixels[height // 20 :, : -width // 12], 70),
            "sheet again": second("laid anew"),
            "edited": second("edited"),
            "other": second("other ballot, same desk"),
            "scaled": second("scaled"),
        }
        for name, table in (("second", 5), ("third", 2)):
            ballot, view = desks.Ballot.any(random), desks.View.any(random, table)
            taken = desks.picture(view, sheet(ballot))[0]
            self.pictures[name] = desks.jpeg(taken)
            self.pictures[f"{name}, smaller"] = desks.changed(taken, "scaled", random)
            self.pictures[f"{name}, elsewhere"] = desks.second("laid anew", ballot, view, taken, sheet, random)


STATIONS = {
    "s1": ("first", "cropped", "sheet again", "edited", "other", "first", "second"),
    "s2": ("scaled", "second, elsewhere"),
}
TWICE = ("third", "third, smaller")
"""Both are sent by one voter, to s2: the second ballot replaces the first."""


class Office:
    """What the command needs of an election: the real store, the key of the reading room."""

    def __init__(self, world, keys):
        self.world, self.keys = world, KeyFolder(keys)
        self.pack, self.blobs, self.vault = world.election.pack, world.stores.blobs, world.stores.vault

    def log(self):
        head = self.world.stores.journal.head()
        records = [row.record for row in self.world.rows()]
        log = Log(self.pack, records, {}, self.blobs.get, head.size, head.root)
        opening = cuts_of(log).opening
        return log if opening is None else dataclasses.replace(log, inners=inners_of(self.blobs.get(opening.openings)))

    def open(self, folder):
        return self


class Country:
    """An election whose voters have sent their photographs, and whose machine has looked at each."""

    def __init__(self, folder):
        self.election = Election(folder / "pack", k=1)
        self.look = Look(FORM)
        self.world = World(self.election, folder, machine=Machine([self.look], "president"))
        (folder / "keys").mkdir()
        (folder / "keys" / "room.key").write_text(secret_to_text(self.election.room.secret))
        self.office = Office(self.world, folder / "keys")
        self.names = {}
        asyncio.run(self._vote(Sent().pictures))

    async def _vote(self, pictures):
        pack, machine = self.election.pack, self.election.machine.public
        grant = staff_key(self.election.stewards[0], pack.id, "grant", "machine", machine)
        self.world.stores.journal.admit([Row(encode(grant))])
        for station, names in STATIONS.items():
            for name in names:
                await self._send(self.election.voter(), station, 1, name, pictures[name])
                await self.world.beat.once()  # so that the order of the log is the order here
        twice = self.election.voter()
        for sequence, name in enumerate(TWICE, 1):
            await self._send(twice, "s2", sequence, name, pictures[name])
            await self.world.beat.once()
        while await self.world.room.look():
            pass
        await self.world.beat.once()

    async def _send(self, voter, station, sequence, name, picture):
        photo = await self.world.photograph(picture)
        self.names[photo.hex()] = name
        await self.world.admission.admit(voter.ballot(station, PRESIDENT, sequence, photo).envelope)

    def freeze(self):
        head = self.world.stores.journal.head()
        self._write(self.election.freeze(head))

    def open(self):
        opened = open_ballots(self.office.log(), self._sealed, self.election.opening)
        self.world.stores.blobs.put([opened.blob])
        self._write(sign_jointly(self.election.pack, opened.draft, self.election.stewards))

    def _sealed(self, index):
        return self.world.rows()[index].sealed

    def _write(self, record):
        self.world.stores.journal.admit([Row(record)])
        self.world.sequencer.publish(force=True)

    def run(self, *arguments):
        """Run the command, return what it prints."""
        app, out = App(result_action="return_value"), io.StringIO()
        desk.register(app, self.office, Console(file=out, width=200))
        app(["desk", "copies", "country", *map(str, arguments)], exit_on_error=False)
        return out.getvalue()

    def refusal(self):
        with pytest.raises(Problem) as refused:
            self.run()
        return refused.value


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The country before its cut-off, and what the command says then and before the opening."""
    country = Country(tmp_path_factory.mktemp("country"))
    refused = [country.refusal()]
    country.freeze()
    refused.append(country.refusal())
    country.open()
    yield country, refused
    country.look.__exit__()
    country.world.close()


@pytest.fixture(scope="module")
def country(before):
    return before[0]


@pytest.fixture(scope="module")
def told(country, tmp_path_factory):
    """What is found, as it is kept."""
    folder = tmp_path_factory.mktemp("found") / "kept"
    country.run("--out", folder)
    return folder


def found(folder):
    return [json.loads(line) for line in (folder / "found.jsonl").read_text().splitlines()[1:]]


def test_before_the_opening_it_refuses(before):
    _, (early, frozen) = before
    assert (early.code, frozen.code) == ("desk.early", "desk.early")
    assert "not frozen" in early.problem and "not opened" in frozen.problem


def test_copies_are_found_with_their_reasons_and_no_others_are(country, told):
    name = country.names
    one, two = found(told)
    (group,) = one["groups"]
    assert (one["station"], one["photographs"], one["compared"]) == ("s1", 7, 7)
    assert {name[copy["photo"]]: copy["reason"] for copy in group["copies"]} == {
        "cropped": "same photograph",
        "sheet again": "same sheet",
        "edited": "edited",
        "first": "identical bytes",
    }
    assert name[group["first"]["photo"]] == "first" and group["tokens"] == 5
    assert group["first"]["ballot"] < min(copy["ballot"] for copy in group["copies"])
    assert {copy["cohort"] for copy in group["copies"]} == {"2020-W32"} and not group["first"]["bound"]
    assert {name[group["first"]["photo"]] for group in two["groups"]} == {"first", "third"}, (
        "a sheet tells in a station"
    )


def test_a_photograph_from_another_station_is_found_and_a_voter_who_sent_twice_is_no_two(country, told):
    groups = {country.names[group["first"]["photo"]]: group for group in found(told)[1]["groups"]}
    ((scaled,), across), ((smaller,), own) = ((groups[name]["copies"], groups[name]) for name in ("first", "third"))
    assert (across["first"]["station"], scaled["station"], scaled["reason"]) == ("s1", "s2", "same photograph")
    assert across["tokens"] == 2 and scaled["of"] == across["first"]["photo"]
    assert (own["tokens"], country.names[smaller["photo"]]) == (1, "third, smaller")
    assert own["first"]["counted"] == smaller["ballot"] == smaller["counted"]


def test_nothing_is_joined_entered_or_deleted(country):
    rows, notes = country.world.rows(), country.world.stores.vault.find("notes")
    said = country.run("--station", "s1")
    assert "people decide" in said and "1 stations, 7 photographs, 7 of them compared; 4 copies" in said
    assert country.world.rows() == rows and country.world.stores.vault.find("notes") == notes


def test_a_search_goes_on_where_it_was_stopped(country, told, tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    country.run("--out", kept, "--station", "s1")
    with (kept / "found.jsonl").open("ab") as torn:
        torn.write(b'{"station": "s2", "photo')
    asked = []
    monkeypatch.setattr(module.Search, "_inside", spied(module.Search._inside, asked))
    country.run("--out", kept)
    assert asked == ["s2"] and found(kept) == found(told)
    (kept / "found.jsonl").write_bytes((kept / "found.jsonl").read_bytes().replace(b'"opening":', b'"opening":1'))
    with pytest.raises(Problem, match="another opening"):
        country.run("--out", kept)


def spied(method, asked):
    def spy(self, code):
        asked.append(code)
        return method(self, code)

    return spy


def test_only_the_reading_room_s_key_opens_what_is_kept(country, tmp_path, monkeypatch):
    key = tmp_path / "room.key"
    monkeypatch.setattr(country.office, "keys", KeyFolder(tmp_path))
    with pytest.raises(Problem, match=r"room.key: can't be read"):
        country.run()
    key.write_text(secret_to_text(SealingKey.generate().secret))
    with pytest.raises(Problem, match="not in use here"):
        country.run()


def test_a_descriptor_that_ends_the_worker_stops_no_other_station(country, told, monkeypatch, tmp_path):
    def die(self, data):
        raise WorkerDied("crash", "ValueError")

    monkeypatch.setattr(Sandbox, "call", die)
    country.run("--out", tmp_path)
    assert [(each["photographs"], each["compared"], each["groups"]) for each in found(tmp_path)] == [
        (each["photographs"], 0, []) for each in found(told)
    ]


def test_a_station_that_is_none_is_named(country):
    with pytest.raises(Problem, match="s9 is no station"):
        country.run("--station", "s9")
