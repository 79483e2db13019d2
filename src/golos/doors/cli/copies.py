"""golos photo duplicates, redact: which photographs are copies of which, and the picture that may be published."""

import sys
from dataclasses import replace
from pathlib import Path

import msgspec
from cyclopts import App
from rich.console import Console

from golos.model.problem import Problem
from golos.photo.copies.confined import Comparer
from golos.photo.copies.groups import Copy
from golos.photo.form import read_form
from golos.photo.look import Look

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}


def register(photo: App, console: Console) -> None:
    """Add the commands to ``golos photo``."""

    @photo.command
    def duplicates(source: Path, *, form: Path, across: bool = False, json: bool = False) -> None:
        """Say which photographs in SOURCE are copies: one line a group, the first one first.

        Parameters
        ----------
        source: a folder of pictures, or a file that lists them, one a line
        form: the FORM.toml that describes the sheet
        across: the photographs are of many stations: compare only those of equal bytes and of near hashes, no marks
        json: one JSON object a line: first, and copies with reason and the file that each is a copy of
        """
        files = _listed(source)
        described = _described(files, form)
        with Comparer() as comparer:
            found = comparer.copies([descriptor for _, descriptor in described], station=not across)
        names = [str(file) for file, _ in described]
        for first in dict.fromkeys(copy.first for copy in found):
            group = [copy for copy in found if copy.first == first]
            _print(console, names, first, group, json)
        if not json:
            console.print(f"{len(names):,} photographs, {len(found):,} of them copies.", highlight=False)

    @photo.command
    def redact(source: Path, target: Path, *, form: Path) -> None:
        """Write the publishable picture of the photograph SOURCE to TARGET: the sheet alone, upright, nothing else.

        Parameters
        ----------
        source: the photograph
        target: a JPEG that is not there yet
        form: the FORM.toml that describes the sheet
        """
        if target.exists():
            raise Problem("redact.exists", str(target), "is there already.", "Name another file.")
        with Look(read_form(form)) as look:
            try:
                picture = look.redact(source.read_bytes())
            except Problem as problem:
                raise replace(problem, field=str(source)) from None
        target.write_bytes(picture)
        console.print(f"Wrote {target}.", markup=False, highlight=False, soft_wrap=True)


def _listed(source: Path) -> list[Path]:
    """Return the pictures of a folder by name, or those that a list names, beside it where their names are relative."""
    if source.is_dir():
        return sorted(file for file in source.rglob("*") if file.suffix.lower() in _SUFFIXES)
    lines = source.read_text("utf-8").splitlines()
    return [source.parent / line.strip() for line in lines if line.strip()]


def _described(files: list[Path], form: Path) -> list[tuple[Path, bytes]]:
    """Describe each; one that can't be decoded is named and left out."""
    found = []
    with Look(read_form(form)) as look:
        for file in files:
            try:
                found.append((file, look.describe(file.read_bytes())))
            except Problem as problem:
                told = replace(problem, field=str(file))
                Console(stderr=True).print(str(told), markup=False, highlight=False, soft_wrap=True)
    return found


def _print(console: Console, names: list[str], first: int, group: list[Copy], json: bool) -> None:
    members = [{"file": names[copy.copy], "reason": copy.relation, "of": names[copy.of]} for copy in group]
    if json:
        sys.stdout.write(msgspec.json.encode({"first": names[first], "copies": members}).decode() + "\n")
        return
    console.print(names[first], markup=False, highlight=False, soft_wrap=True)
    for member in members:
        console.print(f"  {member['file']}: {member['reason']}", markup=False, highlight=False, soft_wrap=True)
