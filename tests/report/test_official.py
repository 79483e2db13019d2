"""The report on official figures: a clean control beside every plot, or a loud word that there is none."""

import dataclasses

import numpy as np
import pytest
from cyclopts import App
from rich.console import Console

from golos.count.evidence.quickcount import Stratum, quick_count
from golos.count.forensics.study import METHODS
from golos.doors.cli import forensics, quickcount, report
from golos.model.problem import Problem
from golos.publish import language as languages
from golos.report.document import Facts, Plot, Points, Text, Verdict
from golos.report.paper import pdf
from golos.report.quick import on_quick_count
from golos.report.reports import on_figures
from golos.report.screen import html
from golos.report.telling import control_sentence, sentence
from golos.report.voice import Phrases

ENGLISH = Phrases(languages.load("en"))


def notices(document):
    return [block.text for block in document.blocks if isinstance(block, Text) and block.look == "notice"]


def test_the_control_stands_beside_every_plot(studied):
    document = on_figures(studied, ENGLISH)
    drawn = [block for block in document.blocks if isinstance(block, Plot)]
    assert len(drawn) == 7  # the last digits too: the figures were written by hand
    for plot in drawn:
        assert plot.title.endswith(f"beside it the clean control: {studied.control[0].title}")
        assert plot.svg.count("<g transform") >= 2
    assert notices(document) == []
    assert pdf(document) == pdf(on_figures(studied, ENGLISH))


def test_without_a_control_nothing_is_drawn_and_it_says_so_loudly(studied):
    document = on_figures(dataclasses.replace(studied, control=None), ENGLISH)
    assert not [block for block in document.blocks if isinstance(block, Plot)]
    assert len(notices(document)) == 2 and all("NO CLEAN CONTROL" in text for text in notices(document))
    assert document.blocks.index(next(b for b in document.blocks if isinstance(b, Text) and b.look == "notice")) < 3


def test_what_is_quoted_of_figures_is_what_was_found_and_no_proof(studied):
    quotable = next(b.items for b in on_figures(studied, ENGLISH).blocks if isinstance(b, Points) and b.quotable)
    union = studied.results["integer_anomaly"].numbers["union"]
    assert any(f"at {union['observed']} stations" in item and item.endswith("(strong)") for item in quotable)
    assert quotable[-1].startswith("This says nothing about any one station, and is no proof")
    assert "proven" not in " ".join(quotable)


@pytest.mark.parametrize("code", ["be", "ru", "en"])
@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_told_in_every_language(studied, name, code):
    for results in (studied.results, studied.control[1]):
        said = sentence(name, results[name], Phrases(languages.load(code)))
        assert said.endswith((".", "…")) and "%(" not in said


def strata(missing=()):
    y, x = np.array([300.0, 350, 310, 100]), np.array([700.0, 600, 800, 300])
    return [Stratum(100, y, x, np.array(missing, dtype=np.float64))]


def test_the_quick_count_has_a_page_of_its_own_with_its_interval():
    found = quick_count(strata([400.0]), 0.05, 0.9, "a" * 64, "dice")
    document = on_quick_count("Election: Ann", found, strata([400.0]), ENGLISH)
    (facts,) = [block for block in document.blocks if isinstance(block, Facts)]
    low, high = found.numbers["interval_with_missing"]
    assert facts.facts[0][0] == f"{ENGLISH.share(low)} – {ENGLISH.share(high)}"
    (told,) = [block for block in document.blocks if isinstance(block, Verdict)]
    assert told.text == "The announced 90.0% lies outside the interval." and told.word == found.grade
    assert any("dice" in row for block in document.blocks if hasattr(block, "rows") for row in block.rows)
    assert pdf(document).startswith(b"%PDF") and b"<script" not in html(document)


def run(*arguments):
    app = App(name="golos", result_action="return_value")
    forensics.register(app, Console())
    report.register(app, None, Console())
    quickcount.register(app, None, Console())
    return app([str(argument) for argument in arguments], exit_on_error=False)


def test_the_commands_write_what_the_name_asks_for(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("registered,issued,ann,bob\n" + "1000,500,300,200\n" * 3)
    mapping = tmp_path / "m.toml"
    mapping.write_text('title="t"\nleader="ann"\n[columns]\nregistered="registered"\nissued="issued"\n')
    mapping.write_text(mapping.read_text() + '[options]\nann="ann"\nbob="bob"\n')
    run("forensics", table, "--map", mapping, "--report", tmp_path / "out" / "r.pdf", "--language", "be")
    assert (tmp_path / "out" / "r.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(Problem, match=r"neither \.pdf nor \.html"):
        run("forensics", table, "--map", mapping, "--report", tmp_path / "r.doc")
    with pytest.raises(Problem, match=r"neither \.pdf nor \.html"):
        run("report", tmp_path, "--out", tmp_path / "r")
    sample = tmp_path / "s.csv"
    rows = [f"A,9,a{at},a{at},900,600,{300 + at}" for at in range(4)]
    sample.write_text("stratum,units,unit,station,registered,valid,votes\n" + "\n".join(rows) + "\n")
    run("quickcount", "estimate", sample, "--report", tmp_path / "q.html", "--title", "Ann & Bob", "--language", "ru")
    assert "Ann &amp; Bob" in (tmp_path / "q.html").read_text()


def test_the_control_is_told_where_the_method_is_most_wrong(studied):
    clean = studied.control[1]["shpilkin"]
    worst = max(clean.numbers["options"].values(), key=lambda told: told["share_of_votes"][1])
    said = control_sentence("shpilkin", clean, ENGLISH)
    assert f"votes of {worst['option']} anomalous" in said and ENGLISH.share(worst["share_of_votes"][1]) in said
    small = [b.text for b in on_figures(studied, ENGLISH).blocks if isinstance(b, Text) and b.look == "small"]
    assert any(text.endswith(said) for text in small)
