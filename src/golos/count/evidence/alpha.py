"""ALPHA: an audit that may stop after any photograph (Stark, 2023, Annals of Applied Statistics 17(1), section 2).

Values lie in [0, 1]; the null hypothesis is that their mean over the whole list is at most ``t``. Under it the
martingale exceeds 1 / alpha with a chance of at most alpha, however often somebody looks (Ville's inequality).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golos.count.evidence.result import Method
from golos.model.finding import Grade

Reals = NDArray[np.float64]
METHOD = Method(
    name="ALPHA martingale, sampling without replacement, truncated shrinkage",
    citations=(
        "Stark (2023): ALPHA: Audit that learns from previously hand-audited ballots, Ann. Appl. Stat. 17(1)",
        "Ville (1939): Etude critique de la notion de collectif",
    ),
    assumptions=("The photographs are checked in the order in which they were drawn, without replacement.",),
    confounds=("A kind of fake that no checker can tell from a genuine photograph.",),
    most=Grade.PROVEN,
)


@dataclass(frozen=True, slots=True)
class Alpha:
    """A list of ``population`` values, the null mean ``t``, and the guess ``eta`` that weighs as much as ``d`` draws.

    ``shrink`` False keeps eta as a fixed alternative for the mean of the whole list.
    """

    population: int
    t: float = 0.5
    eta: float = 0.75
    d: float = 100.0
    shrink: bool = True

    def martingale(self, values: Reals) -> Reals:
        """Return log T_j after each draw j of ``values`` [..., draws]: T = prod (x eta_j/m_j + (1-x)(1-eta_j)/(1-m_j)).

        m_j is the mean that is left for the rest if the null is true. It is below 0 where the null is refuted for
        certain (inf), and above 1 where it can't be refuted any more (the draw tells nothing: -inf).
        """
        drawn = np.arange(values.shape[-1], dtype=np.float64)
        before = np.cumsum(values, axis=-1) - values
        mean = (self.population * self.t - before) / (self.population - drawn)
        eta = self._eta(before, drawn, mean)
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = values * eta / mean + (1 - values) * (1 - eta) / (1 - mean)
            logs = np.log(np.where((mean > 0) & (mean < 1), factor, 1.0))
        total: Reals = np.cumsum(logs, axis=-1)
        after = before + values
        refuted = after > self.population * self.t * (1 + 1e-12)
        return np.where(refuted, np.inf, np.where(mean >= 1, -np.inf, total))

    def chance(self, values: Reals) -> float:
        """Return the anytime-valid chance of the null after these draws: 1 over the largest T so far, at most 1."""
        logs = self.martingale(np.asarray(values, dtype=np.float64))
        return float(np.exp(-max(float(logs.max(initial=0.0)), 0.0)))

    def stops(self, values: Reals, alpha: float) -> int | None:
        """Return after how many draws the null is rejected at risk ``alpha``, None if it is not."""
        over = self.martingale(np.asarray(values, dtype=np.float64)) >= -np.log(alpha)
        return int(over.argmax()) + 1 if over.any() else None

    def _eta(self, before: Reals, drawn: Reals, mean: Reals) -> Reals:
        """Return the alternative of each draw, from the draws before it; always above the null's mean.

        Shrunk: (d eta + S) / (d + j - 1), at least m_j + c / sqrt(d + j - 1) with c = (eta - t) / 2, below 1.
        """
        if not self.shrink:
            return np.clip((self.population * self.eta - before) / (self.population - drawn), mean, 1.0)
        weight = self.d + drawn
        shrunk = (self.d * self.eta + before) / weight
        least = mean + (self.eta - self.t) / 2 / np.sqrt(weight)
        return np.minimum(np.maximum(shrunk, least), 1 - np.finfo(np.float64).eps)
