"""The road in: envelopes and enrolment."""

import base64
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.params import JSONBody, Parameter
from litestar.types import ControllerRouterHandler

from golos.credential.sealing import ENVELOPE_SIZES
from golos.credential.token import REQUEST_LENGTH
from golos.doors.web.spec import OCTETS, TakesOctets, errors, expect_type
from golos.intake.admission import Admission
from golos.intake.register import Register

TOKEN_RESPONSE = "application/private-token-response"  # noqa: S105  (RFC 9578 section 8.3)
_REQUEST_CHARACTERS = -(-REQUEST_LENGTH * 8 // 6)
_JSON_LIMIT = 4096


class Admitted(msgspec.Struct):
    """The SHA-256 of the record, in hex: its receipt is asked for by that name."""

    record: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class CodeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A phone in international form."""

    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class CodeSent(msgspec.Struct):
    """A code is on its way."""

    sent: bool = True


class TokenRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A phone, the code it was sent, and the TokenRequest of RFC 9578 in base64url without padding."""

    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    code: Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")]
    request: Annotated[
        str, msgspec.Meta(pattern="^[A-Za-z0-9_-]+$", min_length=_REQUEST_CHARACTERS, max_length=_REQUEST_CHARACTERS)
    ]


def envelope_routes(admission: Admission) -> list[ControllerRouterHandler]:
    """Return the route that takes envelopes."""

    @post(
        "/envelopes",
        status_code=202,
        summary="Send a sealed envelope; 202 when its record is durable",
        operation_class=TakesOctets,
        responses=errors(400, 403, 409, 413, 415, 503),
        request_max_body_size=ENVELOPE_SIZES[-1],
    )
    async def send_envelope(request: Request[Any, Any, Any]) -> Admitted:
        expect_type(request, OCTETS)
        return Admitted((await admission.admit(await request.body())).hex())

    return [send_envelope]


def enrolment_routes(register: Register) -> list[ControllerRouterHandler]:
    """Return the routes by which a phone becomes a token."""

    @post(
        "/enrolment/code",
        status_code=202,
        summary="Have a code sent to a phone",
        responses=errors(400, 413, 429, 503),
        request_max_body_size=_JSON_LIMIT,
    )
    async def send_code(data: JSONBody[CodeRequest]) -> CodeSent:
        await register.send_code(data.phone)
        return CodeSent()

    @post(
        "/enrolment/token",
        status_code=200,
        summary="Exchange a code and a blinded request for the issuer's response",
        media_type=TOKEN_RESPONSE,
        responses=errors(400, 403, 409, 413, 503),
        request_max_body_size=_JSON_LIMIT,
    )
    async def issue_token(
        data: JSONBody[TokenRequest],
        reissue: Annotated[int, Parameter(ge=0, le=1, description="1: the key was lost; once per phone")] = 0,
    ) -> Response[bytes]:
        request = base64.urlsafe_b64decode(data.request + "=" * (-len(data.request) % 4))
        return Response(await register.token(data.phone, data.code, request, bool(reissue)), media_type=TOKEN_RESPONSE)

    return [send_code, issue_token]
