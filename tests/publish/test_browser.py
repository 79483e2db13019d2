"""The site in a real browser: as a reader with and without script, on a phone, in the dark, enlarged to 400 %."""

import json
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from .browser import browser, served

PAGES = (
    "index.html",
    "en/index.html",
    "be/areas/R1.html",
    "ru/areas/D2.html",
    "en/stations/s1.html",
    "be/stations/s7.html",
    "ru/findings/index.html",
    "be/find.html",
    "ru/methods.html",
    "en/downloads.html",
    "en/fakes/index.html",
    "ru/share.html",
    "be/embed.html",
)
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def address(site):
    with served(site.out) as found:
        yield found


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


def open_page(window, url: str, width: int = 1280, scheme: str = "light") -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    window.get(url)


def requests(window) -> list[str]:
    """Every address asked for over the network since the last call; the browser's own first page is not."""
    found = (json.loads(entry["message"])["message"] for entry in window.get_log("performance"))
    asked = [e["params"]["request"]["url"] for e in found if e["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if urlsplit(url).scheme not in ("chrome", "about", "data")]


def test_pages_load_without_a_complaint_and_from_one_host(window, address):
    requests(window)
    for page in PAGES:
        open_page(window, f"{address}/{page}")
        assert window.find_element(By.TAG_NAME, "h1").is_displayed(), page
        assert window.get_log("browser") == [], page  # errors, and whatever the policy refused
    asked = requests(window)
    assert len(asked) > len(PAGES)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}


def test_the_slider_says_the_row_where_it_stands(window, address):
    open_page(window, f"{address}/en/fakes/index.html")
    slider = window.find_element(By.CSS_SELECTOR, "#curve-F-slider")
    slider.send_keys(Keys.END, Keys.ARROW_LEFT)
    rows = window.find_elements(By.CSS_SELECTOR, "#curve-F tbody tr")
    said = window.find_element(By.CSS_SELECTOR, "output[for='curve-F-slider']").text
    fakes, stations, votes = rows[-2].text.split()
    assert said == f"Fakes in all: {fakes} · Stations left: {stations} · Votes left: {votes}"
    assert rows[-2].get_attribute("class") == "chosen" and rows[-1].get_attribute("class") == ""


def test_the_policy_header_is_in_force(window, address):
    open_page(window, f"{address}/en/index.html")
    window.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.slipped = 1'; document.body.append(s)"
    )
    assert window.execute_script("return window.slipped") is None
    assert any("Content Security Policy" in entry["message"] for entry in window.get_log("browser"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_scrolls_sideways_at_400_percent(window, address, page, scheme):
    open_page(window, f"{address}/{page}", 320, scheme)
    wide = "return document.documentElement.scrollWidth"
    assert window.execute_script(wide) <= 320
    ground = window.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 200) == (scheme == "dark")


def test_the_search_finds_stations_by_part_of_an_address(window, address):
    open_page(window, f"{address}/be/find.html")
    box = window.find_element(By.ID, "search")
    box.send_keys("main 3 лясн")
    found = WebDriverWait(window, 5).until(lambda w: w.find_elements(By.CSS_SELECTOR, ".found a"))
    assert [link.get_attribute("href") for link in found] == [f"{address}/be/stations/s3.html"]
    assert found[0].get_attribute("lang") == "ru"
    box.send_keys(" nowhere")
    WebDriverWait(window, 5).until(lambda w: not w.find_elements(By.CSS_SELECTOR, ".found a"))
    assert window.find_element(By.CSS_SELECTOR, "[role=status]").text == "Нічога не знойдзена."


def test_without_script_a_station_is_found_by_letter_area_and_list(tmp_path, address):
    with browser(tmp_path, script=False) as window:
        window.get(f"{address}/en/find.html")
        assert not window.find_element(By.ID, "search").is_displayed()
        window.find_element(By.LINK_TEXT, "F").click()
        assert window.current_url.endswith("#F")
        for link in ("Forest", "Участок № 3"):
            window.find_element(By.LINK_TEXT, link).click()
        assert window.current_url == f"{address}/en/stations/s3.html"


def test_the_language_switch_keeps_the_page(window, address):
    open_page(window, f"{address}/en/stations/s1.html")
    window.find_element(By.LINK_TEXT, "Беларуская").click()
    assert window.current_url == f"{address}/be/stations/s1.html"
    assert window.find_element(By.TAG_NAME, "html").get_attribute("lang") == "be"


def test_the_keyboard_reaches_content_and_evidence(window, address):
    open_page(window, f"{address}/en/stations/s1.html")
    window.switch_to.active_element.send_keys(Keys.TAB)
    skip = window.switch_to.active_element
    assert skip.text == "Skip to the content" and skip.rect["x"] >= 0
    assert window.execute_script("return getComputedStyle(arguments[0]).outlineStyle", skip) == "solid"
    skip.send_keys(Keys.ENTER)
    assert window.current_url.endswith("#main")
    summary = window.find_element(By.TAG_NAME, "summary")
    summary.send_keys(Keys.ENTER)
    assert window.find_element(By.TAG_NAME, "details").get_attribute("open")


def test_a_map_s_areas_and_stations_differ_in_more_than_colour(window, address):
    open_page(window, f"{address}/en/index.html")
    style = "return getComputedStyle(document.querySelector('.swatch .area.g-' + arguments[0])).fill"
    fills = [window.execute_script(style, grade) for grade in ("strong", "suspicious", "consistent", "nodata")]
    assert all(fill.startswith('url("#p-') for fill in fills) and len(set(fills)) == 4
    for fill in fills:
        assert window.find_element(By.ID, fill[6:-2]).tag_name == "pattern"
    marks = [mark.get_attribute("d") for mark in window.find_elements(By.CSS_SELECTOR, ".legend .dot")]
    assert len(marks) == 6 and len(set(marks)) == 4
