"""The demo's own words: the tables that hold what was found beside the truth."""

import io

import pytest
from rich.console import Console

from golos.demo import report
from golos.demo.fate import Fate, tally
from golos.demo.voters import Photo
from golos.model.finding import Rule


@pytest.fixture(scope="module")
def met(whole):
    return tally(whole.ran.crowd.sent.photos, whole.ran.pictures)


def test_every_photograph_sent_has_one_fate(whole, met):
    sent = whole.ran.crowd.sent.photos
    assert sum(sum(fates.values()) for fates in met.values()) == len(sent)
    for kind, fates in met.items():
        assert sum(fates.values()) == sum(voter.photo is kind for voter in sent.values())


def test_fakes_are_told_as_what_became_of_them(met):
    assert met[Photo.JUNK][Fate.NO_BALLOT] == met[Photo.JUNK].total() > 0
    assert met[Photo.STAGED][Fate.RIGHT] + met[Photo.STAGED][Fate.WRONG] > 0
    assert met[Photo.COPY][Fate.JOINED] + met[Photo.HONEST][Fate.JOINED] > 0
    assert met[Photo.HONEST][Fate.RIGHT] > 0.9 * met[Photo.HONEST].total()


def test_findings_stand_beside_the_truth(whole):
    nation = whole.ran.nation
    rows = {(row.rule, row.grade): row for row in report.beside(whole.comparison, nation)}
    proven = rows[Rule.C1, "proven"]
    named = [f for f in whole.comparison.findings if (f.rule, f.grade) == ("C1", "proven")]
    assert proven.named == len({f.area for f in named})
    assert proven.false == len({f.area for f in named} & nation.falsified)
    assert proven.missing == sum(f.numbers["K"] for f in named)
    assert proven.stolen == sum(nation.stations[f.area].stolen for f in named)


def test_the_tables_fit_eighty_columns(whole):
    said = io.StringIO()
    report.show(whole.ran, Console(file=said, width=80))
    lines = said.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    for whole_line in ("C1 proven, stations", "fake: staged", "if 100 are fakes, placed where they do most"):
        assert any(line.startswith(f"  {whole_line}") for line in lines)
