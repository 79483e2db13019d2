"""The catalogues say everything in all three languages, with the same places for numbers and names."""

import re

import pytest
from babel.messages.pofile import read_po

from golos.model.pack import Borrowed
from golos.publish.language import CODES, load, sole_tongue

from .messages import SOURCES, messages
from .nation import pack

PLACES = re.compile(r"%\((\w+)\)s|(%%)|<(/?\w+)>")
CYRILLIC = re.compile("[а-яёіў]", re.I)


def catalogue(code: str):
    with (SOURCES / "locale" / code / "LC_MESSAGES" / "golos.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_missing_and_nothing_is_left_over(code):
    wanted = messages()
    found = {m.id[0] if m.pluralizable else m.id: m for m in catalogue(code) if m.id}
    assert set(found) == set(wanted)
    for one, many in wanted.items():
        message = found[one]
        assert bool(many) == bool(message.pluralizable), one
        forms = message.string if many else (message.string,)
        assert all(forms) and not message.fuzzy, one
        assert len(forms) == (catalogue(code).num_plurals if many else 1), one


@pytest.mark.parametrize("code", CODES)
def test_places_are_the_same_in_every_form(code):
    for message in catalogue(code):
        if not message.id:
            continue
        one = message.id[0] if message.pluralizable else message.id
        for form in message.string if message.pluralizable else (message.string,):
            assert sorted(PLACES.findall(form)) == sorted(PLACES.findall(one)), one


@pytest.mark.parametrize("code", ["be", "ru"])
def test_translations_are_translations(code):
    for message in catalogue(code):
        for form in message.string if message.pluralizable else (message.string,):
            assert not message.id or CYRILLIC.search(re.sub(PLACES, "", form)), message.id
    letters = "".join(str(m.string) for m in catalogue(code))
    assert ("ў" in letters) == (code == "be") and ("щ" in letters) == (code == "ru")


@pytest.mark.parametrize(
    ("code", "number", "share", "stations"),
    [
        ("be", "1\xa0234\xa0567", "31,8\xa0%", ["1 участак", "3 участкі", "5 участкаў", "11 участкаў", "21 участак"]),
        ("ru", "1\xa0234\xa0567", "31,8\xa0%", ["1 участок", "3 участка", "5 участков", "11 участков", "21 участок"]),
        ("en", "1,234,567", "31.8%", ["1 station", "3 stations", "5 stations", "11 stations", "21 stations"]),
    ],
)
def test_numbers_and_plurals(code, number, share, stations):
    language = load(code)
    assert language.number(1234567) == number
    assert language.percent(422, 1329) == share
    assert language.percent(1, 0) == "–"
    assert [language.plural("%(n)s station", "%(n)s stations", n) for n in (1, 3, 5, 11, 21)] == stations


def test_a_name_falls_back_to_another_language_and_says_which():
    label = load("be").label({"ru": "Уч. <1>"})
    assert label == '<span lang="ru">Уч. &lt;1&gt;</span>'
    assert load("ru").label({"ru": "Уч."}) == "Уч."
    assert load("ru").label({}, "07") == "07"


def test_a_borrowed_name_is_marked_with_the_language_it_is_in():
    stations = pack().stations  # the list has Russian names alone
    assert load("be").label(stations["s1"].names) == '<span lang="ru">Участок № 1</span>'
    assert load("ru").label(stations["s1"].names) == "Участок № 1"
    assert sole_tongue(stations["s1"].names) == "ru"
    region = pack().areas["R1"]
    assert load("be").label(region.names) == "Поўнач" and sole_tongue(region.names) == ""


def test_a_code_in_a_name_s_place_is_in_no_language():
    assert load("be").label({"be": Borrowed("07"), "ru": Borrowed("07")}) == "07"
