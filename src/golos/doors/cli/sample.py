"""Sample: the stations of a quick count as a file, drawn before the vote and logged, filled in after it."""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from golos.count.evidence.quickcount import Stratum
from golos.count.figures import NONE, number
from golos.count.log import Log, is_voters, leaves_of_kinds
from golos.count.staff import Staff
from golos.model.ed25519 import SigningKey
from golos.model.entry import Table
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.model.record import encode, signed

COLUMNS = ("stratum", "units", "unit", "station", "registered", "valid", "votes")
_DRAWN = 4
"""So many columns are drawn; the others are filled in."""
_SOURCE = "quickcount"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the log holds a sample: the leaf, and how many ballots and withdrawals stand before it."""

    leaf: int
    ballots_before: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows of a sample, each with the columns of the file, and the seed they were drawn by."""

    seed: str
    rows: Sequence[Mapping[str, str]]
    what: str

    @classmethod
    def parse(cls, data: bytes, what: str) -> "Sample":
        """Return the sample in a file, filled in or not. Raises Problem ``quickcount.sample``."""
        try:
            lines = data.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise Problem("quickcount.sample", what, "is not UTF-8.", "Save it as UTF-8.") from error
        seed = next((line.partition("seed=")[2] for line in lines if line.startswith("#")), "")
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        if not rows or set(COLUMNS) - set(rows[0]):
            raise Problem("quickcount.sample", what, f"has not the columns {', '.join(COLUMNS)}.", "Keep its header.")
        return cls(seed, rows, what)

    @property
    def drawn(self) -> bytes:
        """The file as it was drawn: nothing filled in. Spelling and line ends of a spreadsheet don't matter."""
        return written(self.seed, ([row[c] or "" for c in COLUMNS[:_DRAWN]] for row in self.rows))

    def strata(self) -> list[Stratum]:
        """Return the strata of a filled sample. Raises Problem ``quickcount.sample`` with the row."""
        strata: dict[tuple[str, int], dict[str, list[tuple[int, int, int]]]] = defaultdict(lambda: defaultdict(list))
        for at, row in enumerate(self.rows, 1):
            units, registered, valid, votes = (number((row[c] or "").strip()) for c in ("units", *COLUMNS[_DRAWN:]))
            if (
                units < 1
                or (NONE in (valid, votes) and registered < 0)
                or (NONE not in (valid, votes) and not 0 <= votes <= valid)
            ):
                problem = "needs units, votes of at most valid, and registered voters where there is no report."
                raise Problem("quickcount.sample", f"{self.what}: row {at}", problem, "Mend the row.")
            strata[row["stratum"] or "", units][row["unit"] or ""].append((registered, valid, votes))
        return [_stratum(units, list(found.values())) for (_, units), found in sorted(strata.items())]

    def place(self, log: Log) -> Place:
        """Return the first entry of the log that holds this sample. Raises Problem ``quickcount.not_logged``."""
        digest, leaves = hashlib.sha256(self.drawn).digest(), list(leaves_of_kinds(log, "key", "table"))
        staff = Staff(leaves)
        for leaf in leaves:
            e = leaf.entry
            if isinstance(e, Table) and e.kind == "sample" and e.rows == digest and staff.may(leaf):
                return Place(leaf.index, sum(is_voters(r) for r in log.records[: leaf.index] if r))
        raise Problem(
            "quickcount.not_logged",
            self.what,
            "holds other stations, or another order, than any sample in the log.",
            "Draw with --log before the vote, and fill in that file: rows as they are.",
        )


def written(seed: str, rows: Iterable[Sequence[object]]) -> bytes:
    """Return the file of a sample with nothing filled in; ``rows`` are stratum, units, unit, station."""
    text = io.StringIO()
    text.write(f"# golos quick count sample v1 seed={seed}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([*row, *[""] * (len(COLUMNS) - _DRAWN)] for row in rows)
    return text.getvalue().encode()


def sample_record(data: bytes, seed: str, contest: str, pack: Pack, clerk: SigningKey) -> bytes:
    """Return the Table record that logs a sample; ``data`` has to be in the blobs before it is admitted."""
    digest = hashlib.sha256(data).digest()
    draft = Table(
        version=1,
        election=pack.id,
        source=_SOURCE,
        kind="sample",
        tier="",
        contest=contest,
        readings=0,
        authority=False,
        file=digest,
        mapping=hashlib.sha256(seed.encode()).digest(),
        rows=digest,
        rejected=0,
        key=clerk.public,
        signature=bytes(64),
    )
    return encode(signed(draft, clerk.sign))


def _stratum(units: int, found: Sequence[Sequence[tuple[int, int, int]]]) -> Stratum:
    """Return a stratum; a cluster of which any station is missing is missing as a whole, at its registered voters."""
    whole = [unit for unit in found if all(NONE not in row[1:] for row in unit)]
    rest = [unit for unit in found if any(NONE in row[1:] for row in unit)]
    return Stratum(
        units,
        y=np.array([sum(votes for _, _, votes in unit) for unit in whole], dtype=np.float64),
        x=np.array([sum(valid for _, valid, _ in unit) for unit in whole], dtype=np.float64),
        missing=np.array([sum(max(r, v, 0) for r, v, _ in unit) for unit in rest], dtype=np.float64),
    )
