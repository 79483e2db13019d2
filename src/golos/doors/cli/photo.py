"""golos photo read; golos form new, render: what pictures of ballots and protocols show, and the forms to read by."""

import sys
from pathlib import Path
from typing import Annotated, Any

import cv2
import msgspec
import numpy as np
from cyclopts import App, Parameter
from rich.console import Console

from golos.doors.cli import copies
from golos.intake.pack import check, read_folder
from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.drawing.ballot_paper import LONGEST, ballot
from golos.photo.drawing.specimen import pixels_of, png_of_pdf
from golos.photo.form import Kind, Region, on_white, read_form
from golos.photo.form_text import toml_of
from golos.photo.look import Look
from golos.photo.picture import Grey
from golos.photo.regions import boxes, rows

Files = Annotated[list[Path], Parameter(negative=())]


def register(app: App, console: Console) -> None:
    """Add the commands to ``app``."""
    photo = App(name="photo", help="Read, compare and redact photographs of ballots and protocols.")
    form = App(name="form", help="Make the forms that photographs are read by.")
    app.command(photo)
    app.command(form)
    copies.register(photo, console)

    @photo.command(name="read")
    def read_files(files: Files, *, form: Path, code: bool = False, json: bool = False) -> None:
        """Say what each photograph in FILES shows: one line a file.

        Parameters
        ----------
        files: pictures, or folders of them
        form: the FORM.toml that describes the sheet
        code: read the code beside the ballot too; it stands in the evidence
        json: one JSON object a line, with the evidence of every box or digit
        """
        pictures = _pictures(files)
        with Look(read_form(form), code=code) as look:
            for file in pictures:
                answer = msgspec.structs.replace(look.read(file.read_bytes()), file=str(file))
                if json:
                    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
                else:
                    _say(console, _line(answer))

    @form.command
    def new(blank: Path, folder: Path, *, kind: Kind = "ballot") -> None:
        """Write a FORM.toml into FOLDER, with the boxes or the rows of cells that BLANK prints.

        Parameters
        ----------
        blank: the blank form: PNG, JPEG or the first page of a PDF
        folder: where the form is to be; files that are there are never overwritten
        kind: ballot or protocol
        """
        picture = _blank(blank)
        grey = pixels_of(picture)
        found = [[box] for box in boxes(grey)] if kind == "ballot" else [list(row) for row in rows(grey)]
        if not found:
            raise Problem("form.empty", str(blank), "prints no box that is framed on all sides.", "Write them by hand.")
        text = toml_of(kind, "blank.png", [(f"{kind}-{n}", cells) for n, cells in enumerate(found, 1)])
        _write(folder, {"FORM.toml": text.encode(), "blank.png": picture, "found.png": _shown(grey, found)})
        _say(console, f"Found {len(found)}. Look at {folder / 'found.png'}, give them their ids in FORM.toml.")

    @form.command
    def render(election: Path, folder: Path, *, contest: str = "") -> None:
        """Draw a specimen ballot of the pack in ELECTION: ballot.pdf to print, blank.png and FORM.toml to read by.

        Parameters
        ----------
        election: the folder that holds election.toml
        folder: where the files are to be; files that are there are never overwritten
        contest: its id; the first one if not said
        """
        pack, _ = check(read_folder(election))
        if pack is None:
            raise Problem("pack.mistakes", str(election), "has mistakes.", "See `golos election check`.")
        chosen = next((c for c in pack.contests if contest in ("", c.id)), None)
        if chosen is None:
            raise Problem("form.contest", contest, "is no contest of this pack.", "See contests in election.toml.")
        specimen = ballot(pack, chosen)
        cells = [(o.id, [r]) for o, r in zip(chosen.options, specimen.regions(LONGEST), strict=True)]
        text = toml_of("ballot", "blank.png", cells, chosen.max_choices)
        _write(
            folder,
            {"FORM.toml": text.encode(), "blank.png": specimen.png(LONGEST), "ballot.pdf": specimen.pdf()},
        )
        _say(console, f"Wrote ballot.pdf, blank.png and FORM.toml to {folder}.")


def _line(answer: Answer) -> str:
    shown: Any = (
        answer.numbers if answer.numbers is not None else answer.choice or ("blank" if answer.status == "read" else "-")
    )
    why = f" ({', '.join(answer.reasons)})" if answer.reasons else ""
    return f"{answer.file}: {answer.status} {shown}{why}"


def _blank(file: Path) -> bytes:
    """Return the blank form as PNG."""
    data = file.read_bytes() if file.is_file() else b""
    if data[:5] == b"%PDF-":
        return png_of_pdf(data, LONGEST)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    if picture is None:
        raise Problem("form.blank", str(file), "is no picture and no PDF.", "Give a PNG, a JPEG or a PDF.")
    return bytes(cv2.imencode(".png", on_white(picture))[1].tobytes())


def _shown(grey: Grey, found: list[list[Region]]) -> bytes:
    """Return the form with what was found on it framed and numbered, for people to look at."""
    picture = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    for number, cells in enumerate(found, 1):
        for r in cells:
            cv2.rectangle(picture, (r.x, r.y), (r.x + r.w, r.y + r.h), (0, 0, 220), 2)
        first = cells[0]
        cv2.putText(picture, str(number), (first.x, first.y - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 220), 2)
    return bytes(cv2.imencode(".png", picture)[1].tobytes())


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write new files; what is there stays. Raises Problem ``form.exists`` before anything is written."""
    folder.mkdir(parents=True, exist_ok=True)
    there = next((name for name in files if (folder / name).exists()), None)
    if there is not None:
        raise Problem("form.exists", str(folder / there), "is there already.", "Name another folder.")
    for name, data in files.items():
        (folder / name).write_bytes(data)


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _pictures(files: list[Path]) -> list[Path]:
    found: list[Path] = []
    for file in files:
        found += sorted(p for p in file.iterdir() if p.is_file()) if file.is_dir() else [file]
    missing = next((file for file in found if not file.is_file()), None)
    if missing is not None:
        raise Problem("photo.file", str(missing), "is no file.", "Name pictures, or folders of them.")
    return found
