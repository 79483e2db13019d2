"""The audit certificate: how many of the photographs can be fakes, and what stands against so many, by a sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb, exp, lgamma, log

import numpy as np

from golos.count.bounds import Excesses
from golos.count.evidence.result import Method, Result, Rows
from golos.model.finding import Grade
from golos.model.problem import Problem

METHOD = Method(
    name="Audit certificate: upper bound on fakes by inverting the hypergeometric distribution",
    citations=(
        "Cochran (1977): Sampling Techniques, 3rd edition, section 3.6",
        "Stark (2023): ALPHA: Audit that learns from previously hand-audited ballots, Ann. Appl. Stat. 17(1)",
    ),
    assumptions=(
        "The list was frozen before the seed was known, and the seed is beyond anybody's influence.",
        "A checker who looks at a drawn photograph sees whether it is a fake, of another station, not cast.",
        "The sample size was fixed beforehand; for looking after every photograph use ALPHA.",
    ),
    confounds=(
        "A kind of fake that no checker can tell from a genuine photograph.",
        "Photographs that can't be fetched.",
    ),
    most=Grade.PROVEN,
)


@dataclass(frozen=True, slots=True)
class Audit:
    """Of ``photos`` on the frozen list ``sample`` were drawn and checked again, and ``bad`` were found to be wrong."""

    photos: int
    sample: int
    bad: int

    def __post_init__(self) -> None:
        """Raise Problem ``audit.numbers`` for numbers that no audit can have."""
        if not 0 <= self.bad <= self.sample <= self.photos or self.sample == 0:
            problem = f"{self.bad} bad in a sample of {self.sample} of {self.photos} photographs can't be."
            raise Problem("audit.numbers", "--photos, --sample, --bad", problem, "bad <= sample <= photos, sample > 0.")


def chance_of_so_few(audit: Audit, fakes: int) -> float:
    """Return P(at most ``bad`` in the sample) if ``fakes`` of the photographs were wrong (hypergeometric)."""
    photos, sample = audit.photos, audit.sample
    least = max(sample - (photos - fakes), 0)
    if least > audit.bad:
        return 0.0
    term = _log_pmf(photos, fakes, sample, least)
    terms = [term]
    for i in range(least, min(audit.bad, fakes, sample)):
        term += log((fakes - i) * (sample - i)) - log((i + 1) * (photos - fakes - sample + i + 1))
        terms.append(term)
    top = max(terms)
    return min(exp(top) * sum(exp(t - top) for t in terms), 1.0)


def fakes_upper(audit: Audit, alpha: float) -> int:
    """Return F_U, the largest number of fakes that the audit does not rule out at confidence 1 - ``alpha``."""
    if not 0 < alpha < 1:
        raise Problem("audit.alpha", "--alpha", "has to lie between 0 and 1.", "0.05 means a confidence of 95 %.")
    low, high = audit.bad, audit.photos - (audit.sample - audit.bad)
    while low < high:
        middle = (low + high + 1) // 2
        if chance_of_so_few(audit, middle) > alpha:
            low = middle
        else:
            high = middle - 1
    return low


def sample_needed(photos: int, target: int, alpha: float, bad: int = 0) -> int:
    """Return the smallest sample whose certificate is at most ``target`` fakes if ``bad`` of it turn out wrong.

    Raises Problem ``audit.target`` where even checking all of them could not say so.
    """
    if not 0 <= bad <= target < photos:
        problem = f"can't be reached with {bad} bad of {photos} photographs."
        raise Problem("audit.target", "--target", problem, "bad <= target < photos.")
    low, high = max(bad, 1), photos
    while low < high:
        middle = (low + high) // 2
        if fakes_upper(Audit(photos, middle, bad), alpha) <= target:
            high = middle
        else:
            low = middle + 1
    return low


def certificate(audit: Audit, alpha: float, sets: Mapping[str, Excesses], source: str, seed: str) -> Result:
    """Return the certificate: F_U, and the votes and stations that stand whatever F_U fakes an adversary placed.

    ``sets`` are the contradictions by name (``all``, ``proven``); every one is held against the same F_U. Only what is
    left of the proven ones is proven.
    """
    fakes = fakes_upper(audit, alpha)
    left = {name: excesses.against(fakes) for name, excesses in sets.items()}
    numbers = {
        "photos": audit.photos,
        "sample": audit.sample,
        "bad": audit.bad,
        "alpha": alpha,
        "confidence": 1 - alpha,
        "fakes_upper": fakes,
        "stand": {name: {"stations": stations, "votes": votes} for name, (stations, votes) in left.items()},
    }
    grade, reason = _judged(fakes, left)
    return Result(METHOD, grade, reason, Rows(audit.sample), source, numbers, seed)


def _judged(fakes: int, left: Mapping[str, tuple[int, int]]) -> tuple[Grade, str]:
    standing = [name for name in ("proven", "all") if left.get(name, (0, 0))[0]]
    if not standing:
        nothing = "nothing stands against so many" if left else "no findings were given to hold against them"
        return Grade.CANT_TELL, f"at most {fakes:,} fakes; {nothing}"
    stations, votes = left[standing[0]]
    reason = f"{votes:,} votes at {stations:,} stations stand against {fakes:,} fakes placed as cleverly as can be"
    return Grade.PROVEN if standing[0] == "proven" else Grade.STRONG, reason


def station_chance(photos: int, votes: int, checked: int) -> float:
    """Return C(v, n) / C(p, n): the chance that ``checked`` photographs of a station are all genuine, drawn from its
    ``photos``, if the protocol's ``votes`` were true. 1 where nothing is contradicted.
    """
    if votes >= photos:
        return 1.0
    return comb(votes, checked) / comb(photos, checked) if checked <= votes else 0.0


def _log_pmf(photos: int, fakes: int, sample: int, least: int) -> float:
    """Return log P(exactly ``least`` in the sample), ``least`` being the fewest possible."""
    if least == 0:
        few, many = sorted((fakes, sample))
        left = np.arange(few, dtype=np.float64)
        return float(np.log1p(-many / (photos - left)).sum())
    return _log_comb(fakes, least) + _log_comb(photos - fakes, sample - least) - _log_comb(photos, sample)


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
