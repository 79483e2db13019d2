"""A large nation: stations are sections of their host's page, long lists are paged, and every link still leads."""

import dataclasses
import json
import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from golos.count.compare import compare
from golos.count.sheets import Sheet, count_tables
from golos.model.packfiles import parse
from golos.publish import addresses
from golos.publish.addresses import Addresses
from golos.publish.site import FINDINGS_A_PAGE

from .conftest import Published, published
from .nation import AREAS, FILES, STATIONS, Nation, nation

REGIONS, DISTRICTS, VILLAGES = 3, 4, 3
LIMIT = 200_000


def large() -> Nation:
    """Return a nation of 3 regions of 4 districts of 3 villages of 6 stations, every second one contradicted."""
    areas = AREAS.splitlines()[:2]
    stations, photos = STATIONS.splitlines()[:1], ["area,anna,boris"]
    typed = ["area,anna,boris,voters,turnout"]
    for region in range(REGIONS):
        areas.append(f"R{region},N,region,Рэгіён,Регион,Region {region}")
        for district in range(DISTRICTS):
            d = f"D{region}{district}"
            areas.append(f"{d},R{region},district,Раён,Район,District {d}")
            for village in range(VILLAGES):
                v = f"{d}.{village}"
                areas.append(f"{v},{d},village,Вёска,Деревня,Village {v}")
                for number in range(6):
                    code = f"{v}-{number}"
                    stations.append(f"{code},{v},,Участок № {number},,<Main> street {number},School,,")
                    photos.append(f"{code},{120 + number},30")
                    typed.append(f"{code},{100 if number % 2 else 1100},500,3000,{1200 if number % 3 else 600}")
    files = FILES | {
        "areas.csv": ("\n".join(areas) + "\n").encode(),
        "stations.csv": ("\n".join(stations) + "\n").encode(),
    }
    pack, mistakes = parse(files)
    assert pack is not None, mistakes
    sheets = [
        Sheet("photos", "citizens", "confirmed", "president", 0, False, ("\n".join(photos) + "\n").encode()),
        Sheet("typed", "protocol", "", "president", 2, False, ("\n".join(typed) + "\n").encode()),
    ]
    made = nation()
    count = dataclasses.replace(count_tables(pack, sheets), size=made.log.size, root=made.log.root)
    log = dataclasses.replace(made.log, pack=pack, records=made.log.records[:1] * made.log.size)
    return Nation(log, compare(count), made.leaves)


@pytest.fixture(scope="module")
def big(tmp_path_factory) -> Published:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "OWN_PAGES", 100)
        patch.setattr(addresses, "HOST_PAGES", 30)  # 36 pages of villages are too many, 24 of districts are not
        patch.setattr(addresses, "_per_page", lambda size: 9)
        return published(tmp_path_factory.mktemp("big") / "public", large())


def pages(site: Published) -> list[str]:
    return sorted(p.relative_to(site.out).as_posix() for p in site.out.rglob("*.html"))


def test_a_station_is_a_section_of_its_district_s_pages(big):
    assert not (big.out / "en/stations").exists()
    assert sorted(p.name for p in (big.out / "en/areas").glob("D00*")) == ["D00.html", "D00~2.html"]
    found = [name for path in pages(big) if path.startswith("en/") for name in big.page(path).ids if name[:2] == "s-"]
    assert sorted(found) == sorted(f"s-{code}" for code in big.nation.log.pack.stations)


def test_every_page_is_whole_and_small(big):
    for path in pages(big):
        page = big.page(path)
        assert not page.wrong, (path, page.wrong)
        assert page.headings.count(1) == 1, path
        assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), path
    read = [p for p in big.out.rglob("*") if p.suffix in (".html", ".json", ".js") and p.parent.name != "export"]
    assert max(p.stat().st_size for p in read) <= LIMIT


def test_every_link_leads_to_a_page_and_a_place_in_it(big):
    anchors = {path: set(big.page(path).ids) for path in pages(big)}
    for path in pages(big):
        for link in big.page(path).links:
            if "../tables/" in link:  # the nation's tables are in no log
                continue
            parts = urlsplit(link)
            target = posixpath.normpath(
                posixpath.join(posixpath.dirname(path), unquote(parts.path or path.split("/")[-1]))
            )
            assert (big.out / target).is_file(), (path, link)
            if parts.fragment:
                assert unquote(parts.fragment) in anchors[target], (path, link)


