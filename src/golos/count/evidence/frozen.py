"""The frozen list: the photographs behind the findings, one a line, as anybody derives it from the log."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from golos.count.bounds import standing_findings
from golos.count.compare import Comparison
from golos.model.problem import Problem

_HEAD = "# golos audit list v1"
_COLUMNS = ["number", "station", "option", "photo"]


@dataclass(frozen=True, slots=True)
class Frozen:
    """The list as bytes. ``size`` and ``root`` (hex) are those of the log when it was frozen; ``photos`` its length."""

    contest: str
    source: str
    size: int
    root: str
    rows: tuple[tuple[str, str, int], ...]
    """Station, option, and which of the station's photographs of that option, from 1."""

    @property
    def data(self) -> bytes:
        """Return the file: a line that says what it is, then CSV."""
        text = io.StringIO()
        text.write(f"{_HEAD} contest={self.contest} source={self.source} size={self.size} root={self.root}\n")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows((at, *row) for at, row in enumerate(self.rows, 1))
        return text.getvalue().encode()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the file in hex: what is published when the list is frozen."""
        return hashlib.sha256(self.data).hexdigest()


def frozen_list(comparison: Comparison, contest: str, source: str) -> Frozen:
    """Return the M photographs that the C1 findings of a source rest on: all of each contradicted option.

    In the order of stations, then of the ballot. The k-th photograph of a station and option is the k-th by digest.
    """
    findings = standing_findings(comparison.findings, contest, source)
    rows = tuple(
        (finding.area, option, at)
        for finding in sorted(findings, key=lambda f: f.area)
        for option, photos in _contradicted(finding.numbers["options"])
        for at in range(1, photos + 1)
    )
    count = comparison.count
    return Frozen(contest, source, count.size, count.root.hex(), rows)


def read_frozen(data: bytes, what: str = "list") -> Frozen:
    """Return the list in a file. Raises Problem ``audit.list`` if it is none.

    Whether it is the one that was frozen its digest says alone, which goes into the draw.
    """
    try:
        head, _, body = data.decode("utf-8").partition("\n")
        marks = dict(mark.split("=", 1) for mark in head.removeprefix(_HEAD).split())
        found = list(csv.reader(io.StringIO(body)))[1:]
        rows = tuple((station, option, int(at)) for _, station, option, at in found)
        frozen = Frozen(marks["contest"], marks["source"], int(marks["size"]), marks["root"], rows)
    except (ValueError, KeyError, csv.Error):
        frozen = None
    if frozen is None or frozen.data != data:
        raise Problem("audit.list", what, "is no list that `golos audit plan` wrote.", "Write it again.")
    return frozen


def _contradicted(options: object) -> Iterator[tuple[str, int]]:
    if isinstance(options, Mapping):
        yield from ((option, told["p"]) for option, told in options.items() if told["e"] > 0)
