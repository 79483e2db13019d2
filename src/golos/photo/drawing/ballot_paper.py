"""Ballot paper: the specimen of a contest of an election pack, in the election's languages."""

from golos.model.pack import Contest, Names, Pack
from golos.photo.drawing.specimen import Design, Specimen, draw

LONGEST = 1200
"""Pixels of the longer side of the blank picture."""
_MARK_ONE = {
    "be": "Пастаўце любы знак у адным квадраце.",
    "ru": "Поставьте любой знак в одном квадрате.",
    "en": "Put any mark in one box.",
}
_MARK_SEVERAL = {
    "be": "Пастаўце любы знак не больш як у квадратах: {most}.",
    "ru": "Поставьте любой знак не более чем в квадратах: {most}.",
    "en": "Put any mark in at most {most} boxes.",
}
_SPECIMEN = {"be": "УЗОР", "ru": "ОБРАЗЕЦ", "en": "SPECIMEN"}


def ballot(pack: Pack, contest: Contest) -> Specimen:
    """Return the ballot of that contest: a row for each option, named in every language it is named differently in."""
    languages = pack.languages
    words = _MARK_ONE if contest.max_choices == 1 else _MARK_SEVERAL
    lines = [words[language].format(most=contest.max_choices) for language in languages if language in words]
    head = " · ".join(_SPECIMEN[language] for language in languages if language in _SPECIMEN) or _SPECIMEN["en"]
    title = f"{_named(pack.names, languages)}. {_named(contest.names, languages)}"
    count = len(contest.options)
    design = Design(paper="a5" if count <= 12 else "a4", columns=1 if count <= 14 else 2)
    names = tuple(_named(option.names, languages) for option in contest.options)
    return draw(title, (head, *(lines or [words["en"].format(most=contest.max_choices)])), names, design)


def _named(names: Names, languages: tuple[str, ...]) -> str:
    return " · ".join(dict.fromkeys(names[language] for language in languages))
