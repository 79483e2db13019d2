"""The sums decide: what they exclude is no doubt, what they can't see is, and nothing is repaired."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from golos.photo.check import parse_check
from golos.photo.digits import CORRECTED, EMPTY, NAMES, STRUCK, Cell
from golos.photo.protocol import judge
from golos.photo.protocol_odds import value_of

IDS = ("a", "b", "c")
SUM = (parse_check("a + b == c", IDS),)


def cell(best, chance=0.99999, second=None, rest=0.0):
    """A cell that is ``best`` with this chance, and ``second`` with what is left."""
    chances = np.full(len(NAMES), rest, np.float32)
    chances[best] = chance
    if second is not None:
        chances[second] = 1 - chance
    return Cell(chances)


def digits(text, **doubts):
    """Sure cells for the text ("X" struck, "_" empty), but for those named like d1=(chance, second)."""
    classes = [STRUCK if c == "X" else EMPTY if c == "_" else CORRECTED if c == "?" else int(c) for c in text]
    return [
        cell(each, *doubts[f"d{place}"]) if f"d{place}" in doubts else cell(each) for place, each in enumerate(classes)
    ]


def sheet(a="X11", b="X92", c="103"):
    """The cells of three numbers, each a text or cells already."""
    return {name: digits(it) if isinstance(it, str) else it for name, it in (("a", a), ("b", b), ("c", c))}


def test_leading_strikes_and_blanks_are_no_digits():
    assert [value_of([STRUCK, 1, 1]), value_of([EMPTY, STRUCK, 8]), value_of([0, 0, 0])] == [11, 8, 0]
    assert [value_of([1, EMPTY, 1]), value_of([EMPTY] * 3), value_of([CORRECTED, 1, 1]), value_of([1, 2, STRUCK])] == [
        None
    ] * 4


def test_a_sheet_whose_digits_are_sure_is_read():
    answer = judge(sheet(), SUM)
    assert (answer.status, dict(answer.numbers), answer.reasons) == ("read", {"a": 11, "b": 92, "c": 103}, ())
    assert answer.confidence > 0.99


def test_a_sum_that_holds_carries_a_doubtful_digit():
    doubtful = sheet(b=digits("X92", d1=(0.8, 4)))
    assert judge(doubtful, SUM).status == "read"
    alone = judge(doubtful, ())
    assert (alone.status, alone.reasons) == ("review", ("doubt",))
    assert [name for name, held in alone.evidence.items() if held["doubt"] > 0] == ["b/1"]


def test_one_hand_makes_the_same_mistake_twice_and_the_sum_does_not_see_it():
    twice = {"a": digits("X11", d2=(0.85, 7)), "c": digits("103", d2=(0.9, 9))}
    assert judge(sheet(**twice), SUM).status == "review"  # 11 + 92 = 103 and 17 + 92 = 109
    apart = {"a": digits("X11", d2=(0.9, 7)), "c": digits("103", d2=(0.95, 8))}
    assert judge(sheet(**apart), SUM).status == "read"  # 17 + 92 is not 108


def test_the_same_confusion_is_hardly_rarer_in_a_second_cell():
    same = {"a": digits("X11", d2=(0.88, 7)), "c": digits("101", d2=(0.88, 7)), "b": digits("X90")}
    assert judge(sheet(**same), SUM).status == "review"


def test_a_broken_sum_goes_to_people_with_the_digit_that_would_mend_it():
    answer = judge(sheet(b=digits("X72", d1=(0.97, 9))), SUM)
    assert (answer.status, answer.numbers["b"]) == ("review", 72)
    assert set(answer.reasons) == {"sum broken", "doubt"}
    assert max(answer.evidence, key=lambda name: answer.evidence[name]["doubt"]) == "b/1"


def test_a_cell_that_the_pen_left_open_is_read_as_the_sum_says():
    answer = judge(sheet(b=digits("X72", d1=(0.6, 9))), SUM)
    assert (answer.status, answer.numbers["b"], answer.reasons) == ("read", 92, ())
    assert (answer.evidence["b/1"]["digit"], answer.evidence["b/1"]["second"]) == ("9", "7")
    missing = judge(sheet(b=digits("X?2", d1=(0.6, 9))), SUM)
    assert (missing.status, missing.numbers["b"]) == ("read", 92)


def test_where_either_of_two_open_cells_would_mend_the_sum_people_decide():
    either = {"a": digits("X11", d1=(0.6, 3)), "b": digits("X72", d1=(0.6, 9))}
    answer = judge(sheet(**either), SUM)  # 31 + 72 = 103 and 11 + 92 = 103
    assert answer.status == "review"
    assert {name for name, held in answer.evidence.items() if held["doubt"] > 0.1} == {"a/1", "b/1"}


def test_a_sum_broken_by_one_is_likelier_than_by_ten():
    """Clerks err by 1 more often than by 10: the doubt that a sum leaves differs as much."""
    units, tens = (judge(sheet(b=digits("X92", **each)), SUM) for each in ({"d2": (0.9, 1)}, {"d1": (0.9, 8)}))
    assert units.confidence < tens.confidence
    assert (units.status, tens.status) == ("read", "read")


def test_a_broken_sum_in_sure_digits_is_read_as_it_stands():
    surest = {
        name: [cell(c.best, 1.0) for c in digits(text)] for name, text in (("a", "450"), ("b", "111"), ("c", "600"))
    }
    answer = judge(surest, SUM)
    assert (answer.status, answer.reasons, answer.numbers["c"]) == ("read", ("sum broken",), 600)


def test_a_corrected_digit_goes_to_people_whatever_the_sums():
    answer = judge(sheet(b="X?2"), SUM)
    assert (answer.status, answer.numbers["b"]) == ("review", None)


def test_an_unequal_check_excludes_only_what_would_break_it():
    assert judge(sheet(b=digits("X92", d0=(0.9, 1))), (parse_check("b <= c", IDS),)).status == "read"  # 192 > 103
    assert judge(sheet(b=digits("X92", d1=(0.8, 4))), (parse_check("b <= c", IDS),)).status == "review"


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 2), st.integers(0, 9))
def test_one_wrong_digit_in_a_sheet_with_a_sum_is_never_accepted(a, b, place, wrong):
    """Whatever the digit says it is surest of: the network errs with 98 of a hundred, the sum tells."""
    texts = {"a": f"{a:04d}", "b": f"{b:04d}", "c": f"{a + b:04d}"}
    right = int(texts["a"][place + 1])
    if wrong == right:
        return
    held = {name: digits(text) for name, text in texts.items()}
    held["a"][place + 1] = cell(wrong, 0.98, right)
    assert judge(held, SUM).status == "review"


def test_a_sheets_own_code_settles_what_the_pen_left_open():
    doubtful = sheet(b=digits("X92", d1=(0.8, 4)))
    assert judge(doubtful, (), {"a": 11, "b": 92, "c": 103}).status == "read"
    blank = judge(sheet(b="___"), SUM, {"a": 11, "b": 92, "c": 103})
    assert (blank.status, blank.numbers["b"]) == ("read", 92)


def test_a_code_that_says_otherwise_goes_to_people():
    answer = judge(sheet(), SUM, {"b": 29})
    assert (answer.status, "code differs" in answer.reasons, answer.numbers["b"]) == ("review", True, 29)
    assert "code differs" in judge(sheet(b="X?2"), SUM, {"b": 92}).reasons
