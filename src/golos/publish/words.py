"""Words: what a finding says, in a reader's language. The numbers' keys are those of docs/counting.md section 5."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from golos.model.ballot import INVALID
from golos.model.finding import Finding, Grade, Rule
from golos.model.pack import Pack
from golos.publish.language import Language
from golos.publish.language import marked as _n


def _p(one: str, many: str) -> tuple[str, str]:
    """Mark a message with plural forms that is translated where it is shown."""
    return one, many


GRADES: Mapping[Grade, str] = {
    Grade.PROVEN: _n("proven"),
    Grade.STRONG: _n("strong"),
    Grade.SUSPICIOUS: _n("suspicious"),
    Grade.CONSISTENT: _n("consistent"),
    Grade.CANT_TELL: _n("can't tell"),
    Grade.NO_DATA: _n("no data"),
}
RULES: Mapping[Rule, str] = {
    Rule.C1: _n("More photographed ballots than the protocol admits"),
    Rule.C2: _n("More photographed ballots than ballots in the boxes"),
    Rule.C3: _n("More voters in the protocol than observers saw"),
    Rule.C4: _n("A part is more than the announced whole"),
    Rule.C5: _n("The protocol's own lines do not add up"),
    Rule.C6: _n("Versions of the protocol differ"),
    Rule.C7: _n("Announced totals made from rounded shares"),
    Rule.C8: _n("More declared votes than the protocol admits"),
}
METHODS: Mapping[Rule, str] = {
    Rule.C1: _n(
        "For each option: photographs of ballots minus the votes of the protocol. Whatever is above zero is missing. "
        "The sum over the options is the breaking number. At most: proven."
    ),
    Rule.C2: _n(
        "All photographs together are more than the ballots that the protocol counts. If they are also more than the "
        "registered voters, we suspect our own data. At most: proven."
    ),
    Rule.C3: _n(
        "Accredited observers watched the door throughout and counted fewer voters than the protocol has ballots, "
        "even with every double count that they admit. At most: proven."
    ),
    Rule.C4: _n(
        "The known protocols of an area, and the photographs at its other stations, together hold more votes than "
        "was announced for the whole area; a rounded announcement counts at its upper edge. At most: proven."
    ),
    Rule.C5: _n(
        "Lines of one protocol that must agree do not. Ordinary in clean elections: it never grades a station by "
        "itself. At most: suspicious."
    ),
    Rule.C6: _n(
        "Two versions of one protocol differ. If both are the authority's own, or both were read twice: proven. "
        "Otherwise these may be typing errors: suspicious."
    ),
    Rule.C7: _n(
        "All announced numbers are shares rounded to a tenth of a per cent, turned back into votes: numbers made from "
        "percentages. The chance of that must be below one in a million. At most: strong."
    ),
    Rule.C8: _n("As C1, with what voters declared instead of photographs. At most: strong."),
}
TIERS: Mapping[str, str] = {
    "declared": _n("declared"),
    "photographed": _n("photographed"),
    "read": _n("read by machine"),
    "confirmed": _n("confirmed by people"),
    "bound": _n("confirmed and bound"),
}
REASONS: Mapping[str, str] = {
    "more photos than voters": _n("More photographs than registered voters: our own data are suspect here."),
    "only under the lower version": _n("The contradiction exists only under the lower version of the protocol."),
    "photographs not read": _n("Nobody has read these photographs yet."),
    "one typing": _n("The protocol was typed only once; a second reading would make this proven or dissolve it."),
    "typings differ": _n("The typings of the protocol differ; the highest figure was used."),
    "machine reading": _n("Only a machine has read these photographs."),
    "declarations": _n("Declarations without photographs."),
    "typing differences": _n("The versions may differ by typing errors alone."),
    "announcement from another source": _n(
        "The announcement comes from a secondary source, not from the authority itself."
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a page shows it."""

    finding: Finding
    rule: str
    tier: str
    source: Markup
    said: tuple[Markup, ...]
    breaking: str
    reason: str
    assumptions: tuple[str, ...]


