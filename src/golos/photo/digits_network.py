"""The digit network: 160,000 weights, and the sums that turn pictures of cells into probabilities.

Trained by training/digits (`make train-digits`); how well is written in training/digits/report.md. Inference is NumPy
alone: so small a network needs no framework.
"""

from functools import cache
from importlib import resources
from typing import cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.float32]
Weights = dict[str, Array]
"""conv1..conv4: (rows, columns, channels in, channels out); dense1, dense2: (in, out); each with its ``_bias``;
``temperature``: (), what the last layer's sums are divided by, fitted on held-out cells."""


@cache
def weights() -> Weights:
    """Return the trained weights, half-precision in the file."""
    with resources.files("golos.photo").joinpath("digits.npz").open("rb") as file, np.load(file) as held:
        return {name: held[name].astype(np.float32) for name in held.files}


def probabilities(glyphs: Array, w: Weights) -> Array:
    """Return (n, classes) calibrated probabilities for ``glyphs`` (n, 28, 28, 2)."""
    sums = scores(glyphs, w) / w["temperature"]
    power = np.exp(sums - sums.max(1, keepdims=True))
    return cast(Array, power / power.sum(1, keepdims=True))


def scores(glyphs: Array, w: Weights) -> Array:
    """Return the last layer's sums (n, classes): two strided stages of two convolutions, then two dense layers."""
    x = _relu(_convolved(glyphs, w, "conv1", stride=2))
    x = _pooled(_relu(_convolved(x, w, "conv2")))
    x = _relu(_convolved(x, w, "conv3"))
    x = _relu(_convolved(x, w, "conv4", stride=2))
    x = _relu(x.reshape(len(x), -1) @ w["dense1"] + w["dense1_bias"])
    return cast(Array, x @ w["dense2"] + w["dense2_bias"])


def _convolved(x: Array, w: Weights, name: str, stride: int = 1) -> Array:
    """Convolve ``x`` (n, rows, columns, channels), zeros around it, as one product of matrices."""
    kernel = w[name]
    side, _, channels, out = kernel.shape
    edge = side // 2
    padded = np.pad(x, ((0, 0), (edge, edge), (edge, edge), (0, 0)))
    windows = sliding_window_view(padded, (side, side), axis=(1, 2))[:, ::stride, ::stride]
    n, rows, columns = windows.shape[:3]
    flat = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * rows * columns, side * side * channels)
    return cast(Array, (flat @ kernel.reshape(-1, out)).reshape(n, rows, columns, out) + w[f"{name}_bias"])


def _relu(x: Array) -> Array:
    return cast(Array, np.maximum(x, 0))


def _pooled(x: Array) -> Array:
    """Return the greatest of each two by two; rows and columns are even."""
    n, rows, columns, channels = x.shape
    return cast(Array, x.reshape(n, rows // 2, 2, columns // 2, 2, channels).max((2, 4)))
