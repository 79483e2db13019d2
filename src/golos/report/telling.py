"""Telling: what a result of forensics says, in one sentence of the reader's language, from its numbers alone."""

from collections.abc import Callable, Mapping
from typing import Any

from golos.count.evidence.result import Result
from golos.model.finding import Grade
from golos.report.voice import Phrases

Numbers = Mapping[str, Any]


def sentence(name: str, result: Result, voice: Phrases) -> str:
    """Return the sentence of a method (`golos.count.forensics.study.METHODS`)."""
    if result.grade is Grade.NO_DATA:
        return voice.text("The table lacks what this method needs.")
    return _TELLERS[name](result.numbers, voice)


def control_sentence(name: str, result: Result, voice: Phrases) -> str:
    """Return the sentence of the clean control: of an option's curve that of the option where it is most wrong."""
    options = result.numbers.get("options") if name == "shpilkin" else None
    if not options:
        return sentence(name, result, voice)
    return _shpilkin(max(options.values(), key=lambda told: float(told["share_of_votes"][1])), voice)


def chance(log10: float) -> str:
    """Return a chance as a power of ten, or as it is where it is not small."""
    return f"10^{log10:.0f}".replace("-", "−") if log10 < -3 else f"{10**log10:.3f}"


def _integers(numbers: Numbers, voice: Phrases) -> str:
    union = numbers["union"]
    return voice.text(
        "Whole percentages of turnout or of the leader's share stand at %(observed)s stations, where chance makes "
        "%(expected)s, give or take %(sd)s. The chance of so many or more: %(chance)s.",
        observed=voice.number(union["observed"]),
        expected=voice.number(round(union["expected"])),
        sd=voice.number(round(union["sd"])),
        chance=chance(union["log10_p"] or 0.0),
    )


def _spikes(numbers: Numbers, voice: Phrases) -> str:
    return voice.text(
        "Turnouts of a whole percent, to a tenth of a point, are %(excess)s more than chance makes: %(z)s standard "
        "deviations.",
        excess=voice.number(round(numbers["whole_percent_excess"])),
        z=voice.language.decimal(numbers["whole_percent_z"], 1),
    )


def _shpilkin(numbers: Numbers, voice: Phrases) -> str:
    low, high = numbers["anomalous"]
    return voice.text(
        "Depending on the window the method calls %(low)s to %(high)s votes of %(who)s anomalous, %(low_share)s to "
        "%(high_share)s of them. In the clean control it reaches 22 %% where nothing was wrong.",
        who=numbers["option"],
        low=voice.number(round(low)),
        high=voice.number(round(high)),
        low_share=voice.share(numbers["share_of_votes"][0]),
        high_share=voice.share(numbers["share_of_votes"][1]),
    )


def _repeats(numbers: Numbers, voice: Phrases) -> str:
    return voice.plural(
        "%(n)s repeated share stands after correction for %(tests)s comparisons.",
        "%(n)s repeated shares stand after correction for %(tests)s comparisons.",
        numbers["hits"],
        tests=voice.number(numbers["tests"]),
    )


def _kireev(numbers: Numbers, voice: Phrases) -> str:
    return voice.plural(
        "%(n)s option in one commission meets the rule; chance alone does not explain so few zeros in %(standing)s of "
        "them.",
        "%(n)s options in one commission each meet the rule; chance alone does not explain so few zeros in "
        "%(standing)s of them.",
        numbers["hits"],
        standing=voice.number(numbers["standing"]),
    )


def _dispersion(numbers: Numbers, voice: Phrases) -> str:
    return voice.plural(
        "%(n)s of %(tests)s comparisons shows stations more alike than chance makes them, after correction.",
        "%(n)s of %(tests)s comparisons show stations more alike than chance makes them, after correction.",
        numbers["hits"],
        tests=voice.number(numbers["tests"]),
    )


def _digits(numbers: Numbers, voice: Phrases) -> str:
    return voice.text(
        "The chance that honest last digits differ so much or more: %(chance)s.", chance=f"{numbers['p']:.2g}"
    )


def _totals(numbers: Numbers, voice: Phrases) -> str:
    return voice.plural(
        "%(n)s of %(tests)s totals is made of rounded shares.",
        "%(n)s of %(tests)s totals are made of rounded shares.",
        len(numbers["areas"]),
        tests=voice.number(numbers["tests"]),
    )


_TELLERS: Mapping[str, Callable[[Numbers, Phrases], str]] = {
    "integer_anomaly": _integers,
    "turnout_spikes": _spikes,
    "shpilkin": _shpilkin,
    "repeated_shares": _repeats,
    "kireev": _kireev,
    "dispersion": _dispersion,
    "last_digits": _digits,
    "rounded_totals": _totals,
}
