"""Server: the web door in one process, since one process writes the store."""

import asyncio
import signal
from collections.abc import Callable

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from litestar import Litestar

_STOP = (signal.SIGINT, signal.SIGTERM)


def run(create_app: Callable[[], Litestar], host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are answered first, then background loops end."""
    asyncio.run(serve(create_app, host, port, signals=True))


async def serve(
    create_app: Callable[[], Litestar],
    host: str,
    port: int,
    *,
    signals: bool = False,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until ``stop`` is set, or (with ``signals``, in the main thread) a signal comes. No request is logged."""
    server = Server(
        create_app(),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.auto,
        websockets=False,
        log_enabled=False,
        log_access=False,
        backlog=1024,
    )
    if signals:
        for one in _STOP:
            asyncio.get_running_loop().add_signal_handler(one, server.stop)
    waiter = asyncio.create_task(_stop_on(stop, server)) if stop is not None else None
    try:
        await server.serve()
    finally:
        if waiter is not None:
            waiter.cancel()


async def _stop_on(stop: asyncio.Event, server: Server) -> None:
    await stop.wait()
    server.stop()  # type: ignore[no-untyped-call]
