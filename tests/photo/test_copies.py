"""Copies: the same photograph however changed, an edited vote, the same sheet again; and never two ballots as one."""

import dataclasses

import cv2
import msgspec
import numpy as np
import pytest
from tests.photo import desks

from golos.model.problem import Problem
from golos.photo import reader
from golos.photo.copies.candidates import Candidate, candidates
from golos.photo.copies.descriptor import Descriptor
from golos.photo.copies.groups import copies
from golos.photo.copies.pair import PDQ_NEAR, near, relation

FORM, BLANK, BOXES = desks.form_and_blank()


def described(data):
    return Descriptor.decode(reader.described(data, FORM))


class Station:
    """One photograph, and others that have to do with it."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.ballot = dataclasses.replace(desks.Ballot.any(self.random), shape="tick")
        self.view = desks.View.any(self.random, 7)
        self.pixels = desks.picture(self.view, self.sheet(self.ballot))[0]
        self.file = desks.jpeg(self.pixels)
        self.first = described(self.file)

    @staticmethod
    def sheet(ballot):
        return ballot.drawn(BLANK, BOXES)

    def second(self, kind):
        return described(desks.second(kind, self.ballot, self.view, self.pixels, self.sheet, self.random))


@pytest.fixture(scope="module")
def station():
    return Station(3)


@pytest.fixture(scope="module")
def seconds(station):
    return {kind: station.second(kind) for kind in desks.KINDS}


@pytest.mark.parametrize("change", desks.CHANGES)
def test_a_changed_photograph_is_the_same(station, seconds, change):
    if change != "cropped":
        assert relation(station.first, seconds[change], station=False) == "same photograph"
        assert relation(seconds[change], station.first, station=False) == "same photograph"
    else:  # of this desk next to nothing is left: the mark has to tell, which it may inside a station
        assert relation(station.first, seconds[change], station=False) is None
        assert relation(station.first, seconds[change], station=True) == "same sheet"


def test_a_crop_that_leaves_some_desk_is_the_same(station):
    height, width = station.pixels.shape[:2]
    part = station.pixels[height // 20 :, : -width // 12]
    assert relation(station.first, described(desks.jpeg(part)), station=False) == "same photograph"


def test_an_edited_vote_is_flagged(station, seconds):
    assert relation(station.first, seconds["edited"], station=False) == "edited"
    assert relation(seconds["edited"], seconds["scaled"], station=False) == "edited"


@pytest.mark.parametrize("kind", ["again", "laid anew"])
def test_the_same_sheet_again_is_found_inside_its_station_only(station, seconds, kind):
    assert relation(station.first, seconds[kind], station=True) == "same sheet"
    assert relation(station.first, seconds[kind], station=False) is None


def test_another_ballot_on_the_same_desk_by_the_same_pen_is_another(station, seconds):
    assert relation(station.first, seconds["other ballot, same desk"], station=True) is None


@pytest.mark.parametrize("desk", [7, 21, 38])
def test_sheets_laid_one_after_the_other_under_a_camera_at_rest_are_others(desk):
    """Desks 21 and 38 are bare: there the sheets' own shadows are all that agrees."""
    random = np.random.default_rng(desk)
    ballot, view = desks.Ballot.any(random), desks.View.any(random, desk)
    first = described(desks.jpeg(desks.picture(view, Station.sheet(ballot))[0]))
    for hand in range(3):
        other = dataclasses.replace(ballot, hand=hand, option=(ballot.option + hand) % 7)
        second = described(desks.jpeg(desks.picture(view.on_a_stand(random), Station.sheet(other))[0]))
        assert relation(first, second, station=True) is None


def test_identical_bytes_are_known_whatever_they_show():
    data = desks.jpeg(np.full((200, 300, 3), 90, np.uint8))
    one, other = described(data), described(desks.jpeg(np.full((200, 300, 3), 91, np.uint8)))
    assert relation(one, one, station=False) == "identical bytes"
    assert relation(one, other, station=True) is None  # nothing to be seen is no proof


