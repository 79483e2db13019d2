"""The desk over HTTP: signed requests of staff, in CBOR."""

import asyncio
import base64
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.types import ControllerRouterHandler

from golos.credential.staff import DeskRequest
from golos.desk.replay import Nonces
from golos.doors.web.intake import Admitted
from golos.doors.web.services import Desk
from golos.doors.web.spec import CBOR, OCTETS, TakesCbor, TakesOctets, errors, expect_type
from golos.ledger.follower import Follower
from golos.model.problem import Problem
from golos.model.record import digest

HEADER = "Golos-Request"
"""Where a large request is announced: the signed request of its body's SHA-256, in base64url without padding."""
RECORD_LIMIT = 65_000
"""Bytes of a record that fits into an ordinary request; a larger one is announced."""
_LIMIT = RECORD_LIMIT + 1000
_DIGEST = 32
_LARGE_LIMIT = 1 << 28
_LARGE_AT_ONCE = 2
_ERRORS = errors(400, 403, 413, 415)


class NextPhoto(msgspec.Struct):
    """The digest of the sealed photograph to read, in hex; null: there is none now."""

    photo: str | None


class Kept(msgspec.Struct):
    """The SHA-256 of what was stored, in hex."""

    digest: str


def desk_routes(desk: Desk, follower: Follower) -> list[ControllerRouterHandler]:
    """Return the routes of readers and stewards."""
    nonces, large = Nonces(), asyncio.Semaphore(_LARGE_AT_ONCE)

    async def signed_request(request: Request[Any, Any, Any]) -> DeskRequest:
        expect_type(request, CBOR)
        signed = DeskRequest.decode(await request.body(), request.scope["path"])
        await follower.catch_up()
        return signed

    async def of_reader(request: Request[Any, Any, Any]) -> DeskRequest:
        signed = await signed_request(request)
        desk.roll.expect(signed.key, "reader", "request.key")
        nonces.spend(signed.key, signed.nonce)
        return signed

    async def announced(request: Request[Any, Any, Any]) -> tuple[DeskRequest, bytes]:
        """Return a clerk's request and its large body, of which nothing is read before the clerk is known."""
        expect_type(request, OCTETS)
        signed = DeskRequest.decode(_announcement(request), request.scope["path"])
        await follower.catch_up()
        desk.roll.expect(signed.key, "clerk", "request.key")
        nonces.spend(signed.key, signed.nonce)
        async with large:
            body = await request.body()
        if digest(body) != signed.body:
            raise Problem("desk.body", "body", "is not the one that was announced.", "Send it again.")
        return signed, body

    @post(
        "/desk/next",
        status_code=200,
        summary="The next photograph for this reader",
        operation_class=TakesCbor,
        responses=_ERRORS,
        request_max_body_size=_LIMIT,
    )
    async def next_photo(request: Request[Any, Any, Any]) -> NextPhoto:
        photo = desk.assignment.next((await of_reader(request)).key)
        return NextPhoto(photo.hex() if photo else None)

    @post(
        "/desk/photo",
        status_code=200,
        summary="The picture that this reader was given",
        operation_class=TakesCbor,
        media_type=OCTETS,
        responses=_ERRORS | errors(404),
        request_max_body_size=_LIMIT,
    )
    async def picture(request: Request[Any, Any, Any]) -> Response[bytes]:
        signed = await of_reader(request)
        return Response(await desk.room.picture(signed.key, signed.body), media_type=OCTETS)

    @post(
        "/desk/code",
        status_code=204,
        summary="The digits beside the sheet, before the verdict; 204 when they are durable",
        operation_class=TakesCbor,
        responses=_ERRORS | errors(404, 409, 503),
        request_max_body_size=_LIMIT,
    )
    async def code(request: Request[Any, Any, Any]) -> None:
        signed = await of_reader(request)
        await desk.room.code(signed.key, signed.body[:_DIGEST], signed.body[_DIGEST:])

    @post(
        "/desk/records",
        status_code=202,
        summary="A record signed by staff or stewards; 202 when it is durable",
        operation_class=TakesCbor,
        responses=_ERRORS | errors(409, 503),
        request_max_body_size=_LIMIT,
    )
    async def record(request: Request[Any, Any, Any]) -> Admitted:
        return Admitted((await desk.records.accept((await signed_request(request)).body)).hex())

    @post(
        "/desk/large",
        status_code=202,
        summary="A record too large for /desk/records, announced by a clerk",
        operation_class=TakesOctets,
        responses=_ERRORS | errors(409, 503),
        request_max_body_size=_LARGE_LIMIT,
    )
    async def large_record(request: Request[Any, Any, Any]) -> Admitted:
        _, body = await announced(request)
        return Admitted((await desk.records.accept(body)).hex())

    @post(
        "/desk/blobs",
        status_code=202,
        summary="The rows of a table, or opened ballots, announced by a clerk before the record that names them",
        operation_class=TakesOctets,
        responses=_ERRORS | errors(503),
        request_max_body_size=_LARGE_LIMIT,
    )
    async def blob(request: Request[Any, Any, Any]) -> Kept:
        signed, body = await announced(request)
        return Kept((await desk.records.keep(signed.key, body)).hex())

    return [next_photo, picture, code, record, large_record, blob]


def _announcement(request: Request[Any, Any, Any]) -> bytes:
    """Return the bytes in the header. Raises Problem ``desk.announcement``."""
    text = request.headers.get(HEADER, "")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Problem(
            "desk.announcement", HEADER, "is not base64url.", "Announce the body as docs/formats.md says."
        ) from error