class Words:
    """The words of one language about the things of one pack."""

    def __init__(self, pack: Pack, language: Language) -> None:
        self._pack = pack
        self.language = language
        organisations = pack.keys.organisations if pack.keys else ()
        self._organisations = {o.key.hex()[:8]: o.name for o in organisations}
        self._options = {(c.id, o.id): language.label(o.names, o.id) for c in pack.contests for o in c.options}
        self._lines = {line.id: language.label(line.names, line.id) for line in pack.lines}
        self._checks = {check.id: language.label(check.names, check.id) for check in pack.checks}

    def option(self, contest: str, option: str) -> Markup:
        """Return the name of an option or protocol line of a contest."""
        if option == INVALID and (contest, option) not in self._options:
            return self._lines.get(option) or escape(self.language.text("invalid ballots"))
        return self._options.get((contest, option)) or self._lines.get(option) or escape(option)

    def source(self, source: str) -> Markup:
        """Return the name of a source."""
        if source == "ballots":
            return escape(self.language.text("Golos ballots"))
        if source == "reissued":
            return escape(self.language.text("Golos ballots, re-issued keys"))
        if source.startswith("observers:"):
            key = source.removeprefix("observers:")
            return escape(self.language.text("observers of %(name)s", name=self._organisations.get(key, key)))
        if source == "first":
            return escape(self.language.text("first source available"))
        return escape(source)

    def tier(self, tier: str) -> str:
        """Return the words for a tier, "" for none."""
        return self.language.text(TIERS[tier]) if tier in TIERS else ""

    def grade(self, grade: Grade) -> str:
        """Return the words for a grade."""
        return self.language.text(GRADES[grade])

    def tell(self, finding: Finding) -> Told:
        """Return the finding in words."""
        text = self.language.text
        reason = REASONS.get(finding.reason)
        return Told(
            finding,
            text(RULES[finding.rule]),
            self.tier(finding.tier),
            self.source(finding.source) if finding.source else Markup(""),
            tuple(_TELLERS[finding.rule](self, finding)),
            self._breaking(finding),
            text(reason) if reason else finding.reason,
            tuple(text(sentence) for sentence in finding.assumptions),
        )

    def _breaking(self, finding: Finding) -> str:
        one, many = _BREAKING[finding.rule]
        return self.language.plural(one, many, finding.breaking)

    def _c1(self, finding: Finding) -> Iterator[Markup]:
        for option, row in _rows(finding.numbers, "options"):
            name, p = self.option(finding.contest, option), self.language.number(row["p"])
            v, low = self.language.number(row["v"]), self.language.number(row["v_low"])
            if not row["e"]:
                yield self._say(
                    _n("%(option)s: photographs show %(p)s; one version of the protocol gives %(low)s, another %(v)s."),
                    option=name,
                    p=p,
                    low=low,
                    v=v,
                )
                continue
            if finding.grade is Grade.SUSPICIOUS:
                shown = _n("%(option)s: the protocol gives %(v)s, photographs show %(p)s.")
                yield self._say(shown, option=name, p=p, v=v)
                continue
            yield self._count(
                "%(option)s: the protocol gives %(v)s, photographs show %(p)s. At least %(n)s vote is missing.",
                "%(option)s: the protocol gives %(v)s, photographs show %(p)s. At least %(n)s votes are missing.",
                row["e"],
                option=name,
                p=p,
                v=v,
            )
            if row["v_low"] != row["v"]:
                yield self._say(_n("Another version of the protocol gives %(low)s; the higher one was used."), low=low)

    def _c2(self, finding: Finding) -> Iterator[Markup]:
        photos, ballots, voters = (finding.numbers.get(key) for key in ("photos", "ballots", "voters"))
        number = self.language.number
        yield self._say(
            _n("Photographs show %(p)s ballots; by the protocol %(b)s were in the boxes."),
            p=number(_whole(photos)),
            b=number(_whole(ballots)),
        )
        if voters is not None and _whole(photos) > _whole(voters):
            yield self._say(
                _n("That is also more than the %(n)s voters on the list, so our own data are suspect here."),
                n=number(_whole(voters)),
            )

    def _c3(self, finding: Finding) -> Iterator[Markup]:
        numbers, number = finding.numbers, self.language.number
        yield self._say(
            _n("%(line)s: the protocol gives %(v)s. Observers of %(name)s, at the door throughout, counted %(o)s."),
            line=self.option(finding.contest, finding.option),
            v=number(_whole(numbers["protocol"])),
            name=numbers["organisation"],
            o=number(_whole(numbers["observed"])),
        )
        if _whole(numbers["double_count"]):
            yield self._say(
                _n("They say that they may have counted up to %(n)s voters twice."),
                n=number(_whole(numbers["double_count"])),
            )

    def _c4(self, finding: Finding) -> Iterator[Markup]:
        numbers, number = finding.numbers, self.language.number
        version: Mapping[str, Any] = dict(_rows(numbers, "versions"))[str(numbers["headline"])]
        announced = _whole(numbers["announced"])
        values = {
            "option": self.option(finding.contest, finding.option),
            "source": self.source(str(numbers["headline"])),
            "protocols": number(version["protocols"]),
            "stations": number(version["stations"]),
            "photos": number(version["photos_elsewhere"]),
            "announced": number(announced),
        }
        yield self._say(
            _n(
                "%(option)s: the protocols of %(stations)s stations alone (%(source)s) hold %(protocols)s votes, and "
                "photographs at the other stations of the area show %(photos)s more."
            )
            if version["protocols"] > announced
            else _n(
                "%(option)s: the protocols of %(stations)s stations (%(source)s) hold %(protocols)s votes, and "
                "photographs at the other stations of the area show %(photos)s more."
            ),
            **values,
        )
        yield self._say(
            _n("Announced for all stations of the area together: %(announced)s.")
            if _whole(numbers["unit"]) == 1
            else _n("Announced for all stations of the area together, rounded: at most %(announced)s."),
            **values,
        )
        yield self._count("At least %(n)s vote is missing.", "At least %(n)s votes are missing.", version["gap"])

    def _c5(self, finding: Finding) -> Iterator[Markup]:
        number = self.language.number
        yield self._say(
            _n("%(check)s: %(left)s against %(right)s. Slips like this are ordinary in clean elections too."),
            check=self._checks.get(finding.option, escape(finding.option)),
            left=number(_whole(finding.numbers["left"])),
            right=number(_whole(finding.numbers["right"])),
        )

    def _c6(self, finding: Finding) -> Iterator[Markup]:
        for line, values in _rows(finding.numbers, "lines"):
            listed = Markup("; ").join(
                Markup("{} {}").format(self.source(source), self.language.number(value))
                for source, value in values.items()
            )
            yield Markup("{}: {}").format(self.option(finding.contest, line), listed)

    def _c7(self, finding: Finding) -> Iterator[Markup]:
        yield self._say(
            _n(
                "Every announced number is what a share rounded to 0.1 %% of the total %(total)s gives; "
                "by chance this happens with a probability of %(chance)s."
            ),
            total=self.language.number(_whole(finding.numbers["total"])),
            chance=finding.numbers["chance"],
        )

    def _c8(self, finding: Finding) -> Iterator[Markup]:
        for option, row in _rows(finding.numbers, "options"):
            yield self._say(
                _n("%(option)s: the protocol gives %(v)s, voters who declared their vote are %(p)s."),
                option=self.option(finding.contest, option),
                p=self.language.number(row["p"]),
                v=self.language.number(row["v"] if row["e"] else row["v_low"]),
            )

    def _say(self, message: str, **values: object) -> Markup:
        return Markup(self.language.translations.gettext(message)) % values  # noqa: S704 (catalogue text is ours)

    def _count(self, one: str, many: str, number: int, **values: object) -> Markup:
        form = self.language.translations.ngettext(one, many, number)
        return Markup(form) % {"n": self.language.number(number), **values}  # noqa: S704 (catalogue text is ours)


