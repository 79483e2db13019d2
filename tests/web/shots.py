"""Shots: `python -m tests.web.shots` walks past every screen and writes a picture of each into docs/img/app.

With names of screens behind it, it writes those alone. A picture is a PNG with a palette, as small as screens of few
colours can be.
"""

import base64
import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from selenium import webdriver
from tests.web import film
from tests.web.election import Voting
from tests.web.phone import Phone, phones
from tests.web.tour import tour

ROOT = Path(__file__).parents[2]
OUT = ROOT / "docs" / "img" / "app"
LOOKS = (("be", "light"), ("ru", "dark"), ("en", "light"))
_COLOURS = 48
_WIDTH = 390
_LONGEST = 1600


def main() -> None:
    """Write the pictures, each language in one look."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        subprocess.run(
            [sys.executable, ROOT / "web" / "node.py", folder / "app"], check=True, stdout=subprocess.DEVNULL
        )
        seen = film.write(folder / "ballot.mjpeg", [film.sight()] * 3)
        voting = Voting(folder / "app")
        voting.start()
        try:
            for language, scheme in LOOKS:
                with phones(folder / language, seen) as window:
                    _walk(window, voting, language, scheme, folder / f"{language}.golos")
        finally:
            voting.end()


def _walk(window: webdriver.Chrome, voting: Voting, language: str, scheme: str, foreign: Path) -> None:
    foreign.write_bytes(voting.report())
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    for name in tour(Phone(window, voting.line(), language).open(), voting, foreign):
        if name in (sys.argv[1:] or [name]):
            _shoot(window).save(OUT / f"{name}-{language}.png", optimize=True)


def _shoot(window: webdriver.Chrome) -> Image.Image:
    """Return the whole page with as few colours as still look right."""
    height = min(int(window.execute_script("return document.documentElement.scrollHeight")), _LONGEST)
    clip = {"x": 0, "y": 0, "width": _WIDTH, "height": height, "scale": 1}
    shot = window.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    return picture.quantize(_COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
