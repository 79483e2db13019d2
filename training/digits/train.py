"""Fit the digit network (`make train-digits`): cells -> weights, temperature, report. JAX on the CPU, minutes.

The network is golos.photo.digits_network's; the weights it writes are half-precision and what the report measures is
them, read by the run-time's own NumPy code. Nothing of a real form or photograph is learned from.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array, lax

from golos.photo import digits_network
from golos.photo.digits import NAMES
from training.digits.data import Data, make
from training.digits.report import report

SHAPES: dict[str, tuple[int, ...]] = {
    "conv1": (5, 5, 2, 16),
    "conv2": (3, 3, 16, 32),
    "conv3": (3, 3, 32, 48),
    "conv4": (3, 3, 48, 64),
    "dense1": (4 * 4 * 64, 128),
    "dense2": (128, len(NAMES)),
}
BATCH = 256
Parameters = dict[str, Array]


def initial(key: Array) -> Parameters:
    """Return random weights (He) and zero biases."""
    keys = jax.random.split(key, len(SHAPES))
    made: Parameters = {}
    for name, shape, each in zip(SHAPES, SHAPES.values(), keys, strict=True):
        made[name] = jax.random.normal(each, shape) * np.sqrt(2 / np.prod(shape[:-1]))
        made[f"{name}_bias"] = jnp.zeros(shape[-1])
    return made


def scores(w: Parameters, glyphs: Array, key: Array | None = None) -> Array:
    """Return the sums that digits_network.scores returns; with a ``key``, a quarter of the dense inputs is dropped."""
    x = jax.nn.relu(_convolved(glyphs, w, "conv1", 2))
    x = jax.nn.relu(_convolved(x, w, "conv2", 1))
    x = x.reshape(x.shape[0], 7, 2, 7, 2, -1).max((2, 4))
    x = jax.nn.relu(_convolved(x, w, "conv3", 1))
    x = jax.nn.relu(_convolved(x, w, "conv4", 2)).reshape(x.shape[0], -1)
    if key is not None:
        x = x * jax.random.bernoulli(key, 0.75, x.shape) / 0.75
    x = jax.nn.relu(x @ w["dense1"] + w["dense1_bias"])
    return x @ w["dense2"] + w["dense2_bias"]


def _convolved(x: Array, w: Parameters, name: str, stride: int) -> Array:
    edge = w[name].shape[0] // 2
    around = ((edge, edge), (edge, edge))
    out = lax.conv_general_dilated(x, w[name], (stride, stride), around, dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return out + w[f"{name}_bias"]


def _loss(w: Parameters, glyphs: Array, labels: Array, key: Array) -> Array:
    return optax.softmax_cross_entropy_with_integer_labels(scores(w, glyphs, key), labels).mean()


def _batches(data: Data, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """Give every cell once, each batch moved by up to two pixels."""
    order = rng.permutation(len(data.labels))
    for start in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[start : start + BATCH]
        glyphs = np.roll(data.glyphs[rows], rng.integers(-2, 3, 2), (1, 2)).astype(np.float32) / 255
        yield jnp.asarray(glyphs), jnp.asarray(data.labels[rows])


def fit(data: Data, epochs: int, seed: int, start: Parameters | None = None) -> Parameters:
    """Return the weights after ``epochs`` over the data, with AdamW and a cosine schedule, from ``start`` or chance."""
    steps = epochs * (len(data.labels) // BATCH)
    optimiser = optax.adamw(
        optax.warmup_cosine_decay_schedule(1e-4, 2e-3 if start is None else 1e-3, steps // 20, steps), weight_decay=1e-3
    )
    key = jax.random.key(seed)
    w = start or initial(key)
    state = optimiser.init(w)

    @jax.jit
    def step(
        w: Parameters, state: optax.OptState, glyphs: Array, labels: Array, key: Array
    ) -> tuple[Parameters, optax.OptState, Array]:
        loss, slope = jax.value_and_grad(_loss)(w, glyphs, labels, key)
        change, state = optimiser.update(slope, state, w)
        return optax.apply_updates(w, change), state, loss

    rng = np.random.default_rng(seed)
    for epoch in range(epochs):
        losses = []
        for glyphs, labels in _batches(data, rng):
            key, used = jax.random.split(key)
            w, state, loss = step(w, state, glyphs, labels, used)
            losses.append(loss)
        print(f"epoch {epoch + 1} of {epochs}: loss {float(np.mean(losses)):.4f}", flush=True)
    return w


def temperature(sums: digits_network.Array, labels: np.ndarray) -> float:
    """Return what the sums have to be divided by for the chances to be honest: least log loss on held-out cells."""
    tried = np.geomspace(0.5, 4, 60)
    losses = [float(optax.softmax_cross_entropy_with_integer_labels(sums / t, labels).mean()) for t in tried]
    return float(tried[int(np.argmin(losses))])


def _started(path: Path | None) -> Parameters | None:
    if path is None:
        return None
    with np.load(path) as held:
        return {name: jnp.asarray(held[name], jnp.float32) for name in held.files if name != "temperature"}


def main() -> None:
    """Make the cells, fit, calibrate on one half of the held-out cells, report on the other."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sources", type=Path, help="the folder that training/digits/fetch.sh filled")
    options.add_argument("--weights", type=Path, required=True)
    options.add_argument("--report", type=Path, required=True)
    options.add_argument("--start", type=Path, help="weights of an earlier run to go on from")
    options.add_argument(
        "--held", type=int, default=12_000, help="held-out cells, half to calibrate and half to report"
    )
    options.add_argument("--cells", type=int, default=90_000)
    options.add_argument("--epochs", type=int, default=10)
    options.add_argument("--seed", type=int, default=2020)
    options.add_argument("--processes", type=int, default=2)
    chosen = options.parse_args()
    began = time.time()
    learn = make(chosen.sources, chosen.cells, False, chosen.seed, chosen.processes)
    held = make(chosen.sources, chosen.held, True, chosen.seed + 1, chosen.processes)
    fitted = fit(learn, chosen.epochs, chosen.seed, _started(chosen.start))
    w = {name: np.asarray(value, np.float16) for name, value in fitted.items()}
    rounded = {name: value.astype(np.float32) for name, value in w.items()}
    sums = digits_network.scores(held.glyphs.astype(np.float32) / 255, rounded)
    half = len(sums) // 2
    w["temperature"] = np.asarray(temperature(sums[:half], held.labels[:half]), np.float16)
    np.savez_compressed(chosen.weights, **w)
    minutes = (time.time() - began) / 60
    told = report(sums[half:] / np.float32(w["temperature"]), held.labels[half:], vars(chosen) | {"minutes": minutes})
    chosen.report.write_text(told, encoding="utf-8")
    print(told)


if __name__ == "__main__":
    main()