_TELLERS = {
    Rule.C1: Words._c1,
    Rule.C2: Words._c2,
    Rule.C3: Words._c3,
    Rule.C4: Words._c4,
    Rule.C5: Words._c5,
    Rule.C6: Words._c6,
    Rule.C7: Words._c7,
    Rule.C8: Words._c8,
}
_PHOTOGRAPHS = _p(
    "This falls only if %(n)s of these photographs is fake, from another station "
    "or not cast as shown, or if the protocol was misread.",
    "This falls only if %(n)s of these photographs are fake, from another station "
    "or not cast as shown, or if the protocol was misread.",
)
_BREAKING: Mapping[Rule, tuple[str, str]] = {
    Rule.C1: _PHOTOGRAPHS,
    Rule.C2: _PHOTOGRAPHS,
    Rule.C3: _p(
        "This falls only if the observers missed %(n)s voter more than they admit.",
        "This falls only if the observers missed %(n)s voters more than they admit.",
    ),
    Rule.C4: _p(
        "This falls only if %(n)s of the votes in these protocols and photographs is wrong.",
        "This falls only if %(n)s of the votes in these protocols and photographs are wrong.",
    ),
    Rule.C5: _p("The difference is %(n)s.", "The difference is %(n)s."),
    Rule.C6: _p(
        "This falls if %(n)s of the readings is wrong.",
        "This falls if %(n)s of the readings are wrong.",
    ),
    Rule.C7: _p(
        "This falls if %(n)s of the numbers was rounded by whoever passed it on.",
        "This falls if %(n)s of the numbers were rounded by whoever passed them on.",
    ),
    Rule.C8: _p(
        "This falls only if %(n)s of these declarations is false, or if the protocol was misread.",
        "This falls only if %(n)s of these declarations are false, or if the protocol was misread.",
    ),
}


def _rows(numbers: Mapping[str, object], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = numbers[key]
    if isinstance(rows, Mapping):
        yield from rows.items()


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
