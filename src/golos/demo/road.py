"""Road: a plain HTTP client for the doors, one kept-alive connection per thread."""

import base64
import http.client
import threading
import time
from collections.abc import Mapping

import msgspec

from golos.model.problem import Problem

_TRIES = 8


class Refused(Exception):
    """The door said no: the HTTP status and the problem it named."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem


class Road:
    """Requests to one server. A 503 is asked again after its Retry-After; a lost connection at once."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._local = threading.local()

    def send_code(self, phone: str) -> None:
        """Ask for a code."""
        self._post("/enrolment/code", msgspec.json.encode({"phone": phone}), "application/json")

    def token(self, phone: str, code: str, request: bytes) -> bytes:
        """Return the TokenResponse to a TokenRequest."""
        text = base64.urlsafe_b64encode(request).decode().rstrip("=")
        body = msgspec.json.encode({"phone": phone, "code": code, "request": text})
        return self._post("/enrolment/token", body, "application/json")

    def envelope(self, envelope: bytes) -> bytes:
        """Hand over an envelope; return the record's name."""
        answer = self._post("/envelopes", envelope, "application/octet-stream")
        return bytes.fromhex(msgspec.json.decode(answer)["record"])

    def photo(self, sealed: bytes, digest: bytes) -> None:
        """Upload a sealed photograph in one request (tus creation-with-upload)."""
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(sealed)),
            "Upload-Metadata": "sha256 " + base64.b64encode(digest).decode(),
        }
        self._post("/photos", sealed, "application/offset+octet-stream", headers)

    def receipt(self, name: bytes) -> bytes | None:
        """Return the receipt of a record; None while it is not under a checkpoint."""
        try:
            return self.ask("GET", f"/receipts/{name.hex()}", b"", {})
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise

    def desk(self, path: str, request: bytes) -> bytes:
        """Send a signed request to the desk."""
        return self._post(path, request, "application/cbor")

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Return the body of a successful answer; raises Refused."""
        for attempt in range(_TRIES):
            try:
                status, wait, answer = self._exchange(method, path, body, headers)
            except (http.client.HTTPException, OSError):
                self._local.connection = None
                if attempt == _TRIES - 1:
                    raise
                time.sleep(0.05 * 2**attempt)
                continue
            if status < 300:
                return answer
            if status != 503 or attempt == _TRIES - 1:
                raise Refused(status, _problem(answer))
            time.sleep(wait)
        raise AssertionError("unreachable")

    def _post(self, path: str, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> bytes:
        return self.ask("POST", path, body, {"Content-Type": kind, **(headers or {})})

    def _exchange(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, float, bytes]:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection(*self._address, timeout=30)
        connection.request(method, path, body or None, dict(headers))
        answer = connection.getresponse()
        return answer.status, float(answer.headers.get("Retry-After") or 1), answer.read()


def _problem(body: bytes) -> Problem:
    try:
        told = msgspec.json.decode(body, type=dict[str, object])
    except msgspec.DecodeError:
        return Problem("http", "answer", "is no problem document.")
    code = str(told.get("type", "")).removeprefix("urn:golos:")
    field = str(told.get("field", ""))
    return Problem(code, field, str(told.get("detail", "")).removeprefix(f"{field}: "), str(told.get("remedy", "")))
