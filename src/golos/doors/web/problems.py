"""Problems over HTTP: every error is application/problem+json (RFC 9457) with the field and the remedy."""

from http import HTTPStatus

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from golos.model.problem import Problem
from golos.ports import StoreFull

PROBLEM_JSON = "application/problem+json"
_RETRY_SECONDS = {503: "5", 429: "600"}

_STATUS = {
    "overload": 503,
    "store.full": 503,
    "channel.down": 503,
    "log.stale": 503,
    "enrolment.busy": 429,
    "enrolment.too_often": 429,
    "enrolment.code_wrong": 403,
    "enrolment.code_expired": 403,
    "enrolment.guesses": 403,
    "enrolment.used": 409,
    "enrolment.reissued": 409,
    "enrolment.unknown": 409,
    "enrolment.closed": 409,
    "election.frozen": 409,
    "quota": 409,
    "verdict.already": 409,
    "code.already": 409,
    "token": 403,
    "record.signature": 403,
    "record.signatures": 403,
    "record.steward": 403,
    "accreditation": 403,
    "role": 403,
    "role.waiting": 409,
    "role.repeated": 409,
    "desk.signature": 403,
    "desk.role": 403,
    "desk.replayed": 403,
    "desk.not_assigned": 403,
    "missing": 404,
    "http.method": 405,
    "body.too_large": 413,
    "body.type": 415,
    "internal": 500,
}
_LOG = structlog.get_logger("golos.web")


class ProblemBody(msgspec.Struct):
    """The JSON of an error; ``type`` is ``urn:golos:CODE``, a stable name."""

    type: str
    title: str
    status: int
    detail: str
    field: str
    remedy: str


def status_of(code: str) -> int:
    """Return the HTTP status of a problem: its own, that of the part before the dot, else 400."""
    return _STATUS.get(code) or _STATUS.get(code.partition(".")[0]) or 400


def respond(problem: Problem, status: int | None = None) -> Response[ProblemBody]:
    """Return the answer that says what is wrong."""
    status = status or status_of(problem.code)
    body = ProblemBody(
        f"urn:golos:{problem.code}",
        HTTPStatus(status).phrase,
        status,
        f"{problem.field}: {problem.problem}" if problem.field else problem.problem,
        problem.field,
        problem.remedy,
    )
    headers = {"Retry-After": _RETRY_SECONDS[status]} if status in _RETRY_SECONDS else {}
    return Response(body, status_code=status, media_type=PROBLEM_JSON, headers=headers)


def on_problem(_: Request, problem: Problem) -> Response[ProblemBody]:  # type: ignore[type-arg]
    """A Problem is shown as it is."""
    return respond(problem)


def on_store_full(_: Request, __: StoreFull) -> Response[ProblemBody]:  # type: ignore[type-arg]
    """Nothing was accepted."""
    return respond(
        Problem("store.full", "", "The store can't write now; nothing was accepted.", "Send it again later.")
    )


def on_http_error(_: Request, error: HTTPException) -> Response[ProblemBody]:  # type: ignore[type-arg]
    """What the framework refuses: no such page, wrong method, a body that is too large or not of the schema."""
    response = respond(_http_problem(error), error.status_code)
    for name, value in (error.headers or {}).items():
        response.set_header(name, value)
    return response


def on_defect(request: Request, error: Exception) -> Response[ProblemBody]:  # type: ignore[type-arg]
    """A defect of ours."""
    log_defect(error, str(request.route_handler))
    return respond(Problem("internal", "", "Something went wrong here, not with you.", "Send it again later."))


def log_defect(error: Exception, handler: str) -> None:
    """Write a log line that says where, never with what input: a message may repeat what was sent."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_qualname}:{where.tb_lineno}" if where else ""
    _LOG.error("defect", error=type(error).__name__, place=place, handler=handler)


def on_nesting(_: Request, __: RecursionError) -> Response[ProblemBody]:  # type: ignore[type-arg]
    """A body of brackets in brackets is the sender's doing."""
    return respond(Problem("request.malformed", "body", "is nested too deeply.", "See /schema."))


def on_no_path(_: Request, __: ValueError) -> Response[ProblemBody]:  # type: ignore[type-arg]
    """A path that no file system takes, as one that holds a zero byte."""
    return respond(Problem("missing", "path", "names nothing that is here.", "See /schema for what is."))


def _http_problem(error: HTTPException) -> Problem:
    if isinstance(error, ValidationException):
        return _validation_problem(error)
    match error.status_code:
        case 404:
            return Problem("missing", "path", "names nothing that is here.", "See /schema for what is.")
        case 405:
            return Problem("http.method", "method", "is not one this path takes.", "See /schema for those it takes.")
        case 413:
            return Problem("body.too_large", "body", "is larger than this path takes.", "See /schema for the limits.")
        case 415:
            return Problem("body.type", "Content-Type", "is not what this path takes.", "See /schema.")
    return Problem("request.malformed", "body", "is not what this path takes.", "See /schema.")


def _validation_problem(error: ValidationException) -> Problem:
    extra = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    field = str(extra.get("key") or "data").removeprefix("data.").replace("data", "body")
    return Problem("request.malformed", field, "is missing or not of the form asked for.", "See /schema.")
