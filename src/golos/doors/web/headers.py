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
_UNFRAMED = (b"content-security-policy", b"x-frame-options")
_NOT_STORED = (b"cache-control", b"no-store")


_EMBED = "/embed.html"
"""The end of the path of the one page that other sites may frame (docs/report.md)."""
_FRAMED = ((b"content-security-policy", b"default-src 'self'; script-src 'none'; frame-ancestors *"),)


async def secure(message: Message, scope: Scope) -> None:
    """A before-send hook: add the headers that an answer does not give itself; by default it is not stored."""
    if message["type"] != "http.response.start":
        return
    given = list(message["headers"])
    names = {name.lower() for name, _ in given}
    framed = scope["path"].endswith(_EMBED)
    always = [*_FRAMED, *(pair for pair in _ALWAYS if pair[0] not in _UNFRAMED)] if framed else _ALWAYS
    message["headers"] = [*given, *((name, value) for name, value in (*always, _NOT_STORED) if name not in names)]
