"""Spec: what OpenAPI can't read off a handler's signature: bodies of bytes, and the errors a path answers."""

from dataclasses import dataclass

from litestar import Request
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema

from golos.doors.web.problems import PROBLEM_JSON, ProblemBody
from golos.model.problem import Problem

OCTETS = "application/octet-stream"
CBOR = "application/cbor"
_BYTES = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)


@dataclass
class TakesOctets(Operation):
    """A POST of bytes."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody({OCTETS: OpenAPIMediaType(schema=_BYTES)}, required=True)


@dataclass
class TakesCbor(Operation):
    """A POST of a signed CBOR request (docs/formats.md, the road in)."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody({CBOR: OpenAPIMediaType(schema=_BYTES)}, required=True)


def errors(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the responses of these statuses: a problem, as every error is."""
    return {
        status: ResponseSpec(ProblemBody, generate_examples=False, media_type=PROBLEM_JSON, description="A problem")
        for status in statuses
    }


def expect_type(request: Request, media_type: str) -> None:  # type: ignore[type-arg]
    """Raises Problem ``body.type`` unless the body is said to be of that type."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise Problem("body.type", "Content-Type", f"is not {media_type}.", f"Send it as {media_type}.")
