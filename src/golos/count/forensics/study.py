"""Study: every method of forensics on one election."""

from collections.abc import Callable

from golos.count.evidence.result import Result
from golos.count.forensics.commissions import dispersion, kireev
from golos.count.forensics.digits import last_digits
from golos.count.forensics.histograms import turnout_spikes
from golos.count.forensics.integers import integer_anomaly
from golos.count.forensics.repeats import repeated_shares
from golos.count.forensics.returns import Returns
from golos.count.forensics.totals import rounded_totals
from golos.count.forensics.turnout import shpilkin

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


def study(returns: Returns) -> dict[str, Result]:
    """Return what each method finds, by its name; one that the table does not allow says *no data* and why."""
    return {name: method(returns) for name, method in METHODS.items()}
