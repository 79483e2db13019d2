"""What each rule assumes, in English sentences; they are the msgids of the translations."""

from golos.model.finding import Rule

PHOTOS = {
    "confirmed": "Two readers agreed on what each photograph shows.",
    "read": "A machine read the photographs; no person has confirmed them.",
    "photographed": "Nobody has read the photographs; they count as their senders declared them.",
    "declared": "The voters told the truth about how and where they voted.",
}
OF_THIS_STATION = "Each photograph shows a ballot that was cast at this station as photographed."
ONE_EACH = "No voter is counted twice: one credential, one ballot, one photograph."
RIGHT_COPY = "The station's protocol was read correctly."

RULES: dict[Rule, tuple[str, ...]] = {
    Rule.C1: (OF_THIS_STATION, ONE_EACH, RIGHT_COPY),
    Rule.C2: (OF_THIS_STATION, ONE_EACH, RIGHT_COPY),
    Rule.C3: (
        "The observers watched the door all the time and admit to at most the stated double counts.",
        "The line of the protocol counts the same way of voting as the observers did.",
        RIGHT_COPY,
    ),
    Rule.C4: (
        "Every protocol and photograph that is added up belongs to this area and to no other.",
        "The announcement was rounded to its stated unit and no further.",
        RIGHT_COPY,
    ),
    Rule.C5: ("Sums that do not agree are common in clean elections too: on their own they show carelessness.",),
    Rule.C6: ("All versions claim to be the final protocol of the same station.",),
    Rule.C7: ("The chance is that of counts whose digits below a tenth of a percent are evenly spread.",),
    Rule.C8: (ONE_EACH, RIGHT_COPY),
}


def assumptions(rule: Rule, tier: str = "") -> tuple[str, ...]:
    """Return what a finding of the rule rests on, beginning with what its tier says about the photographs."""
    return ((PHOTOS[tier],) if tier in PHOTOS else ()) + RULES[rule]
