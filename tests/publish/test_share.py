"""What is passed on: exact bounds with a slider or without, cards, and the element that other sites may show."""

import asyncio
import io
import re

import pytest
from PIL import Image

from golos.count.evidence.statements import excesses_of, sides
from golos.doors.web.headers import secure
from golos.publish import language as languages
from golos.publish.quotes import quotes
from golos.publish.results import Results
from golos.publish.words import Words

LANGUAGES = ("be", "ru", "en")


@pytest.fixture(scope="module")
def results(site):
    return Results.of(site.nation.comparison, site.nation.log)


def bare(text):
    """Return the text as `Page` has it: every space a plain one."""
    return " ".join(text.split())


@pytest.mark.parametrize(("parameter", "against"), [("F", "against"), ("k", "capped"), ("x", "rated")])
def test_every_line_of_the_tables_is_exact_without_script(site, results, parameter, against):
    (side,) = sides(results.comparison)
    left = getattr(excesses_of(side)["proven"], against)
    text = (site.out / "en/fakes/index.html").read_text()
    table = text[text.index(f'id="curve-{parameter}">') :].split("</table>")[0]
    rows = [row.split("</tr>")[0] for row in table.split("<tr>")[2:]]
    assert len(rows) > 10
    for row in rows:
        assumed, stations, votes = re.findall(r">([\d.,]+%?)<", row)
        value = round(float(assumed.rstrip("%")) * 10) if parameter == "x" else int(assumed.replace(",", ""))
        assert left(value) == (int(stations), int(votes))
    assert 'class="slide" hidden' in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_quote_has_its_card(site, results, code):
    told = quotes(results, Words(results.pack, languages.load(code)))
    page = site.page(f"{code}/share.html")
    *shown, bound = told
    assert bound.name == "bound" and {q.name for q in shown} >= {"stations", "votes-1", "fakes-1"}
    for quote in shown:
        assert bare(quote.text) in page.text
        picture = Image.open(io.BytesIO((site.out / f"{code}/share/{quote.name}.png").read_bytes()))
        assert picture.size == (1200, 630) and picture.getexif() == {} and picture.info.keys() <= {"dpi"}
        svg = (site.out / f"{code}/share/{quote.name}.svg").read_text()
        assert svg.startswith("<svg") and "<title>" in svg and "http" not in svg.replace("http://www.w3.org/", "")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_element_for_other_sites_is_still_and_leads_here(site, results, code):
    page = site.page(f"{code}/embed.html")
    said = quotes(results, Words(results.pack, languages.load(code)))
    assert bare(said[0].text) in page.text and bare(said[-1].text) in page.text
    assert page.loads == ["../assets/icon.svg", "../assets/style.css"]
    assert "<script" not in (site.out / f"{code}/embed.html").read_text()
    assert page.links == [*page.loads, "index.html"]


def headers(path):
    message = {"type": "http.response.start", "headers": []}
    asyncio.run(secure(message, {"path": path}))
    return {name.decode(): value.decode() for name, value in message["headers"]}


def test_the_doors_let_that_page_be_framed_and_no_other():
    framed, other = headers("/published/en/embed.html"), headers("/published/en/index.html")
    assert "x-frame-options" not in framed and "frame-ancestors *" in framed["content-security-policy"]
    assert "script-src 'none'" in framed["content-security-policy"]
    assert other["x-frame-options"] == "DENY" and "frame-ancestors 'none'" in other["content-security-policy"]
    assert framed.keys() == other.keys() - {"x-frame-options"}
