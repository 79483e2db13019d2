"""Self-selection: what those who report say about those who do not, with nothing assumed or with one number assumed."""

from dataclasses import dataclass

from golos.count.evidence.result import Method
from golos.model.finding import Grade

METHOD = Method(
    name="Bounds without a model of who reports: Manski, Horowitz-Manski, break-even selection",
    citations=(
        "Manski (1989): Anatomy of the selection problem, Journal of Human Resources 24(3)",
        "Horowitz, Manski (1995): Identification and robustness with contaminated, corrupted data, Econometrica 63(2)",
        "Rosenbaum (2002): Observational Studies, 2nd edition, chapter 4",
        "Howard, Ramdas, McAuliffe, Sekhon (2021): Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of Statistics 49(2)",  # noqa: E501
    ),
    assumptions=("Each report comes from another voter; a share of at most lambda of them is arbitrary.",),
    confounds=(
        "Gamma can't be observed: the break-even value says how large it would have to be, not how large it is.",
    ),
    most=Grade.SUSPICIOUS,
)
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reports:
    """Of ``voters`` who voted, ``reports`` reported, ``support`` of these for the option."""

    support: int
    reports: int
    voters: int

    def manski(self) -> Bounds:
        """Return the bounds of the option's share of all votes, whatever the silent ones did."""
        if self.voters <= 0:
            return 0.0, 1.0
        silent = max(self.voters - self.reports, 0)
        return min(self.support / self.voters, 1.0), min((self.support + silent) / self.voters, 1.0)

    def contaminated(self, rate: float) -> Bounds:
        """Return Manski's bounds if up to a share ``rate`` of the reports may say anything at all (corrupted data)."""
        fakes = rate * self.reports
        if self.voters <= 0:
            return 0.0, 1.0
        low = max(self.support - fakes, 0.0)
        high = min(self.support + fakes, float(self.reports)) + max(self.voters - self.reports, 0)
        return min(low / self.voters, 1.0), min(high / self.voters, 1.0)


def corrupted(share: float, rate: float) -> Bounds:
    """Return the bounds of the true share if up to ``rate`` of the sample is arbitrary, whichever it is."""
    return max(share - rate, 0.0), min(share + rate, 1.0)


def contaminated(share: float, rate: float) -> Bounds:
    """Return the bounds of the share among the genuine if ``rate`` of the sample is arbitrary and all else is not."""
    if rate >= 1:
        return 0.0, 1.0
    return max((share - rate) / (1 - rate), 0.0), min(share / (1 - rate), 1.0)


def break_even(reported: float, announced: float) -> float:
    """Return Gamma*: how many times as likely, in odds, a supporter must report as another voter for both shares to be
    true at once: odds(reported) / odds(announced).
    """
    return odds(reported) / odds(announced) if odds(announced) else float("inf")


def odds(share: float) -> float:
    """Return share / (1 - share)."""
    return share / (1 - share) if share < 1 else float("inf")


def explained(announced: float, gamma: float) -> float:
    """Return the share among the reports if the announcement were true and supporters reported gamma times as often."""
    return gamma * announced / (gamma * announced + 1 - announced)
