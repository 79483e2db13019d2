"""Headers of every answer: no page loads from another host, nothing is kept where it is not said to be."""

from litestar.types import Message, Scope

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_ALWAYS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), microphone=()"),
)
_NOT_STORED = (b"cache-control", b"no-store")


async def secure(message: Message, _: Scope) -> None:
    """A before-send hook: add the headers that an answer does not give itself; by default it is not stored."""
    if message["type"] != "http.response.start":
        return
    given = list(message["headers"])
    names = {name.lower() for name, _ in given}
    message["headers"] = [*given, *((name, value) for name, value in (*_ALWAYS, _NOT_STORED) if name not in names)]
