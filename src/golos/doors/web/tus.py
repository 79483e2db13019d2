"""Photographs over HTTP by tus 1.0 (tus.io/protocols/resumable-upload): an upload goes on where the network broke off.

Extensions: creation, creation-with-upload, checksum, expiration, termination. What comes is kept byte for byte as far
as it came; with a checksum, a broken piece is dropped.
"""

import base64
import binascii
import hashlib
import secrets
import time
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, Router, delete, head, patch, post, route
from litestar.enums import HttpMethod, ParamType
from litestar.exceptions import HTTPException
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from golos.doors.web.problems import PROBLEM_JSON, ProblemBody, on_http_error, on_store_full, respond
from golos.doors.web.spec import errors, expect_type
from golos.intake.photo import PhotoIntake
from golos.model.problem import Problem
from golos.ports import StoreFull

VERSION = "1.0.0"
OFFSET_OCTETS = "application/offset+octet-stream"
_ALGORITHMS = ("sha1", "sha256")  # the protocol asks for sha1
_CHECKSUM_MISMATCH = 460
_STATUS = {
    "tus.version": 412,
    "upload.checksum": _CHECKSUM_MISMATCH,
    "photo.mismatch": _CHECKSUM_MISMATCH,
    "upload.offset": 409,
    "upload.missing": 404,
    "photo.too_large": 413,
    "upload.too_much": 413,
}
AnyRequest = Request[Any, Any, Any]


def _header(name: str, schema: Schema, *, required: bool = True) -> Parameter:
    return Parameter(name=name, param_in=ParamType.HEADER, schema=schema, required=required)


_BYTES = RequestBody(
    {OFFSET_OCTETS: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))}
)
_COUNT = Schema(type=OpenAPIType.INTEGER, minimum=0)
_VERSION = _header("Tus-Resumable", Schema(const=VERSION))
_CHECKSUM = _header("Upload-Checksum", Schema(type=OpenAPIType.STRING, pattern="^sha(1|256) "), required=False)
_METADATA = _header("Upload-Metadata", Schema(type=OpenAPIType.STRING, pattern="^sha256 [A-Za-z0-9+/]{43}=$"))


@dataclass
class _Asks(Operation):
    """A request without a body."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), _VERSION]


@dataclass
class _Begins(Operation):
    """A creation, perhaps with the first bytes."""

    def __post_init__(self) -> None:
        self.request_body = _BYTES
        self.parameters = [_VERSION, _header("Upload-Length", _COUNT), _METADATA, _CHECKSUM]


@dataclass
class _Sends(Operation):
    """A piece."""

    def __post_init__(self) -> None:
        self.request_body = _BYTES
        self.parameters = [*(self.parameters or ()), _VERSION, _header("Upload-Offset", _COUNT), _CHECKSUM]


def routes(photos: PhotoIntake) -> list[ControllerRouterHandler]:
    """Return the routes under /photos."""
    body_limit = photos.limit

    @route("/", http_method=HttpMethod.OPTIONS, status_code=204, summary="What this server can do")
    async def describe() -> Response[None]:
        return _answer(204, _abilities(photos.limit))

    @post(
        "/",
        status_code=201,
        summary="Begin an upload",
        operation_class=_Begins,
        responses=errors(400, 412, 413, 415, 460, 503),
        request_max_body_size=body_limit,
    )
    async def begin(request: AnyRequest) -> Response[None]:
        _expect_version(request)
        digest, length = _digest(request), _number(request, "upload-length")
        data = await _piece(request, partial=False) if _has_body(request) else b""
        name, offset = await photos.begin(length, digest, data)
        headers = {"Location": f"/photos/{name}", "Upload-Offset": str(offset)}
        return _answer(201, headers | _expires(photos, offset < length))

    @head("/{name:str}", summary="How much has come", operation_class=_Asks, responses=errors(404, 412, 460, 503))
    async def status(request: AnyRequest, name: FromPath[str]) -> Response[None]:
        _expect_version(request)
        offset, length = await photos.offset(name), photos.length(name)
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(length), "Cache-Control": "no-store"}
        return _answer(200, headers | _expires(photos, offset < length))

    @patch(
        "/{name:str}",
        status_code=204,
        summary="Send on",
        operation_class=_Sends,
        responses=errors(400, 404, 409, 412, 413, 415, 460, 503),
        request_max_body_size=body_limit,
    )
    async def send(request: AnyRequest, name: FromPath[str]) -> Response[None]:
        _expect_version(request)
        expect_type(request, OFFSET_OCTETS)
        at, length = _number(request, "upload-offset"), photos.length(name)
        offset = await photos.append(name, at, await _piece(request, partial=True))
        return _answer(204, {"Upload-Offset": str(offset)} | _expires(photos, offset < length))

    @delete(
        "/{name:str}", status_code=204, summary="Give an upload up", operation_class=_Asks, responses=errors(404, 412)
    )
    async def give_up(request: AnyRequest, name: FromPath[str]) -> Response[None]:
        _expect_version(request)
        photos.drop(name)
        return _answer(204, {})

    return [
        Router(
            "/photos",
            route_handlers=[describe, begin, status, send, give_up],
            exception_handlers={Problem: _on_problem, StoreFull: _on_store_full, HTTPException: on_http_error},
        )
    ]


def _answer(status: int, headers: dict[str, str]) -> Response[None]:
    return Response(None, status_code=status, headers={"Tus-Resumable": VERSION, **headers})


def _abilities(limit: int) -> dict[str, str]:
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,creation-with-upload,checksum,expiration,termination",
        "Tus-Max-Size": str(limit),
        "Tus-Checksum-Algorithm": ",".join(_ALGORITHMS),
    }


def _expires(photos: PhotoIntake, unfinished: bool) -> dict[str, str]:
    """Say until when an unfinished upload is kept. It is reckoned anew for each answer, and written down nowhere."""
    return {"Upload-Expires": formatdate(time.time() + photos.expiry, usegmt=True)} if unfinished else {}


def _on_problem(_: AnyRequest, problem: Problem) -> Response[ProblemBody]:
    """A Problem with the status that the protocol asks for."""
    status = _STATUS.get(problem.code)
    response = _mismatch(problem) if status == _CHECKSUM_MISMATCH else respond(problem, status)
    response.set_header("Tus-Resumable", VERSION)
    response.set_header("Tus-Version", VERSION)
    return response


def _on_store_full(request: AnyRequest, error: StoreFull) -> Response[ProblemBody]:
    response = on_store_full(request, error)
    response.set_header("Tus-Resumable", VERSION)
    return response


def _mismatch(problem: Problem) -> Response[ProblemBody]:
    """460 is the protocol's own status, which the standard library has no name for."""
    detail = f"{problem.field}: {problem.problem}"
    urn = f"urn:golos:{problem.code}"
    body = ProblemBody(urn, "Checksum Mismatch", _CHECKSUM_MISMATCH, detail, problem.field, problem.remedy)
    return Response(body, status_code=_CHECKSUM_MISMATCH, media_type=PROBLEM_JSON)


