"""Stewards at the ceremony: what they bring is enough, or it is said what lacks; a wrong plan leaves nothing behind."""

from datetime import date

import pytest

from golos.ceremony.keys import Plan, make
from golos.ceremony.shares import opening_key, split
from golos.credential.sealing import SealingKey
from golos.model.problem import Problem


def test_a_damaged_a_foreign_and_a_repeated_share_do_no_harm_while_enough_are_good():
    key, other = SealingKey.generate(), SealingKey.generate()
    good, foreign = split(key.secret, 2, 3), split(other.secret, 2, 3)
    damaged = " ".join([*good[0].split()[:-1], "academic"])
    assert opening_key(good, 2, key.public).secret == key.secret
    assert opening_key([damaged, foreign[0], good[1], good[1].upper(), good[2]], 2, key.public).secret == key.secret
    for bad, code in ((good[:1] * 3, "shares.few"), (foreign, "shares.wrong"), ([damaged, good[1]], "shares.wrong")):
        with pytest.raises(Problem) as caught:
            opening_key(bad, 2, key.public)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("stewards", "threshold", "weeks", "code"),
    [(17, 2, 1, "plan.stewards"), (2, 3, 1, "plan.stewards"), (3, 0, 1, "plan.stewards"), (3, 2, 0, "plan.weeks"),
     (3, 2, 128, "plan.weeks")],
)  # fmt: skip
def test_a_plan_that_can_not_be_leaves_no_half_made_keys(tmp_path, stewards, threshold, weeks, code):
    with pytest.raises(Problem) as caught:
        make(tmp_path / "keys", Plan("log.example", stewards, threshold, date(2030, 5, 6), weeks))
    assert caught.value.code == code and not (tmp_path / "keys").exists()
