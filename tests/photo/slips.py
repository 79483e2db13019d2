"""Generated photographs of a slip with the nine digits beside a ballot."""

import cv2
import numpy as np
from tests.photo.protocol_sheets import held_out
from training.digits.strokes import digit

from golos.photo.binding import check_digit
from golos.photo.binding_slip import find_slip
from golos.photo.drawing.camera import Scene, take
from golos.photo.drawing.specimen import Design, draw

HIGH, WIDE = 200, 1500


def code(rng) -> str:
    body = f"{int(rng.integers(10**8)):08d}"
    return body + check_digit(body)


def slip(text: str, rng) -> np.ndarray:
    """A strip of paper (h, w) grey with the digits in threes, one pen, one hand's size."""
    paper = np.full((HIGH, WIDE), 245, np.float32)
    high, x = rng.uniform(70, 110), rng.uniform(60, 120)
    sources, pen = held_out(), rng.uniform(20, 90)
    for place, each in enumerate(text):
        ink = sources.digit(int(each), rng) if sources else digit(int(each), rng)
        tall = round(high * rng.uniform(0.85, 1.1))
        scale = tall / ink.shape[0]
        small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        columns = np.flatnonzero(small.max(0) > 0.2)
        small = small[:, columns[0] : columns[-1] + 1] if len(columns) else small
        y = round((HIGH - tall) / 2 + rng.normal(0, 5))
        part = paper[max(y, 0) : max(y, 0) + small.shape[0], round(x) : round(x) + small.shape[1]]
        cut = small[: part.shape[0], : part.shape[1]]
        part[:] = part * (1 - cut) + pen * cut
        x += small.shape[1] + rng.uniform(14, 34) + (rng.uniform(30, 60) if place in (2, 5) else 0)
    return paper[:, : min(WIDE, round(x + 60))]


def photograph(text: str, rng) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """A photograph (h, w) grey of a ballot with the slip below it, the ballot's homography and size."""
    ballot = draw("Выборы", ("Отметьте один вариант",), ("Алесь", "Багдан", "Против всех"), Design()).grey(1200)
    strip = slip(text, rng)
    scale = rng.uniform(0.5, 0.75) * ballot.shape[1] / strip.shape[1] * 1.3
    strip = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    page = np.full((ballot.shape[0] + 260, max(ballot.shape[1], strip.shape[1] + 40)), 90, np.float32)
    page += np.random.default_rng(1).normal(0, 6, page.shape)
    page[: ballot.shape[0], : ballot.shape[1]] = ballot
    top = ballot.shape[0] + 60
    turn = cv2.getRotationMatrix2D((strip.shape[1] / 2, strip.shape[0] / 2), rng.normal(0, 4), 1)
    turn[:, 2] += (20, top)
    there = cv2.warpAffine(np.ones_like(strip), turn, page.shape[::-1])
    page = np.where(there > 0.5, cv2.warpAffine(strip, turn, page.shape[::-1]), page)
    scene = Scene(
        size=(1500, 2000), fill=0.92, roll=rng.normal(0, 5), pitch=rng.normal(0, 7), yaw=rng.normal(0, 7),
        light=rng.uniform(0.6, 0.95), shadow=rng.uniform(0, 0.4), blur=abs(rng.normal(0, 0.7)),
        grain=rng.uniform(0, 4), quality=int(rng.integers(60, 95)), desk=int(rng.integers(1000)),
        seed=int(rng.integers(1 << 30)),
    )  # fmt: skip
    shot = take(cv2.cvtColor(np.clip(page, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), scene)
    grey = cv2.imdecode(np.frombuffer(shot.jpeg(scene), np.uint8), cv2.IMREAD_GRAYSCALE)
    return grey, shot.homography, (ballot.shape[1], ballot.shape[0])


def outcome(seed: int) -> str:
    """Whether one photograph's code is "right" and sure, "wrong" and sure, or "unsure" (people)."""
    rng = np.random.default_rng([9, seed])
    text = code(rng)
    found = find_slip(*photograph(text, rng))
    return "unsure" if found is None or not found.sure else "right" if found.code == text else "wrong"