def _expect_version(request: AnyRequest) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise Problem("tus.version", "Tus-Resumable", f"is not {VERSION}.", f"Speak tus {VERSION}.")


def _number(request: AnyRequest, name: FromPath[str]) -> int:
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise Problem("upload.header", name.title(), "is missing or no whole number.", "Say how many bytes.")
    return int(value)


def _digest(request: AnyRequest) -> bytes:
    """Return the digest in Upload-Metadata; whatever else a client tells there is not looked at."""
    pairs = (pair.split() for pair in request.headers.get("upload-metadata", "").split(","))
    found = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    digest = _base64(found.get("sha256", ""))
    if len(digest) != hashlib.sha256().digest_size:
        raise Problem(
            "upload.metadata",
            "Upload-Metadata",
            "does not give the photograph's digest.",
            "Send: sha256, a space, and the 32 bytes of the SHA-256 in base64.",
        )
    return digest


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _has_body(request: AnyRequest) -> bool:
    """A creation may carry the first bytes; an empty one need not say of what type they are."""
    if request.headers.get("content-length", "") in ("", "0") and "transfer-encoding" not in request.headers:
        return False
    expect_type(request, OFFSET_OCTETS)
    return True


async def _piece(request: AnyRequest, *, partial: bool) -> bytes:
    """Return the body's bytes, checked. ``partial``: where the sender went away, as many as came are good too."""
    checksum = _checksum(request)
    data = bytearray()
    try:
        async for part in request.stream():
            data += part
    except HTTPException as gone:
        if checksum or not partial or gone.status_code != HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
    piece = bytes(data)
    if checksum and not secrets.compare_digest(hashlib.new(checksum[0], piece).digest(), checksum[1]):
        raise Problem("upload.checksum", "Upload-Checksum", "is not that of the body.", "Send the piece again.")
    return piece


def _checksum(request: AnyRequest) -> tuple[str, bytes] | None:
    header = request.headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    expected = _base64(value)
    if algorithm not in _ALGORITHMS or not expected:
        raise Problem(
            "upload.algorithm",
            "Upload-Checksum",
            "is not an algorithm this server knows and a digest in base64.",
            f"Send one of {', '.join(_ALGORITHMS)}, a space, and the digest in base64.",
        )
    return algorithm, expected