def test_a_hash_of_the_frame_survives_a_quarter_turn(station):
    turned = described(desks.jpeg(np.rot90(station.pixels)))
    assert near(station.first.pdq, turned.pdq) <= PDQ_NEAR


def test_a_descriptor_comes_back_from_its_bytes_and_is_small(station, seconds):
    data = station.first.encode()
    assert len(data) < 25_000
    again = Descriptor.decode(data)
    assert again == station.first
    assert relation(again, seconds["bars"], station=False) == "same photograph"
    for damaged in (b"", data[:100], b"\xc0", b"\x97" + data[1:50]):
        with pytest.raises(Problem):
            Descriptor.decode(damaged)


def test_what_the_full_comparison_finds_is_never_left_out_of_it(station, seconds):
    known = [station.first, *seconds.values()]
    worth = {(pair.number, pair.earlier): pair.view for pair in candidates(known)}
    left_out = {(n, m) for n in range(len(known)) for m in range(n) if not worth.get((n, m))}
    assert len(left_out) > len(left_out & worth.keys()) > 0
    for n, m in left_out:
        assert relation(known[m], known[n], station=True) in ({"same sheet", None} if (n, m) in worth else {None})


def test_where_paper_is_bent_the_desk_tells(station, seconds):
    """Of a folded sheet no two searches find the same corners."""

    def bent(known):
        corners = known.corners.copy()
        corners[2] += 9
        return msgspec.structs.replace(known, sha256=bytes(32), outline=corners.tobytes(), marks=())

    assert list(candidates([station.first, bent(seconds["scaled"])])) == [Candidate(1, 0, True)]
    assert list(candidates([station.first, bent(seconds["other ballot, same desk"])])) == []


def test_other_ballots_on_other_desks_are_hardly_ever_compared_in_full():
    random = np.random.default_rng(12)
    ballots = [(desks.View.any(random, desk), desks.Ballot.any(random)) for desk in range(12)]
    known = [described(desks.jpeg(desks.picture(view, Station.sheet(ballot))[0])) for view, ballot in ballots]
    assert len(list(candidates(known))) <= 0.2 * len(known) * (len(known) - 1) / 2


def test_copies_point_to_their_first_and_none_is_left_out(station, seconds):
    kinds = ["other ballot, same desk", "tone", "edited", "laid anew"]
    found = copies([station.first, *(seconds[kind] for kind in kinds), station.first], station=True)
    assert [(copy.copy, copy.first, copy.relation) for copy in found] == [
        (2, 0, "same photograph"),
        (3, 0, "edited"),
        (4, 0, "same sheet"),
        (5, 0, "identical bytes"),
    ]


def test_across_stations_marks_are_not_compared(station, seconds):
    found = copies([station.first, seconds["laid anew"], seconds["re-encoded"], seconds["edited"]], station=False)
    assert [(copy.copy, copy.relation) for copy in found if copy.copy != 3] == [(2, "same photograph")]


def test_blank_sheets_are_not_joined_by_having_no_marks():
    random = np.random.default_rng(5)
    one, other = (described(desks.jpeg(desks.picture(desks.View.any(random, desk), BLANK)[0])) for desk in (1, 2))
    assert one.marks == other.marks == ()
    assert relation(one, other, station=True) is None


def test_a_scan_without_a_desk_proves_nothing_but_its_marks():
    """Two sheets that fill the frame lie upon each other whatever they are: only the ink tells them apart."""
    random = np.random.default_rng(8)
    ballots = [dataclasses.replace(desks.Ballot.any(random), option=2, shape="cross", hand=hand) for hand in (1, 2)]
    one, other = (described(desks.jpeg(Station.sheet(ballot))) for ballot in ballots)
    paler = described(desks.jpeg(cv2.convertScaleAbs(Station.sheet(ballots[0]), alpha=0.9), 60))
    assert relation(one, other, station=True) is None
    assert relation(one, paler, station=True) == "same sheet"
