"""Site: the web door as one ASGI application, from the services of this process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from golos import __version__
from golos.doors.web import problems
from golos.doors.web.app import CORS, app_routes, dispute_routes
from golos.doors.web.desk import desk_routes
from golos.doors.web.election import election_routes
from golos.doors.web.headers import secure
from golos.doors.web.intake import enrolment_routes, envelope_routes
from golos.doors.web.log import log_routes
from golos.doors.web.metrics import Metrics, metrics_routes
from golos.doors.web.services import Services
from golos.model.problem import Problem
from golos.ports import StoreFull

_PAUSE = 1.0
"""Seconds before a broken background loop is begun again."""
_BODY_LIMIT = 65_536
"""Bytes of a request where a route says nothing else."""


def create(services: Services) -> Litestar:
    """Return the application. It keeps no log of requests; its OpenAPI document is at /schema/openapi.json."""
    metrics = Metrics(services.log, services.pack.policy.checkpoint_every)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await services.follower.start()
        if services.desk is not None:
            await services.desk.room.start()
        loops = [asyncio.create_task(_kept_up(loop)) for loop in services.background]
        yield
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)

    return Litestar(
        route_handlers=[*_routes(services), *metrics_routes(metrics)],
        lifespan=[lifespan],
        before_send=[secure, metrics.answered],
        exception_handlers={
            Problem: problems.on_problem,
            StoreFull: problems.on_store_full,
            HTTPException: problems.on_http_error,
            RecursionError: problems.on_nesting,
            Exception: problems.on_defect,
        },
        request_max_body_size=_BODY_LIMIT,
        cors_config=CORS,
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Golos", version=__version__, path="/schema", render_plugins=[JsonRenderPlugin()]
        ),
    )


async def _kept_up(loop: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a background loop until it ends; one that a defect breaks off is said and begun again.

    Otherwise the checkpoints, or the reading room, would stand still without a word until the next restart.
    """
    while True:
        try:
            return await loop()
        except Exception as error:
            problems.log_defect(error, "background")
            await asyncio.sleep(_PAUSE)


def _routes(services: Services) -> list[ControllerRouterHandler]:
    routes = [
        *log_routes(services.log, services.journal, services.fresh),
        *election_routes(services.pack, services.pack_folder, services.totals, services.follower),
        *services.photos,
        *app_routes(services.pack, services.pack_folder, services.log, services.mirrors),
    ]
    if services.admission is not None:
        routes += envelope_routes(services.admission)
    if services.register is not None:
        routes += enrolment_routes(services.register)
    if services.disputes is not None:
        routes += dispute_routes(services.disputes, services.log)
    if services.desk is not None:
        routes += desk_routes(services.desk, services.follower)
    if services.public is not None:
        routes += [_static("/published", services), _static("/", services)]
    return routes


def _static(path: str, services: Services) -> ControllerRouterHandler:
    """Serve the published folder: at / for people, where live paths win; at /published byte for byte, for mirrors."""
    return create_static_files_router(
        path=path,
        directories=[services.public or ""],
        html_mode=True,
        name=f"published {path}",
        resolve_symlinks=False,
        include_in_schema=False,
        exception_handlers={ValueError: problems.on_no_path},
    )
