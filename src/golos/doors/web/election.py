"""The election over HTTP: its id, the files of its pack, and how many tokens are out."""

import hashlib
from pathlib import Path

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from golos.doors.web.spec import OCTETS, errors
from golos.intake.totals import Totals
from golos.ledger.follower import Follower
from golos.model.pack import Pack
from golos.model.problem import Problem

_TYPES = {".csv": "text/csv; charset=utf-8", ".toml": "application/toml", ".json": "application/json"}


class Election(msgspec.Struct):
    """The election's id in hex, and the pack's files."""

    election: str
    files: list[str]


class CohortTotals(msgspec.Struct):
    """Tokens of a cohort: issued, and redeemed by at least one ballot or withdrawal."""

    issued: int
    redeemed: int


class TotalsBody(msgspec.Struct):
    """Totals by name of the cohort, over the entries under the newest checkpoint."""

    cohorts: dict[str, CohortTotals]


def election_routes(pack: Pack, folder: Path, totals: Totals, follower: Follower) -> list[ControllerRouterHandler]:
    """Return the routes. The pack's files are read once. Raises Problem ``pack.changed``."""
    files = {name: _read(folder, name, expected) for name, expected, _ in pack.files}
    body = Election(pack.id.hex(), list(files))

    @get("/election", summary="The election's id and the pack's files")
    async def election() -> Election:
        return body

    @get("/pack/{name:path}", summary="A file of the election pack", media_type=OCTETS, responses=errors(404))
    async def pack_file(name: FromPath[str]) -> Response[bytes]:
        content = files.get(name.lstrip("/"))
        if content is None:
            raise Problem("missing.file", "path", "names no file of the election pack.", "See /election.")
        return Response(content, media_type=_TYPES.get(Path(name).suffix, OCTETS))

    @get("/totals", summary="Tokens issued and redeemed per cohort")
    async def token_totals() -> TotalsBody:
        await follower.catch_up()
        return TotalsBody({name: CohortTotals(*numbers) for name, numbers in totals.per_cohort().items()})

    return [election, pack_file, token_totals]


def _read(folder: Path, name: str, expected: bytes) -> bytes:
    content = (folder / name).read_bytes()
    if hashlib.sha256(content).digest() != expected:
        raise Problem("pack.changed", name, "is not the file that the stewards signed.", "Restore the signed pack.")
    return content
