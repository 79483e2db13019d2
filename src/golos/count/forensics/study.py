"""Study: every method of forensics on one election."""

from collections.abc import Callable

from golos.count.evidence.result import Result
from golos.count.forensics import commissions, digits, histograms, integers, repeats, totals, turnout
from golos.count.forensics.commissions import dispersion, kireev
from golos.count.forensics.digits import last_digits
from golos.count.forensics.histograms import turnout_spikes
from golos.count.forensics.integers import integer_anomaly
from golos.count.forensics.repeats import repeated_shares
from golos.count.forensics.returns import Returns
from golos.count.forensics.totals import rounded_totals
from golos.count.forensics.turnout import shpilkin

CITED = (
    integers.METHOD,
    histograms.SPIKES,
    turnout.METHOD,
    repeats.METHOD,
    commissions.KIREEV,
    commissions.DISPERSION,
    digits.METHOD,
    totals.METHOD,
)
"""What the methods are, who published them, what they assume."""
METHODS: dict[str, Callable[[Returns], Result]] = {
    "integer_anomaly": integer_anomaly,
    "turnout_spikes": turnout_spikes,
    "shpilkin": shpilkin,
    "repeated_shares": repeated_shares,
    "kireev": kireev,
    "dispersion": dispersion,
    "last_digits": last_digits,
    "rounded_totals": rounded_totals,
}


def studies(returns: Returns, control: Returns | None) -> tuple[dict[str, Result], dict[str, Result] | None]:
    """Return the study of an election, and that of its control, if there is one."""
    return study(returns), study(control) if control is not None else None


def study(returns: Returns) -> dict[str, Result]:
    """Return what each method finds, by its name; one that the table does not allow says *no data* and why."""
    return {name: method(returns) for name, method in METHODS.items()}
