"""Every screen for everybody: axe finds nothing in light and dark, 320 px wide (400 %), right to left, by keyboard."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from tests.web import way
from tests.web.conftest import ROOT
from tests.web.phone import TEXTS, Phone
from tests.web.tour import TOUR, tour

pytestmark = pytest.mark.xdist_group("web")

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, arguments[0]).then(({ violations }) =>
  done(violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' | '))),
  (error) => done([String(error)]));
"""
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
TARGETS = """
return [...document.querySelectorAll('button, input:not([hidden]), select, label.choice')].filter((one) => {
  const { width, height } = one.getBoundingClientRect();
  return width && Math.min(width, height) < 44 && !one.closest('label.choice') && !one.matches('.cover, [type=file]');
}).map((one) => one.outerHTML)
"""
WIDE = "return document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def foreign(tmp_path_factory, voting):
    """A sealed report of another voter: an envelope as any program writes it."""
    folder = tmp_path_factory.mktemp("foreign")
    path = folder / "report.golos"
    path.write_bytes(voting.report())
    return path


def resize(window, width, scheme="light"):
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def axe(window, what):
    if not window.execute_script("return typeof axe !== 'undefined'"):
        window.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    return window.execute_async_script(RUN, what)


def test_axe_finds_nothing_on_any_screen_and_none_scrolls_sideways(phone, voting, foreign):
    if not AXE.exists():
        pytest.skip("axe-core is not installed in web/")
    window, found, seen = phone.window, {}, []
    for name in tour(phone, voting, foreign):
        seen.append(name)
        resize(window, 320, "dark")
        wide = window.execute_script(WIDE)
        found[f"{name}, dark"] = axe(window, CONTRAST) + ([f"{wide} px wide"] if wide > 320 else [])
        resize(window, 390, "light")
        small = window.execute_script(TARGETS)
        found[name] = axe(window, ALL) + [f"too small to be touched: {one}" for one in small]
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert len(seen) == len(TOUR)


def test_the_screens_from_right_to_left(chromium, voting, tmp_path):
    """A language of these tests alone, made of English words in a script that runs from right to left."""
    copy = tmp_path / "web"
    shutil.copytree(ROOT / "web", copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    english = json.loads((TEXTS / "en.json").read_text(encoding="utf-8"))
    mirrored = {key: f"مثال {text}" for key, text in english.items()} | {
        "language": "مثال",
        "direction": "rtl",
        "figures": "ar",
    }
    (copy / "src" / "texts" / "ar.json").write_text(json.dumps(mirrored), encoding="utf-8")
    subprocess.run(["node", "build.mjs", tmp_path / "app"], cwd=copy, check=True, capture_output=True)
    app = Path(voting.app)
    voting.restart(tmp_path / "app")
    try:
        phone = Phone(chromium, voting.line(), texts=mirrored, language="ar").open()
        resize(chromium, 320)
        way.register(phone, voting)
        assert chromium.execute_script("return document.documentElement.dir") == "rtl"
        assert chromium.execute_script(WIDE) <= 320
        place = (
            "const box = document.querySelector(arguments[0]).getBoundingClientRect(); return box.left + box.width / 2"
        )
        assert chromium.execute_script(place, ".top > *") > chromium.execute_script(place, ".top > :last-child")
        phone.press("home_station")
        arrow = "return getComputedStyle(document.querySelector('svg.turns')).transform"
        assert chromium.execute_script(arrow).startswith("matrix(-1")
        assert chromium.execute_script(WIDE) <= 320
    finally:
        resize(chromium, 390)
        voting.restart(app)


def test_the_keyboard_alone_is_enough(voter, voting):
    """From the list of what is to be done to the choice, without a pointer; each screen begins at its heading."""
    window = voter.window

    def focus():
        return window.switch_to.active_element

    def tab_to(text):
        for _ in range(40):
            focus().send_keys(Keys.TAB)
            if focus().text.split("\n")[0] == text:
                outline = window.execute_script("return getComputedStyle(arguments[0]).outlineStyle", focus())
                assert outline == "solid", text
                return focus().send_keys(Keys.ENTER)
        raise AssertionError(f"the keyboard does not reach {text!r}")

    assert focus().tag_name == "h1"
    tab_to(voter.say("home_station"))
    voter.heading("station_h")
    voter.until(lambda: focus().tag_name == "h1")
    focus().send_keys(Keys.TAB)
    focus().send_keys(voting.station)
    voter.button(way.station_name(voter, voting))
    tab_to(way.station_name(voter, voting))
    voter.heading("choice_h")
    voter.until(lambda: focus().tag_name == "h1")
    focus().send_keys(Keys.TAB)
    assert focus().get_attribute("type") == "radio"
    focus().send_keys(Keys.SPACE)
    tab_to(voter.say("go_on"))
    voter.heading("photo_h")


def test_boxes_over_a_picture_are_moved_by_keys(voter, voting):
    way.choose(voter, voting)
    voter.press("photo_with")
    voter.press("photo_open")
    voter.sees("hint_good")
    voter.press("camera_take")
    voter.press("mask_add")
    box = voter.window.find_element(By.CSS_SELECTOR, "button.cover")
    before = box.rect
    box.send_keys(Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.SHIFT + Keys.ARROW_RIGHT)
    after = voter.window.find_element(By.CSS_SELECTOR, "button.cover").rect
    assert after["x"] < before["x"] and after["y"] < before["y"] and after["width"] > before["width"]
    voter.window.find_element(By.CSS_SELECTOR, "button.cover").send_keys(Keys.DELETE)
    voter.until(lambda: not voter.window.find_elements(By.CSS_SELECTOR, "button.cover"))