def test_the_search_leads_to_sections_and_areas(big):
    begins = json.loads((big.out / "en/search/index.json").read_text())
    found = {}
    for number in range(len(begins)):
        part = json.loads((big.out / f"en/search/{number}.json").read_text())
        for name, _, _, area, address in part["rows"]:
            found[name] = address, part["areas"][area][0]
            page, _, anchor = address.partition("#")
            assert not anchor or anchor in big.page(f"en/{page}").ids
    assert found["Участок № 5 · D11.2-5"] == ("areas/D11~2.html#s-D11.2-5", "Village D11.2")
    assert found["Village D11.2"] == ("areas/D11~2.html#a-D11.2", "District D11")
    assert found["District D11"] == ("areas/D11.html", "Region 1")


def test_findings_and_the_overview_lead_to_sections(big):
    assert sum("#s-" in link for link in big.page("en/findings/index.html").links) == FINDINGS_A_PAGE
    assert "areas/R0.html" in big.page("en/index.html").links
    text = big.page("en/areas/D00.html").text
    assert "At least 21 votes are missing." in text and "Village D00.0" in text
    assert "&lt;Main&gt; street" in (big.out / "en/areas/D00.html").read_text()


def test_findings_are_told_in_less_words_where_a_page_would_be_too_large(big, tmp_path, monkeypatch):
    for name, value in (("OWN_PAGES", 100), ("HOST_PAGES", 30), ("_per_page", lambda size: 64)):
        monkeypatch.setattr(addresses, name, value)
    monkeypatch.setattr("golos.publish.area_pages.SECTIONS_BYTES", 15_000)
    small = published(tmp_path / "public", big.nation)
    whole, said = ((site.out / "en/areas/D00.html").read_text() for site in (big, small))
    assert "<article" in whole and "<article" not in said
    assert "More photographed ballots than the protocol admits" in small.page("en/areas/D00.html").text


def test_the_place_of_a_station_depends_on_the_pack_alone(big):
    pack = big.nation.log.pack
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "OWN_PAGES", 100)
        places = Addresses(pack, 1_000)
        again = Addresses(pack, 1_100)
    assert [places.station(code) for code in pack.stations] == [again.station(code) for code in pack.stations]


@pytest.mark.parametrize(("areas", "stations", "wanted"), [(0, 10, 1), (10, 600, 3), (300, 0, 3), (300, 300, 5)])
def test_long_lists_are_paged_and_lose_nothing(areas, stations, wanted):
    rows = [f"A{n},N,district,А,А,A" for n in range(areas)]
    listed = [f"s{n},N,,У,,,,," for n in range(stations)]
    files = FILES | {
        "areas.csv": ("\n".join([*AREAS.splitlines()[:2], *rows]) + "\n").encode(),
        "stations.csv": ("\n".join([STATIONS.splitlines()[0], *listed]) + "\n").encode(),
    }
    pack, _ = parse(files)
    places = Addresses(dataclasses.replace(pack, areas={**pack.areas}), 1_000)
    slices = places.slices("N")
    assert [n for page in slices for n in page.areas] == list(range(areas))
    assert [n for page in slices for n in page.stations] == list(range(stations))
    assert len(slices) == wanted + (not areas) + (0 < areas <= 30)  # the headline's page lists no station


def test_a_long_area_page_is_paged_below_50_000_stations_too(site, tmp_path, monkeypatch):
    monkeypatch.setattr(addresses, "STATION_ROWS", 2)
    paged = published(tmp_path / "public", nation())
    first, second = (paged.page(f"en/areas/{name}.html") for name in ("D3", "D3~2"))
    listed = [{link for link in page.links if link.startswith("../stations/")} for page in (first, second)]
    assert listed[1] == {"../stations/s7.html"}
    assert {f"../stations/s{n}.html" for n in (5, 6)} <= listed[0]
    assert "../areas/D3~2.html" in first.links and "../areas/D3.html" in second.links
    assert Path(site.out / "en/areas/D3.html").exists() and not Path(site.out / "en/areas/D3~2.html").exists()


def test_stations_are_listed_as_people_count():
    listed = [f"v-{n},N,,У,,,,," for n in (10, 9, 1)]
    pack, _ = parse(
        FILES
        | {
            "areas.csv": ("\n".join(AREAS.splitlines()[:2]) + "\n").encode(),
            "stations.csv": ("\n".join([STATIONS.splitlines()[0], *listed]) + "\n").encode(),
        }
    )
    assert list(Addresses(pack, 1_000).stations("N")) == ["v-1", "v-9", "v-10"]
