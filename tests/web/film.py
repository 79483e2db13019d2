"""Film: what a fake camera sees. Chromium plays a file of JPEGs, over and over, where a phone would have its lens."""

from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike

WIDTH, HEIGHT = 1280, 960
NAMES = ("Nadzeya Zaria", "Anton Hrabar", "Maryia Lipen", "Against all")
SIGHTS = ("good", "dark", "glare", "cut", "far", "blur")
"""What `sight` can show; the app's camera has a hint of the same name for each."""


def sheet(marked: int = 0) -> MatLike:
    """Return a ballot with a cross in row ``marked``, flat, in grey."""
    page = np.full((760, 1040), 205, np.uint8)
    cv2.rectangle(page, (20, 20), (1020, 740), 70, 3)
    for row, name in enumerate(NAMES):
        top = 70 + 160 * row
        cv2.putText(page, name, (60, top + 75), cv2.FONT_HERSHEY_SIMPLEX, 1.7, 30, 4, cv2.LINE_AA)
        cv2.rectangle(page, (840, top), (950, top + 110), 50, 4)
    top = 70 + 160 * marked
    cv2.line(page, (855, top + 12), (938, top + 98), 25, 11, cv2.LINE_AA)
    cv2.line(page, (938, top + 14), (852, top + 96), 25, 11, cv2.LINE_AA)
    return page


def sight(kind: str = "good", marked: int = 0) -> MatLike:
    """Return one frame: the ballot on a table, in colour, with the one thing wrong that ``kind`` says."""
    scale = {"cut": 1.32, "far": 0.42}.get(kind, 1.0)
    page = cv2.resize(sheet(marked), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    frame = _table()
    _lay(frame, page)
    if kind == "glare":
        cv2.ellipse(frame, (560, 420), (200, 130), 20, 0, 360, 255, -1)
    if kind == "blur":
        frame = cv2.GaussianBlur(frame, (0, 0), 11)
    if kind == "dark":
        frame = (frame * 0.17).astype(np.uint8)
    return cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR)


def write(path: Path, frames: list[MatLike], repeated: int = 1) -> Path:
    """Write the frames, each ``repeated`` times, as a film of JPEGs, which is how Chromium takes it (30 a second)."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, 85]
    path.write_bytes(b"".join(cv2.imencode(".jpg", frame, quality)[1].tobytes() * repeated for frame in frames))
    return path


def _table() -> MatLike:
    grain = np.random.default_rng(7).normal(62, 6, (HEIGHT, WIDTH))
    return np.clip(grain, 0, 255).astype(np.uint8)


def _lay(frame: MatLike, page: MatLike) -> None:
    """Put the page's middle on the frame's middle; what reaches beyond the frame is cut off."""
    high, wide = min(page.shape[0], HEIGHT), min(page.shape[1], WIDTH)
    top, left = (HEIGHT - high) // 2, (WIDTH - wide) // 2
    y, x = (page.shape[0] - high) // 2, (page.shape[1] - wide) // 2
    frame[top : top + high, left : left + wide] = page[y : y + high, x : x + wide]
