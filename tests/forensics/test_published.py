"""The published figures must come out of the published tables."""

from functools import cache

import numpy as np
import pytest

from golos.count.forensics.commissions import dispersion, kireev
from golos.count.forensics.histograms import turnout_spikes
from golos.count.forensics.integers import integer_anomaly
from golos.count.forensics.repeats import repeated_shares
from golos.count.forensics.turnout import shpilkin

ANOMALIES = {  # union, leader, turnout as published (Poland: reproduced independently)
    "ru2011": (1003.477, 767.136, 449.325),
    "ru2018": (1708.839, 859.01, 1296.186),
    "ru2021": (1309.768, 824.159, 783.37),
    "pl2020": (5.3, None, None),
}


@pytest.fixture
def anomaly(published):
    return lambda name: once(published(name))


@cache
def once(returns):
    return integer_anomaly(returns)


@pytest.mark.parametrize("name", ANOMALIES)
def test_integer_anomaly_is_the_published_one(anomaly, name):
    result = anomaly(name)
    for figure, value in zip(("union", "leader", "turnout"), ANOMALIES[name], strict=True):
        assert value is None or result.numbers[figure]["anomaly"] == pytest.approx(value, abs=12)
    assert result.grade == ("can't tell" if name == "pl2020" else "strong")


def test_integer_anomaly_of_2011_to_the_digit(anomaly):
    result = anomaly("ru2011")
    union = result.numbers["union"]
    assert (result.rows.used, union["observed"]) == (86718, 17803)
    assert union["expected"] == pytest.approx(16800.43, abs=0.01)
    assert union["sd"] == pytest.approx(114.72, abs=0.01)


def test_regions_of_2018(anomaly):
    numbers = anomaly("ru2018").numbers
    words = ("Татарстан", "Дагестан", "Краснодарский", "Башкортостан", "Кемеровская")
    assert all(word in region for word, region in zip(words, numbers["top_regions"], strict=True))
    assert numbers["top_regions_share_of_voters"] == pytest.approx(0.125, abs=0.0005)


def test_regions_of_a_clean_election_scatter_as_chance_does(anomaly):
    z = [region["z"] for region in anomaly("pl2020").numbers["regions"]]
    assert len(z) == 16 and np.std(z) == pytest.approx(0.97, abs=0.01)


def test_shpilkin(published):
    told = shpilkin(published("ru2021")).numbers
    assert np.array(told["anomalous"]) / 1e6 == pytest.approx([14.41, 15.16], abs=0.01)
    assert told["mode"] == 38
    told = shpilkin(published("ru2011")).numbers
    assert told["windows"]["mode -20..0"]["anomalous"] / 1e6 == pytest.approx(15.15, abs=0.01)
    low, high = shpilkin(published("ru2018")).numbers["anomalous"]
    assert 10.4e6 < low < high < 11.3e6


def test_shpilkin_is_wrong_about_a_clean_election(published):
    result = shpilkin(published("pl2020"))
    low, high = result.numbers["options"]["Trzaskowski"]["anomalous"]
    assert (low / 1e6, high / 1e6) == pytest.approx((0.97, 1.29), abs=0.005)
    share = result.numbers["options"]["Trzaskowski"]["share_of_votes"]
    assert share == pytest.approx([0.16, 0.22], abs=0.005)
    assert result.numbers["anomalous"][1] < 1000 and result.grade == "can't tell"


def test_kireev(published):
    result = kireev(published("ru2021"))
    assert result.numbers["hits"] == 11
    assert result.numbers["standing"] == 1 and result.grade == "suspicious"
    assert {hit["option"] for hit in result.numbers["commissions"] if "Нальчик" in hit["commission"]} == {"Greens"}


def test_the_clean_control_meets_the_rule_by_chance(published):
    result = kireev(published("pl2020"))
    assert result.numbers["hits"] == 1 and result.grade == "can't tell"


def test_nothing_else_is_found_in_the_clean_control(published):
    returns = published("pl2020")
    for method in (dispersion, repeated_shares):
        result = method(returns)
        assert (result.numbers["hits"], result.grade) == (0, "can't tell")


def test_alike_stations_of_dagestan(published):
    returns = published("ru2011")
    found = dispersion(returns).numbers["commissions"][0]
    assert "Дахадаевская" in found["commission"] and found["p_holm"] < 1e-40
    repeated = repeated_shares(returns).numbers["repeats"][0]
    assert "Дахадаевская" in repeated["commission"]
    assert (repeated["share"], repeated["stations"], repeated["of"]) == (0.911, 22, 56)


@pytest.mark.slow
def test_turnout_of_2018_peaks_at_whole_percents(published):
    assert turnout_spikes(published("ru2018")).numbers["spikes"][0]["turnout"] == 0.95
    assert turnout_spikes(published("pl2020")).grade == "can't tell"
