"""Server: the web door in one process, since one process writes the store."""

import asyncio
import signal
import socket
from collections.abc import Callable

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from litestar import Litestar

from golos.model.problem import Problem

_STOP = (signal.SIGINT, signal.SIGTERM)


def run(create_app: Callable[[], Litestar], host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are answered first, then background loops end.

    Raises Problem ``web.address`` where the address can't be listened on.
    """
    _expect_free(host, port)
    asyncio.run(serve(create_app, host, port, signals=True))


def _expect_free(host: str, port: int) -> None:
    """Try the address first: the server itself would end in the middle of its start."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise Problem(
            "web.address",
            f"{host}:{port}",
            f"can't be listened on ({error.strerror or error}).",
            "Stop the program that holds it, or write another host and port into golos.toml.",
        ) from error


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
