"""Shpilkin's curve: how the leader's votes part from everybody else's as the turnout rises."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from golos.count.evidence.result import Method, Result, Rows, kept, refused
from golos.count.figures import Mask, Numbers
from golos.count.forensics.binomial import Reals
from golos.count.forensics.returns import Returns
from golos.model.finding import Grade

METHOD = Method(
    name="Shpilkin's curve with a band over windows",
    citations=(
        "Shpilkin (2011): Mathematics of elections, Troitsky variant 40(94), in Russian",
        "Kobak, Shpilkin, Pshenichnikov (2012): Statistical anomalies in 2011-2012 Russian elections revealed by 2D correlation analysis, arXiv:1205.0741",  # noqa: E501
    ),
    assumptions=(
        "Without fraud the leader's share would not depend on the turnout of a station.",
        "At the turnouts of the window, around and below the mode of the others' votes, the count is honest.",
    ),
    confounds=(
        "Town and country differ in turnout and in taste: in Poland 2020, a clean election, the method finds "
        "0.97 to 1.29 million anomalous votes of one candidate (16 to 22 % of his votes) that are no fraud.",
        "Votes moved from one option to another are not separated from votes added.",
    ),
    most=Grade.SUSPICIOUS,
)
WINDOWS = {
    "mode -3..+3": (-3, 3),
    "mode -2..+2": (-2, 2),
    "mode -10..0": (-10, 0),
    "mode -20..0": (-20, 0),
}
CONTROL_SHARE = 0.22
"""The largest share of a candidate's votes that the method calls anomalous in the clean control."""
LEAST_SHARE = 0.1
"""The method is run for every option with so much of the valid votes: for the others it is a control."""
_SMOOTH = 5


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Votes by turnout in bins of one point, 0 to 100: of the leader, of all others; voters; and the others' mode.

    The mode is that of the sum over five bins: a few huge stations (electronic voting) are no mode.
    """

    leader: Reals
    others: Reals
    voters: Reals
    mode: int

    def anomalous(self, window: tuple[int, int]) -> tuple[float, float]:
        """Return the leader's votes per vote of the others in the window, and the leader's votes above the mode
        that this ratio does not explain.
        """
        inside = slice(max(self.mode + window[0], 0), self.mode + window[1] + 1)
        others = self.others[inside].sum()
        ratio = float(self.leader[inside].sum() / others) if others else 0.0
        above = slice(self.mode + 1, None)
        excess = np.maximum(self.leader[above] - ratio * self.others[above], 0).sum()
        return ratio, float(excess)


def selected(returns: Returns) -> tuple[Mask, Rows]:
    """Return the stations with voters, a turnout of at most 100 % and the votes needed."""
    known, _ = returns.usable("registered", "issued", "valid")
    exceeds: Mask = np.logical_or.reduce(returns.votes > returns.valid[:, None], axis=1)
    return kept(
        [
            ("a figure is missing", ~known | returns.incomplete),
            ("no voters", returns.registered <= 0),
            ("turnout over 100 %", returns.issued > returns.registered),
            ("an option has more than all valid votes", exceeds),
        ],
        returns.stations,
    )


def curve(returns: Returns, mask: Mask, option: int) -> Curve:
    """Return the curve of an option over the stations in ``mask``."""
    bins = turnout_bins(returns, mask)
    votes = returns.votes[mask, option]
    leader, others, voters = (
        np.bincount(bins, weights.astype(np.float64), 101).astype(np.float64)
        for weights in (votes, returns.valid[mask] - votes, returns.registered[mask])
    )
    smooth = np.convolve(others, np.ones(_SMOOTH), "same")
    return Curve(leader, others, voters, int(smooth.argmax()))


def turnout_bins(returns: Returns, mask: Mask) -> Numbers:
    """Return the whole percent of turnout, rounded down, of the stations in ``mask``."""
    bins: Numbers = 100 * returns.issued[mask] // returns.registered[mask]
    return bins


def shpilkin(returns: Returns) -> Result:
    """Return the band for the leader, and the same for every option of some size."""
    mask, rows = selected(returns)
    if not rows.used or returns.valid[mask].sum() == 0:
        return refused(METHOD, "no station has what the curve needs", returns.stations, returns.digest)
    told = {returns.options[option]: _told(returns, mask, option) for option in _sizable(returns, mask)}
    mine = told[returns.options[returns.leader]]
    low = mine["share_of_votes"][0]
    grade = Grade.SUSPICIOUS if low > CONTROL_SHARE else Grade.CANT_TELL
    reason = f"the low end of the band is {100 * low:.1f} % of the leader's votes; the clean control reaches 22 %"
    return Result(METHOD, grade, reason, rows, returns.digest, {**mine, "options": told})


def _sizable(returns: Returns, mask: Mask) -> Iterator[int]:
    votes, valid = returns.votes[mask].sum(axis=0), returns.valid[mask].sum()
    for option in range(len(returns.options)):
        if option == returns.leader or votes[option] >= LEAST_SHARE * valid:
            yield option


def _told(returns: Returns, mask: Mask, option: int) -> dict[str, Any]:
    """Return one option's band: votes, and the share and turnout that would be left without them."""
    found = curve(returns, mask, option)
    windows = {name: found.anomalous(window) for name, window in WINDOWS.items()}
    excess = sorted(votes for _, votes in windows.values())
    low, high = excess[0], excess[-1]
    mine, valid = float(found.leader.sum()), float((found.leader + found.others).sum())
    issued, voters = float(returns.issued[mask].sum()), float(found.voters.sum())
    return {
        "option": returns.options[option],
        "mode": found.mode,
        "anomalous": [low, high],
        "share_of_votes": [_over(low, mine), _over(high, mine)],
        "share_without": [_over(mine - high, valid - high), _over(mine - low, valid - low)],
        "turnout_without": [_over(issued - high, voters), _over(issued - low, voters)],
        "windows": {name: {"ratio": ratio, "anomalous": votes} for name, (ratio, votes) in windows.items()},
    }


def _over(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
