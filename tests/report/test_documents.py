"""The report on an election: what may be quoted is exact, contradicted stations have pages, same log, same bytes."""

import dataclasses

import pytest

from golos.count.evidence import cohorts
from golos.count.evidence.result import Result, Rows
from golos.model.finding import Grade
from golos.publish import language as languages
from golos.report.document import Document, Facts, Heading, Plot, Points, Table, Text, Verdict
from golos.report.findings import contradicted
from golos.report.paper import pdf, pictures
from golos.report.reports import Beside, on_election
from golos.report.screen import html

LANGUAGES = ("be", "ru", "en")


def texts(document):
    """Return every text of a document."""
    found = []
    for block in document.blocks:
        if isinstance(block, Heading | Text):
            found.append(block.text)
        elif isinstance(block, Points):
            found += block.items
        elif isinstance(block, Facts):
            found += [text for pair in block.facts for text in pair]
        elif isinstance(block, Verdict):
            found += [block.word, block.text]
        elif isinstance(block, Table):
            found += [block.caption, *block.head, *(cell for row in block.rows for cell in row)]
        elif isinstance(block, Plot):
            found += [block.title, block.note]
    return found


def exhibits(document):
    """Return the blocks of each exhibit, by the code that stands below its heading."""
    found, here = {}, None
    for at, block in enumerate(document.blocks):
        if isinstance(block, Heading) and block.level == 1:
            here = None
            if block.text.startswith("Exhibit "):
                here = document.blocks[at + 1].text.split(" · ")[0]
                found[here] = []
        if here:
            found[here].append(block)
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_same_log_gives_the_same_bytes(report, code):
    document, again = report(code), report(code)
    paper = pdf(document)
    assert paper == pdf(again) and paper.startswith(b"%PDF")
    assert b"/CreationDate" not in paper and b"/ModDate" not in paper and b"pdfuaid" in paper  # for screen readers
    assert html(document) == html(again)


def test_what_may_be_quoted_is_exact(report):
    quotable = next(block.items for block in report().blocks if isinstance(block, Points) and block.quotable)
    assert list(quotable) == [
        "By the citizens' evidence falsification is proven at 1 polling station: 33.3% of the 3 stations whose "
        "protocol is known, and 12.5% of all 8 stations.",
        "At 1 of these stations voters photographed more ballots for a candidate than the protocol admits; there at "
        "least 120 votes are missing.",
        "If 100 of the photographs were fakes, placed as cleverly as possible, still 20 votes would be missing at 1 "
        "stations or more.",
        *[item for item in quotable if item.startswith("Nation: ")],
        "These numbers are lower bounds and no result: those who sent in their ballots are not a sample of the voters.",
    ]


def test_nothing_proven_is_said_so(results, chart):
    weak = dataclasses.replace(
        results.comparison,
        grades=tuple(min(g, Grade.STRONG, key=list(Grade)[::-1].index) for g in results.comparison.grades),
    )
    document = on_election(dataclasses.replace(results, comparison=weak), chart, languages.load("en"), Beside())
    assert (
        "By these data falsification is proven at no polling station; this does not say that the vote was clean."
        in [item for block in document.blocks if isinstance(block, Points) for item in block.items]
    )


def test_every_contradicted_station_has_its_page_strongest_first(results, chart):
    given = [
        Grade.SUSPICIOUS,
        Grade.STRONG,
        Grade.CANT_TELL,
        Grade.PROVEN,
        Grade.STRONG,
        Grade.CONSISTENT,
        Grade.NO_DATA,
    ]
    mixed = dataclasses.replace(results, comparison=dataclasses.replace(results.comparison, grades=tuple(given)))
    graded = dict(zip(results.comparison.count.tree.stations, given, strict=True))
    codes = contradicted(mixed)
    assert [graded[code] for code in codes] == [Grade.PROVEN, Grade.STRONG, Grade.STRONG, Grade.SUSPICIOUS]
    assert list(exhibits(on_election(mixed, chart, languages.load("en"), Beside()))) == codes


