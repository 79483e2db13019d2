"""Report: how well the network reads held-out cells, class by class, and whether its chances are honest."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from golos.photo.digits import NAMES

BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0001)


def report(sums: NDArray[np.float32], labels: NDArray[np.int32], recipe: Mapping[str, object]) -> str:
    """Return the report in Markdown; ``sums`` (n, 13) are divided by the temperature already."""
    power = np.exp(sums - sums.max(1, keepdims=True))
    chances = power / power.sum(1, keepdims=True)
    best, sure = chances.argmax(1), chances.max(1)
    right = best == labels
    written = labels < 10
    told = [
        "# The digit network: what it was made of and how well it reads",
        "",
        f"Recipe: {recipe['cells']} cells, {recipe['epochs']} epochs, seed {recipe['seed']}"
        f"{', from the weights of an earlier run' if recipe['start'] else ''}; "
        f"`make train-digits`, {float(str(recipe['minutes'])):.0f} minutes on two shared cores.",
        f"Held out: {len(labels)} disturbed cells with handwriting, fonts and strokes that were not trained on; "
        "the temperature was fitted on as many others.",
        "",
        f"Right: {right.mean():.2%} of all cells, {right[written].mean():.2%} of the digits.",
        "",
        "| class | cells | right | most often taken for |",
        "|---|---|---|---|",
        *(_class_row(value, best, labels) for value in range(len(NAMES))),
        "",
        "## Reliability",
        "What the network says about its own confidence, and how often it is right then.",
        "",
        "| confidence | cells | said | right |",
        "|---|---|---|---|",
        *_reliability(sure, right),
        "",
    ]
    return "\n".join(told)


def _class_row(value: int, best: NDArray[np.int64], labels: NDArray[np.int32]) -> str:
    mine = labels == value
    wrong = np.bincount(best[mine & (best != labels)], minlength=len(NAMES))
    taken = f"{NAMES[int(wrong.argmax())]} ({wrong.max()})" if wrong.any() else ""
    return f"| {NAMES[value]} | {mine.sum()} | {(best[mine] == value).mean():.2%} | {taken} |"


def _reliability(sure: NDArray[np.float32], right: NDArray[np.bool_]) -> list[str]:
    rows = []
    for low, high in pairwise(BINS):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            said, held = sure[inside].mean(), right[inside].mean()
            rows.append(f"| {low:g} to {min(high, 1):g} | {inside.sum()} | {said:.2%} | {held:.2%} |")
    return rows
