"""The pages: every link leads somewhere, nothing comes from another host, and what is said is what was counted."""

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from golos.publish.site import FINDINGS_A_PAGE

from .conftest import Published, published
from .nation import nation

LANGUAGES = ("be", "ru", "en")


def pages(site: Published) -> list[str]:
    return sorted(p.relative_to(site.out).as_posix() for p in site.out.rglob("*.html"))


def test_every_page_is_whole(site):
    assert len(pages(site)) == 1 + 3 * (1 + 5 + 7 + 1 + 3 + 3)  # landing; nation, areas, stations, findings, six others
    for path in pages(site):
        page = site.page(path)
        assert not page.wrong, (path, page.wrong)
        assert page.lang == (path[:2] if "/" in path else "be"), path
        assert page.title and page.viewport, path
        assert page.headings.count(1) == 1, path
        assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), path


def test_every_link_resolves_and_nothing_is_loaded_from_elsewhere(site):
    anchors = {path: set(site.page(path).ids) for path in pages(site)}
    for path in pages(site):
        page = site.page(path)
        for link in page.links:
            parts = urlsplit(link)
            assert not parts.scheme and not parts.netloc, (path, link)
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
            )
            assert (site.out / target).is_file(), (path, link)
            if parts.fragment:
                assert unquote(parts.fragment) in anchors[target], (path, link)


def test_style_and_script_load_nothing_from_elsewhere(site):
    for asset in (site.out / "assets").iterdir():
        text = asset.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]|@import|\bdata:", text), asset


def test_the_language_switcher_keeps_the_page(site):
    page = site.page("en/stations/s1.html")
    assert "../../be/stations/s1.html" in page.links
    assert "../../ru/stations/s1.html" in page.links


HEADLINES = {
    "be": ("Фальсіфікацыя даказана на 1 участку", "33,3 % ад участкаў з пратаколам (3)", "12,5 % ад усіх участкаў (8)"),
    "ru": ("Фальсификация доказана на 1 участке", "33,3 % от участков с протоколом (3)", "12,5 % от всех участков (8)"),
    "en": (
        "Falsification is proven at 1 polling",
        "33.3% of the 3 stations with a protocol",
        "12.5% of all 8 stations",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_has_both_denominators(site, language):
    text = site.page(f"{language}/index.html").text.replace("\xa0", " ")
    shares = re.sub(r"((?:от|ад|of) [^%]*?) (\d+[.,]\d ?%)", r"\2 \1", text)
    told, *parts = HEADLINES[language]
    assert told in text
    assert all(part in shares for part in parts), shares[:700]


def test_every_page_says_at_its_top_which_election_it_is_about(site):
    for path in pages(site):
        assert re.search("Election 2030|Выборы 2030|Выбары 2030", site.page(path).text[:250]), path


def test_a_known_contradiction_in_words(site):
    text = site.page("en/stations/s1.html").text
    assert "Anna & co: the protocol gives 1,000, photographs show 1,120. At least 120 votes are missing." in text
    assert "only if 120 of these photographs are fake" in text
    russian = site.page("ru/stations/s1.html").text.replace("\xa0", " ")
    assert "Анна: в протоколе 1 000, на фотографиях 1 120. Недостаёт не менее 120 голосов." in russian


def test_names_of_the_pack_are_escaped(site):
    raw = (site.out / "en/stations/s1.html").read_text()
    assert "Main &lt;street&gt; 1" in raw
    assert "Anna &amp; co" in raw


def test_the_words_winner_and_honest_are_nowhere(site):
    for path in pages(site):
        assert not re.search(
            r"\bwinner|\bwon\b|\bhonest|победител|честн|пераможц|сумленн", site.page(path).text, re.I
        ), path


def test_sums_of_collected_protocols_are_no_result(site):
    """Anna's protocols add up to 1,700: only a contradiction may say so, beside what was announced."""
    assert "1,700" not in site.page("en/areas/R1.html").text
    for told in re.findall(r"[^.]*1,700[^.]*\.", site.page("en/index.html").text):
        assert "hold 1,700 votes" in told


def test_withheld_stations_say_so_and_no_number_of_theirs_leaks(own_site):
    page = own_site.page("en/stations/s4.html")
    assert "Withheld: fewer than 5 ballots came from this station, or none." in page.text
    assert "<td" not in (own_site.out / "en/stations/s4.html").read_text()
    listed = (own_site.out / "en/areas/D2.html").read_text().split("stations/s4.html")[1].split("</tr>")[0]
    assert re.findall(r"<td>([^<]*)</td>", listed)[-3:] == ["–", "–", "–"]
    assert not re.search("[0-9]", listed.split("</th>")[1])
    tallies = (own_site.out / "data/tallies.csv").read_text()
    assert ",s4," not in tallies and "\nballots," not in tallies
    assert (
        "s4,D2,Участок № 4,Участок № 4,Участок № 4,11.0,99.0,,no data"
        in (own_site.out / "data/stations.csv").read_text()
    )
    assert "12" in own_site.page("en/index.html").text.split("week 1")[1][:10]


def test_an_election_without_ballots_of_its_own_withholds_nothing(site):
    assert "Withheld" not in site.page("en/stations/s4.html").text


def test_a_withdrawn_finding_stays_with_its_reason(tmp_path):
    name = "C1:president::s1:photos:confirmed"
    made = published(tmp_path / "public", nation(retracted=name))
    text = made.page("en/findings/index.html").text
    assert "Withdrawn: A reader erred." in text and name in text
    assert "proven at 0 polling stations" in made.page("en/index.html").text


def test_findings_are_paged_strongest_first(site):
    text = site.page("en/findings/index.html").text
    assert text.index("At least 120 votes are missing") < text.index("protocol was typed only once")
    assert FINDINGS_A_PAGE * 2500 <= 200_000


def test_stations_far_from_their_area_are_not_drawn(site):
    raw = Path(site.out / "en/index.html").read_text()
    assert raw.split('<svg class="map"')[1].split("</svg>")[0].count('class="dot ') == 5
    assert "2 stations have no usable coordinates" in raw
    assert 'href="areas/R1.html"><title>North: ' in raw


def test_a_reader_without_script_finds_every_station(site):
    areas = [link for link in site.page("en/find.html").links if link.startswith("areas/")]
    found = {link for area in areas for link in site.page(f"en/{area}").links if "stations/" in link}
    assert len(found) == 7