def test_an_exhibit_shows_both_sides_and_where_they_come_from(results, report):
    pages = exhibits(report())
    finding = next(f for f in results.findings_of["s1"] if f.rule == "C1")
    (table,) = [block for block in pages["s1"] if isinstance(block, Table)]
    shown = {cell for row in table.rows for cell in row}
    for figures in finding.numbers["options"].values():
        assert {languages.load("en").number(figures[key]) for key in ("p", "v")} <= shown
    sources = "\n".join(block.text for block in pages["s1"] if isinstance(block, Text) and block.look == "code")
    assert finding.id in sources and all(item in sources for item in finding.evidence)


def test_fewer_exhibits_are_said(report, results):
    document = report(exhibits=0)
    assert exhibits(document) == {}
    said = f"0 of {len(contradicted(results))} contradicted stations have a page here"
    assert any(isinstance(b, Text) and b.look == "notice" and b.text.startswith(said) for b in document.blocks)


def test_every_number_can_be_recomputed_from_what_is_named(report, results):
    said = "\n".join(texts(report()))
    assert results.pack.id.hex() in said and results.root.hex() in said
    for side in (*results.versions, *results.votes):
        assert side.evidence in said or not side.evidence
    assert "golos verify FOLDER" in said


@pytest.mark.parametrize("code", ["be", "ru"])
def test_a_report_is_in_one_language(report, code):
    english = {text for text in texts(report("en")) if len(text) > 40}
    citations = {
        text for text in english if "(19" in text or "(20" in text or text.startswith(("docs/", "C1:", "table:"))
    }
    left = english & set(texts(report(code))) - citations
    assert {text for text in left if " " in text and "golos verify" not in text and "\n" not in text} == set()


def test_texts_are_data_in_every_form():
    nasty = '#panic("x") $x$ *b* <script>alert(1)</script> "quoted" \\ @ref `code` = heading'
    blocks = [
        Heading(1, nasty),
        Text(nasty),
        Text(nasty, "code"),
        Points([nasty], quotable=True),
        Facts([(nasty, nasty)]),
        Verdict("proven", nasty, nasty),
        Table(nasty, [nasty, nasty], [[nasty, nasty]]),
        Plot(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title id="plot-t">x</title></svg>', nasty, nasty
        ),
    ]
    document = Document("en", nasty, nasty, nasty, blocks)
    assert pdf(document).startswith(b"%PDF")
    page = html(document).decode()
    assert "<script" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_on_a_screen_asks_nothing_of_anybody(report, code):
    page = html(report(code)).decode()
    assert "<script" not in page and " src=" not in page and "@import" not in page and "url(http" not in page
    assert f'<html lang="{code}">' in page and page.count("<svg") == 4  # the map, three curves
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_pages_can_be_looked_at(report):
    pages = pictures(report(exhibits=1), ppi=20)
    assert len(pages) > 4 and all(page.startswith(b"\x89PNG") for page in pages)


def test_the_weeks_stand_beside_their_cost(report):
    weeks = [
        {"cohort": "w1", "starts": "2030-04-01", "issued": 4, "redeemed": 3, "contests": {"president": None}},
        {
            "cohort": "w2",
            "starts": "2030-04-08",
            "issued": 9,
            "redeemed": 7,
            "contests": {"president": {"c1": {"stations": 1, "votes": 5}}},
        },
    ]
    numbers = {"weeks": weeks, "claims": [{}, {}], "phones_for_all": 5}
    study = Result(cohorts.METHOD, Grade.PROVEN, "", Rows(7), "a" * 64, numbers)
    document = report(cohorts=study)
    (table,) = [b for b in document.blocks if isinstance(b, Table) and b.head[0] == "Registered up to"]
    assert table.rows == [["w1 (2030-04-01)", "4", "3", "0", "0"], ["w2 (2030-04-08)", "9", "7", "1", "5"]]
    assert any("takes at least 5 telephone numbers" in text for text in texts(document))
