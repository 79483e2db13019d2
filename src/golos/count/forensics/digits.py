"""The last digit of counts written by hand."""

import numpy as np
from scipy.special import gammaincc

from golos.count.evidence.result import Method, Result, kept, refused
from golos.count.forensics.returns import Returns
from golos.model.finding import Grade

METHOD = Method(
    name="Last digits of the leader's votes",
    citations=(
        "Beber, Scacco (2012): What the numbers say: a digit-based test for election fraud, Political Analysis 20(2)",
    ),
    assumptions=(
        "Where chance alone makes a count scatter by 30 votes or more, its last digit is uniform.",
        "The figures were written by hand: people who invent numbers avoid some digits, programs do not.",
    ),
    confounds=("Rounding by honest clerks.", "Typing errors, where the table was typed from pictures."),
    most=Grade.SUSPICIOUS,
)
LEAST_SD = 30


def last_digits(returns: Returns) -> Result:
    """Return the chi-squared test of the last digits, over stations whose count scatters by 30 votes at least."""
    if not returns.handwritten:
        reason = "the mapping does not say that the figures come from handwritten protocols"
        return refused(METHOD, reason, returns.stations, returns.digest)
    n, x = returns.counted, returns.leading
    known, _ = returns.usable("counted", "leader")
    variance = x * (1 - x / np.maximum(n, 1))
    mask, rows = kept(
        [
            ("a figure is missing", ~known),
            ("a part exceeds its whole", x > n),
            ("chance scatters the count by less than 30", variance < LEAST_SD**2),
        ],
        returns.stations,
    )
    if rows.used < 100:
        return refused(METHOD, "fewer than 100 stations are large enough", returns.stations, returns.digest)
    observed = np.bincount(x[mask] % 10, minlength=10)
    expected = rows.used / 10
    chi = float(((observed - expected) ** 2 / expected).sum())
    p = float(gammaincc(4.5, chi / 2))
    grade = Grade.SUSPICIOUS if p < 0.001 else Grade.CANT_TELL
    numbers = {"digits": [int(k) for k in observed], "expected": expected, "chi_squared": chi, "freedom": 9, "p": p}
    return Result(METHOD, grade, f"the chance of such digits is {p:.2g}", rows, returns.digest, numbers)
