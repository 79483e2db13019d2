"""The texts: every language says everything, every text is used, and every text that the screens use is there."""

import json
import re

import pytest
from tests.web.phone import TEXTS

SOURCE = TEXTS.parent
LANGUAGES = sorted(path.stem for path in TEXTS.glob("*.json"))
PLACE = re.compile(r"\{(\w+)\}")
LONGEST = 260
FIXED = {"language", "direction", "figures"}


def read(code):
    return json.loads((TEXTS / f"{code}.json").read_text(encoding="utf-8"))


def source():
    return "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.ts*") if "core" not in path.parts)


def test_the_three_languages_are_there():
    assert {"be", "ru", "en"} <= set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_says_everything_with_the_same_places(code):
    english, texts = read("en"), read(code)
    assert list(texts) == list(english)
    assert [key for key in texts if not texts[key].strip()] == []
    assert [key for key in texts if set(PLACE.findall(texts[key])) != set(PLACE.findall(english[key]))] == []
    assert [key for key in texts if len(texts[key]) > LONGEST] == []


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_nothing_is_left_in_english(code):
    english, texts = read("en"), read(code)
    assert [key for key in texts if texts[key] == english[key] and key not in FIXED] == []


def test_every_text_is_used():
    """A key stands in the source in full, or begins with what a template says."""
    words = source()
    whole = set(re.findall(r'"([a-z][a-z0-9_]+)"', words))
    begun = set(re.findall(r"`([a-z]+_(?:[a-z]+_)?)\$\{", words))
    unused = [key for key in read("en") if key not in whole | FIXED and not key.startswith(tuple(begun))]
    assert unused == []
