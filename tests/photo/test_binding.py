"""The code beside the ballot: from the issuer's signature, with a check digit, and where it is found."""

import hashlib
import os

import cv2
import numpy as np
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from tests.photo import desks

from golos.photo.binding import DIGITS, QR, check_digit, code_of, from_qr, is_code
from golos.photo.reader import see

ELECTION = hashlib.sha256(b"an election").digest()


def test_the_code_is_the_one_of_the_specification():
    token = bytes(range(98)) + hashlib.shake_256(b"a signature").digest(256)
    digest = hashlib.sha256(b"golos/photo-code/v1\n" + ELECTION + token[98:]).digest()
    assert code_of(token, ELECTION)[:8] == f"{int.from_bytes(digest[:16], 'big') % 100_000_000:08d}"
    assert code_of(token, ELECTION) == code_of(token[:5] + b"x" + token[6:], ELECTION)  # the signature alone
    assert code_of(token, ELECTION) != code_of(token, bytes(32))
    assert check_digit("0794") == "5"  # the example of ISO 7064 MOD 11,10


@given(st.binary(min_size=354, max_size=354), st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_any_wrong_digit_is_seen(token, place, by):
    code = code_of(token, ELECTION)
    assert is_code(code) and len(code) == DIGITS
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert not is_code(wrong)


def test_what_is_no_code():
    assert not any(map(is_code, ["", "12345678", "1234567890", "12345678x", "١٢٣٤٥٦٧٨٩"]))


def test_a_printed_code_is_taken_if_it_is_the_only_one():
    code, other = (code_of(os.urandom(354), ELECTION) for _ in range(2))
    assert from_qr([QR + code, "https://example.org", QR + code]) == code
    assert from_qr([QR + code, QR + other]) is None and from_qr([code]) is None and from_qr([QR + "123"]) is None


def test_the_code_beside_a_ballot_stands_in_the_reading_s_evidence():
    form, blank, boxes = desks.form_and_blank()
    random = np.random.default_rng(4)
    sheet = desks.Ballot.any(random).drawn(blank, boxes)
    code = "12345678" + check_digit("12345678")
    slip = np.array(zxingcpp.create_barcode(QR + code, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4))
    photo = cv2.copyMakeBorder(desks.picture(desks.View.any(random), sheet)[0], 0, 160, 0, 0, cv2.BORDER_REPLICATE)
    photo[-150 : -150 + slip.shape[0], 300 : 300 + slip.shape[1]] = slip[:, :, None]
    assert see(desks.jpeg(photo), form, code=True).answer.evidence["code"] == {
        "seen": code,
        "sure": "True",
        "printed": "True",
    }
    assert "code" not in see(desks.jpeg(photo), form).answer.evidence
