"""options.csv and lines.csv: the short lists of a pack."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from golos.model.ballot import INVALID
from golos.model.mistake import Notes
from golos.model.pack import Contest, Line, Option
from golos.model.pack_csv import Sheet
from golos.model.pack_election import ALL_OPTIONS
from golos.model.pack_toml import CODE

ROLES = ("voters", "issued", "turnout", "invalid")
NOT_A_CODE = "has to be 1 to 64 of A-Z a-z 0-9 . _ -"


def parse_options(
    data: bytes | None, languages: Sequence[str], contests: Iterable[Contest], notes: Notes
) -> tuple[Contest, ...]:
    """Return the contests with their options, in ballot order; ``data`` None is a missing file, noted elsewhere."""
    options: dict[str, list[Option]] = {contest.id: [] for contest in contests}
    if data is None:
        return tuple(contests)
    columns = [f"name_{language}" for language in languages]
    sheet = Sheet("options.csv", data, ("contest", "id", *columns), (), notes)
    seen: set[tuple[str, str]] = set()
    for line, (contest, identity, *texts) in sheet.rows():
        if contest not in options:
            sheet.mistake(line, "contest", f"{contest[:64]!r} is no contest of election.toml")
        if _id_is_good(sheet, line, identity, (INVALID, ALL_OPTIONS)) and (contest, identity) in seen:
            sheet.mistake(line, "id", f"{identity} is there twice in this contest")
        seen.add((contest, identity))
        options.setdefault(contest, []).append(Option(identity, contest, _names(sheet, line, languages, texts)))
    for contest_id in (c.id for c in contests):
        if not options[contest_id] and not notes.fatal:
            notes.mistake("options.csv", 1, 1, f"the contest {contest_id} has no option")
    return tuple(replace(contest, options=tuple(options[contest.id])) for contest in contests)


def parse_lines(
    data: bytes | None, languages: Sequence[str], contests: Iterable[Contest], notes: Notes
) -> tuple[Line, ...]:
    """Return the lines of the station protocol, in its order."""
    lines: dict[str, Line] = {}
    roles: set[str] = set()
    if data is None:
        return ()
    options = {option.id for contest in contests for option in contest.options}
    sheet = Sheet("lines.csv", data, ("id", "role", *(f"name_{language}" for language in languages)), (), notes)
    for number, (identity, role, *texts) in sheet.rows():
        reserved = (ALL_OPTIONS,) if role == "invalid" else (ALL_OPTIONS, INVALID)
        if _id_is_good(sheet, number, identity, reserved):
            if identity in lines:
                sheet.mistake(number, "id", f"{identity} is there twice")
            if identity in options:
                sheet.mistake(number, "id", f"{identity} is the id of an option too")
        if role and role not in ROLES:
            sheet.mistake(number, "role", f"{role[:64]!r} is no role; roles are {', '.join(ROLES)} or blank")
        if role and role in roles:
            sheet.mistake(number, "role", f"another line has the role {role} already")
        roles.add(role)
        lines[identity] = Line(identity, role, _names(sheet, number, languages, texts))
    return tuple(lines.values())


def _id_is_good(sheet: Sheet, line: int, identity: str, reserved: Sequence[str]) -> bool:
    if not CODE.fullmatch(identity):
        sheet.mistake(line, "id", NOT_A_CODE)
    elif identity in reserved:
        sheet.mistake(line, "id", f"{identity} is reserved")
    else:
        return True
    return False


def _names(sheet: Sheet, line: int, languages: Sequence[str], texts: Iterable[str]) -> dict[str, str]:
    names = {language: text.strip() for language, text in zip(languages, texts, strict=True)}
    for language, text in names.items():
        if not text:
            sheet.mistake(line, f"name_{language}", "the translation is missing")
    return names
