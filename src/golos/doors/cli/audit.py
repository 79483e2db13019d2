"""golos audit: freeze a list of photographs, draw a sample that nobody could steer, certify what stands."""

import csv
import hashlib
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from cyclopts import App
from rich.console import Console

from golos.count.bounds import Excesses
from golos.count.compare import compare
from golos.count.evidence.alpha import METHOD, Alpha
from golos.count.evidence.certificate import Audit, certificate, sample_needed
from golos.count.evidence.frozen import frozen_list, read_frozen
from golos.count.evidence.result import Result, Rows
from golos.count.evidence.sampling import checkpoint_seed, dice_seed, draw
from golos.count.evidence.statements import Side, excesses_of, sides
from golos.count.recount import recount
from golos.doors.cli.office import Offices
from golos.ledger.checkpoint import Checkpoint
from golos.model.finding import Grade
from golos.model.problem import Problem


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""
    audit = App(name="audit", help="Check a sample of the photographs again, and say what stands.")
    app.command(audit)
    _register_draw(audit, offices, console)
    _register_claims(audit, offices, console)


def _register_draw(audit: App, offices: Offices, console: Console) -> None:
    @audit.command(name="plan")
    def plan_(
        folder: Path | None = None,
        *,
        photos: int | None = None,
        target: int | None = None,
        alpha: float = 0.05,
        bad: int = 0,
        contest: str = "",
        out: Path | None = None,
        json: bool = False,
    ) -> None:
        """Say how many photographs to check again; with FOLDER, freeze the list of those behind the findings.

        Parameters
        ----------
        folder: the election's folder
        photos: how many photographs there are, where no folder is named
        target: at most so many fakes is what the certificate should say (default: 1 % of the photographs)
        alpha: 0.05 means a confidence of 95 %
        bad: so many bad ones are expected in the sample
        contest: of several contests, this one
        out: where to write the list; publish its SHA-256 before the seed is drawn
        json: print one JSON object
        """
        told: dict[str, Any] = {}
        if folder is not None:
            side = _side(offices, folder, contest)
            frozen = frozen_list(side.comparison, side.contest, side.source)
            photos, told = len(frozen.rows), {"list": frozen.digest, "size": frozen.size, "root": frozen.root}
            if out is not None:
                out.write_bytes(frozen.data)
        if not photos:
            raise Problem("audit.photos", "--photos", "there is no photograph to audit.", "Name a number or a folder.")
        target = max(photos // 100, bad) if target is None else target
        needed = sample_needed(photos, target, alpha, bad)
        told = {"photos": photos, "target": target, "alpha": alpha, "bad": bad, "sample": needed, **told}
        _say(
            console, told, json, f"Check {needed:,} of {photos:,} photographs: then there are at most {target:,} fakes."
        )

    @audit.command(name="draw")
    def draw_(
        file: Path,
        *,
        sample: int,
        dice: str = "",
        election: Path | None = None,
        out: Path | None = None,
    ) -> None:
        """Draw SAMPLE lines of a frozen list FILE, by dice thrown in public or by a later checkpoint of the log.

        Parameters
        ----------
        file: the list that `golos audit plan` wrote
        sample: how many
        dice: at least 20 digits, thrown after the list's digest was published
        election: take the newest checkpoint of this election's log as the seed
        out: where to write the sample (default: the screen)
        """
        frozen = read_frozen(_bytes(file), str(file))
        if bool(dice) == (election is not None):
            raise Problem("audit.seed", "--dice, --election", "name one of them.", "Dice are beyond the log's keeper.")
        seed = dice_seed(dice) if election is None else _later(offices, election, frozen.size)
        places = draw(seed, frozen.digest, len(frozen.rows), sample)
        rows = [(place, *frozen.rows[place - 1]) for place in places]
        _write(
            out, ("number", "station", "option", "photo", "verdict"), [(*row, "") for row in rows], frozen.digest, seed
        )


def _register_claims(audit: App, offices: Offices, console: Console) -> None:
    @audit.command(name="certify")
    def certify_(
        folder: Path | None = None,
        *,
        photos: int | None = None,
        sample: int,
        bad: int,
        alpha: float = 0.05,
        contest: str = "",
        seed: str = "",
        json: bool = False,
    ) -> None:
        """Say how many fakes there can be at most, and with FOLDER which votes and stations stand against so many.

        Parameters
        ----------
        folder: the election's folder
        photos: how many photographs were on the list (default: the folder's)
        sample: how many were drawn and checked
        bad: how many of these were fakes, of another station, not cast, or could not be fetched
        alpha: 0.05 means a confidence of 95 %
        contest: of several contests, this one
        seed: what the sample was drawn by, to be kept with the certificate
        json: print one JSON object
        """
        sets: Mapping[str, Excesses] = {}
        source = ""
        if folder is not None:
            side = _side(offices, folder, contest)
            frozen = frozen_list(side.comparison, side.contest, side.source)
            photos, sets, source = photos or len(frozen.rows), excesses_of(side), frozen.digest
        if photos is None:
            raise Problem("audit.photos", "--photos", "is missing.", "Name a number or a folder.")
        audited = Audit(photos, sample, bad)
        result = certificate(audited, alpha, sets, source or _digest(repr(audited)), seed)
        _say(console, result.told(), json, f"{result.grade}: {result.reason}.")

    @audit.command(name="sequential")
    def sequential_(
        file: Path, *, photos: int, target: int, alpha: float = 0.05, seed: str = "", json: bool = False
    ) -> None:
        """Test after every photograph whether there are fewer than TARGET fakes (ALPHA): stop whenever it says so.

        Parameters
        ----------
        file: the drawn sample with a column `verdict`: good or bad; blank where not checked yet
        photos: how many photographs were on the list
        target: the number of fakes to be ruled out
        alpha: the risk limit
        seed: what the sample was drawn by
        json: print one JSON object
        """
        if not 0 < target < photos:
            raise Problem("audit.target", "--target", f"has to lie between 1 and {photos - 1:,}.", "Name fewer.")
        verdicts = _verdicts(file)
        genuine = 1 - target / photos
        test = Alpha(photos, genuine, eta=(1 + genuine) / 2)
        chance, stop = test.chance(verdicts), test.stops(verdicts, alpha)
        grade = Grade.PROVEN if stop else Grade.CANT_TELL
        reason = f"{target:,} fakes or more have a chance of {chance:.3g}" + (f"; stop after {stop}" if stop else "")
        numbers = {"photos": photos, "target": target, "alpha": alpha, "p": chance, "stop": stop}
        result = Result(METHOD, grade, reason, Rows(len(verdicts)), _digest(_bytes(file)), numbers, seed)
        _say(console, result.told(), json, f"{result.grade}: {result.reason}.")


def _side(offices: Offices, folder: Path, contest: str) -> Side:
    """Return the contest's sides; the first that has confirmed photographs where none is named."""
    found = [side for side in sides(compare(recount(offices.open(folder).log()))) if contest in ("", side.contest)]
    if not found:
        raise Problem("audit.contest", str(folder), "has no contest with confirmed photographs.", "Open the ballots.")
    return found[0]


def _later(offices: Offices, folder: Path, size: int) -> str:
    office = offices.open(folder)
    head = office.head()
    if head.size <= size:
        problem = f"is at {head.size:,} entries, and the list was frozen at {size:,}."
        raise Problem("audit.seed", str(folder), problem, "Wait for the next checkpoint, or throw dice.")
    return checkpoint_seed(_origin(head.checkpoint), head.size, head.root)


def _origin(note: bytes) -> str:
    return Checkpoint.parse(note.partition(b"\n\n")[0] + b"\n").origin


def _verdicts(file: Path) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return 1 for each good and 0 for each bad photograph, in the order drawn, up to the first that is blank."""
    rows = list(
        csv.DictReader(line for line in _bytes(file).decode("utf-8", "replace").splitlines() if line[:1] != "#")
    )
    found = []
    for at, row in enumerate(rows, 1):
        verdict = (row.get("verdict") or "").strip()
        if not verdict:
            break
        if verdict not in ("good", "bad"):
            raise Problem("audit.verdict", f"{file}:{at}", "has a verdict that is neither good nor bad.", "Mend it.")
        found.append(float(verdict == "good"))
    if not found:
        raise Problem("audit.verdict", str(file), "holds no verdict.", "Write good or bad into the column verdict.")
    return np.array(found)


def _digest(data: bytes | str) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def _bytes(file: Path) -> bytes:
    if not file.is_file():
        raise Problem("audit.file", str(file), "is no file.", "Name the list that `golos audit plan` wrote.")
    return file.read_bytes()


def _write(out: Path | None, header: tuple[str, ...], rows: list[tuple[object, ...]], digest: str, seed: str) -> None:
    with out.open("w", encoding="utf-8", newline="") if out else nullcontext(sys.stdout) as text:
        text.write(f"# golos audit sample v1 list={digest} seed={seed}\n")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _say(console: Console, told: Mapping[str, Any], json: bool, sentence: str) -> None:
    if json:
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    else:
        console.print(sentence, markup=False, highlight=False)
        if "list" in told:
            console.print(f"The list's SHA-256, to be published before the seed: {told['list']}", markup=False)
