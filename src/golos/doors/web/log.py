"""The log over HTTP: checkpoint, tiles, receipts. Nothing leaves that is not under a final checkpoint."""

import asyncio
import re
from collections.abc import Callable
from typing import Annotated

from litestar import MediaType, Response, get
from litestar.params import FromPath, PathParameter
from litestar.types import ControllerRouterHandler

from golos.doors.web.services import PublicLog
from golos.doors.web.spec import OCTETS, errors
from golos.ledger.tiles import WIDTH, encode_entries, number
from golos.ledger.tree import TILE_HEIGHT
from golos.model.problem import Problem
from golos.model.record import digest
from golos.ports import Journal, Positions

_IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
_ALWAYS_ASK = {"Cache-Control": "no-cache"}
_TILE = re.compile(r"/?(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def log_routes(log: PublicLog, journal: Journal, fresh: Callable[[], bool]) -> list[ControllerRouterHandler]:
    """Return the routes of the log and of its health."""

    @get(
        "/checkpoint",
        summary="The newest final checkpoint, a signed note",
        media_type=MediaType.TEXT,
        responses=errors(503),
    )
    async def checkpoint() -> Response[bytes]:
        return _note(_final(log))

    @get(
        "/health",
        summary="The checkpoint while the log is fresh",
        media_type=MediaType.TEXT,
        responses=errors(503),
    )
    async def health() -> Response[bytes]:
        if not fresh():
            raise _stale()
        return _note(_final(log))

    @get(
        "/receipts/{name:str}",
        summary="The receipt (C2SP tlog-proof) of the record with that SHA-256",
        media_type=MediaType.TEXT,
        responses=errors(400, 404),
    )
    async def receipt(name: Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]) -> Response[bytes]:
        found = log.receipt(bytes.fromhex(name))
        if found is None:
            raise Problem(
                "missing.receipt",
                "path",
                "names a record that is not under a checkpoint.",
                "If it was accepted, ask again after the next checkpoint.",
            )
        return Response(found, media_type=MediaType.TEXT)

    @get(
        "/tile/{path:path}",
        summary="A tile or entry bundle (C2SP tlog-tiles)",
        media_type=OCTETS,
        responses=errors(404),
    )
    async def tile(path: FromPath[str]) -> Response[bytes]:
        level, index, width = _parse(path)
        if ((index * WIDTH + width) << (max(level, 0) * TILE_HEIGHT)) > log.final.size:
            raise _no_tile()
        if level >= 0:
            return Response(log.tree.tile(level, index, width), media_type=OCTETS, headers=_IMMUTABLE)
        rows = await asyncio.to_thread(journal.read, Positions(index * WIDTH, index * WIDTH + width))
        names = encode_entries([digest(row.record) for row in rows])
        return Response(names, media_type=OCTETS, headers=_IMMUTABLE)

    return [checkpoint, health, receipt, tile]


def _final(log: PublicLog) -> bytes:
    note = log.final.checkpoint
    if not note:
        raise _stale()
    return note


def _note(note: bytes) -> Response[bytes]:
    return Response(note, media_type=MediaType.TEXT, headers=_ALWAYS_ASK)


def _parse(path: str) -> tuple[int, int, int]:
    """Return level (-1: entries), index and width of a tile's one path. Raises Problem ``missing.tile``."""
    found = _TILE.fullmatch(path)
    if not found:
        raise _no_tile()
    level, digits, partial = found.groups()
    index, width = int(digits.replace("/", "").replace("x", "")), int(partial or WIDTH)
    if width > WIDTH or path.lstrip("/") != f"{level}/{number(index, width)}":
        raise _no_tile()
    return -1 if level == "entries" else int(level), index, width


def _no_tile() -> Problem:
    return Problem("missing.tile", "path", "names no tile of the final tree.", "See c2sp.org/tlog-tiles.")


def _stale() -> Problem:
    return Problem(
        "log.stale", "log", "has had no new final checkpoint in time.", "What is accepted is safe; ask later."
    )
