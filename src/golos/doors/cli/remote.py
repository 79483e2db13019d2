"""Remote: records and blobs of a command, handed to the running server by its desk, signed by the clerk's key."""

import base64
import time
from collections.abc import Mapping, Sequence

import httpx

from golos.credential.staff import Staff
from golos.doors.web.desk import HEADER, RECORD_LIMIT
from golos.doors.web.spec import CBOR, OCTETS
from golos.model.ed25519 import SigningKey
from golos.model.problem import Problem
from golos.model.record import digest

_PATIENCE = 1800.0
"""Seconds to wait for a checkpoint over the records."""


def send(
    host: str, port: int, election: bytes, clerk: SigningKey, records: Sequence[bytes], blobs: Sequence[bytes]
) -> None:
    """Hand everything over and wait until a checkpoint covers the records.

    Raises Problem ``server.gone`` if the server that holds the store can't be reached, or what the server answered.
    """
    staff = Staff(election, clerk)
    with httpx.Client(base_url=f"http://{host}:{port}", timeout=60.0, trust_env=False) as client:
        for blob in blobs:
            _accepted(_announce(client, staff, "/desk/blobs", blob))
        for record in records:
            if len(record) > RECORD_LIMIT:
                _accepted(_announce(client, staff, "/desk/large", record))
            else:
                _accepted(_ask(client, "POST", "/desk/records", staff.request("/desk/records", record), CBOR))
        deadline = time.monotonic() + _PATIENCE
        for record in records:
            while _ask(client, "GET", f"/receipts/{digest(record).hex()}").status_code == 404:
                if time.monotonic() > deadline:
                    raise Problem("log.stale", "log", "has had no new checkpoint in time.", "What was sent is safe.")
                time.sleep(0.25)


def announcement(staff: Staff, path: str, body: bytes) -> dict[str, str]:
    """Return the header that a large body to ``path`` of the desk needs."""
    request = staff.request(path, digest(body))
    return {HEADER: base64.urlsafe_b64encode(request).decode().rstrip("=")}


def _announce(client: httpx.Client, staff: Staff, path: str, body: bytes) -> httpx.Response:
    return _ask(client, "POST", path, body, OCTETS, announcement(staff, path, body))


def _ask(
    client: httpx.Client,
    method: str,
    path: str,
    body: bytes = b"",
    kind: str = OCTETS,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    try:
        return client.request(method, path, content=body, headers={"Content-Type": kind, **(headers or {})})
    except httpx.TransportError as error:
        raise Problem(
            "server.gone", "store", f"is in use, but no server answers ({error}).", "Stop the process that holds it."
        ) from error


def _accepted(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    told = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    code = str(told.get("type", "http")).removeprefix("urn:golos:")
    field = str(told.get("field", "server"))
    detail = str(told.get("detail", f"answered {answer.status_code}.")).removeprefix(f"{field}: ")
    raise Problem(code, field, detail, str(told.get("remedy", "")))
