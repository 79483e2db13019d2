"""A protocol's own QR: what it says is read whole or not at all."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from golos.photo import barcode
from golos.photo.barcode import Printed

HELD = Printed("0123456789abcdef", "07-12", {"alice": 124, "invalid": 0})
TEXT = "GOLOS1;form=0123456789abcdef;station=07-12;alice=124;invalid=0"


def picture(*texts):
    """A white page with the codes side by side."""
    page = np.full((400, 420 * len(texts)), 255, np.uint8)
    for place, text in enumerate(texts):
        code = np.array(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4))
        page[20 : 20 + code.shape[0], 420 * place + 20 : 420 * place + 20 + code.shape[1]] = code
    return page


def test_the_code_of_a_page_is_read():
    assert barcode.text_of(HELD) == TEXT
    assert barcode.printed(picture(TEXT)) == HELD


def test_two_codes_that_differ_are_none():
    assert barcode.printed(picture(TEXT, TEXT)) == HELD
    assert barcode.printed(picture(TEXT, TEXT.replace("124", "421"))) is None
    assert barcode.printed(picture("https://example.org", TEXT)) == HELD
    assert barcode.printed(np.full((200, 200), 255, np.uint8)) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "GOLOS1", "GOLOS1;alice=1", "GOLOS2;form=0123456789abcdef", "GOLOS1;form=short;alice=1",
        "GOLOS1;form=0123456789abcdef;alice=-1", "GOLOS1;form=0123456789abcdef;alice=1;alice=2",
        "GOLOS1;form=0123456789abcdef;alice=99999999999", "GOLOS1;form=0123456789abcdef;alice=1;",
        "GOLOS1;form=0123456789abcdef;alice=٣", "GOLOS1;form=0123456789abcdef;station=1;station=2",
    ],
)  # fmt: skip
def test_anything_else_is_no_code_of_a_protocol(text):
    assert barcode.parse(text) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_parser(text):
    barcode.parse("GOLOS1;form=0123456789abcdef;" + text)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9.-]{0,9}", fullmatch=True), st.integers(0, 10**9), max_size=9))
def test_what_is_written_is_what_is_read(numbers):
    numbers = {k: v for k, v in numbers.items() if k not in ("form", "station")}
    held = Printed("ab" * 8, None, numbers)
    assert barcode.parse(barcode.text_of(held)) == held
