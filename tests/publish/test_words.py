"""Every word that the count uses for a reason or an assumption is known to the site, and every rule can be told."""

import pytest

from golos.count import contradiction, versions, whole
from golos.model.finding import Finding, Grade, Rule
from golos.publish.language import CODES, load
from golos.publish.words import REASONS, Words

from .nation import pack


def test_every_reason_of_the_count_has_words():
    used = {
        value
        for module in (contradiction, versions, whole)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }
    assert len(used) >= 7
    assert used - {"first"} <= set(REASONS)


NUMBERS = {
    Rule.C1: {"options": {"anna": {"p": 9, "v": 5, "v_low": 4, "e": 4, "status": "differ"}}},
    Rule.C2: {"photos": 1883, "ballots": 1162, "voters": 1732},
    Rule.C3: {"protocol": 905, "observed": 700, "double_count": 5, "organisation": "Right to choose"},
    Rule.C4: {
        "announced": 1650,
        "unit": 100,
        "authority": False,
        "headline": "typed",
        "versions": {"typed": {"protocols": 1700, "stations": 3, "photos_elsewhere": 77, "gap": 127}},
    },
    Rule.C5: {"left": 905, "right": 904},
    Rule.C6: {"lines": {"anna": {"typed": 448, "again": 458}}},
    Rule.C7: {"total": 7623, "chance": "2.3e-09", "options": {"anna": [100, 13]}},
    Rule.C8: {"options": {"anna": {"p": 9, "v": 5, "v_low": 5, "e": 4, "status": "once"}}},
}
TOLD = {
    Rule.C1: "Anna &amp; co: the protocol gives 5, photographs show 9. At least 4 votes are missing. "
    "Another version of the protocol gives 4; the higher one was used.",
    Rule.C2: "Photographs show 1,883 ballots; by the protocol 1,162 were in the boxes. "
    "That is also more than the 1,732 voters on the list, so our own data are suspect here.",
    Rule.C3: "Turnout: the protocol gives 905. Observers of Right to choose, at the door throughout, counted 700. "
    "They say that they may have counted up to 5 voters twice.",
    Rule.C4: "Anna &amp; co: the protocols of 3 stations alone (typed) hold 1,700 votes, and photographs at the other "
    "stations of the area show 77 more. Announced for all stations of the area together, rounded: at most 1,650. "
    "At least 127 votes are missing.",
    Rule.C5: "Sum of all: 905 against 904. Slips like this are ordinary in clean elections too.",
    Rule.C6: "Anna &amp; co: typed 448; again 458",
    Rule.C7: "Every announced number is what a share rounded to 0.1 % of the total 7,623 gives; "
    "by chance this happens with a probability of 2.3e-09.",
    Rule.C8: "Anna &amp; co: the protocol gives 5, voters who declared their vote are 9.",
}
OPTION = {Rule.C3: "turnout", Rule.C4: "anna", Rule.C5: "sum"}


def _finding(rule: Rule, grade: Grade = Grade.STRONG) -> Finding:
    return Finding(
        rule, grade, "president", OPTION.get(rule, ""), "s1", "photos", "confirmed", 4, NUMBERS[rule], (), ()
    )


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_told(rule):
    assert " ".join(Words(pack(), load("en")).tell(_finding(rule)).said) == TOLD[rule]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_told_in_every_language(rule, code):
    told = Words(pack(), load(code)).tell(_finding(rule))
    assert told.said and told.breaking
    assert "%(" not in " ".join([*told.said, told.breaking, told.rule])


def test_a_suspicious_finding_claims_no_missing_votes():
    told = Words(pack(), load("en")).tell(_finding(Rule.C1, Grade.SUSPICIOUS))
    assert told.said == ("Anna &amp; co: the protocol gives 5, photographs show 9.",)
