"""Metrics: counts for Prometheus, none of which can be matched with a sender.

A count that moves when a request comes tells whoever watches the network what the connection carried. So the page
shows the counts as they were when the log last grew, or ``every`` seconds ago: as coarse as the log itself.
"""

import time
from collections.abc import Callable

from litestar import Response, get
from litestar.enums import ScopeType
from litestar.types import ControllerRouterHandler, Message, Scope
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from golos.doors.web.services import PublicLog

_TYPE = CONTENT_TYPE_LATEST.partition("; charset")[0]


class Metrics:
    """The registry of one application; ``answered`` is a before-send hook."""

    def __init__(self, log: PublicLog, every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._every = every
        self._clock = clock
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "golos_answers", "Answers by path and status", ["path", "status"], registry=self._registry
        )
        size = Gauge("golos_log_size", "Entries under the newest final checkpoint", registry=self._registry)
        size.set_function(lambda: log.final.size)
        self._page = b""
        self._of = (-1, float("-inf"))

    async def answered(self, message: Message, scope: Scope) -> None:
        """Count an answer by the path's pattern, never by the path."""
        if message["type"] == "http.response.start" and scope["type"] == ScopeType.HTTP:
            pattern = scope.get("path_template") or "other"
            self._answers.labels(pattern, str(message["status"])).inc()

    def page(self) -> bytes:
        """Return the text of the last step."""
        size, step = self._of
        if self._log.final.size != size or self._clock() >= step + self._every:
            self._page = generate_latest(self._registry)
            self._of = (self._log.final.size, self._clock())
        return self._page


def metrics_routes(metrics: Metrics) -> list[ControllerRouterHandler]:
    """Return the route of the metrics."""

    @get("/metrics", summary="Counts in the Prometheus text format", media_type=_TYPE)
    async def page() -> Response[bytes]:
        return Response(metrics.page(), media_type=_TYPE)

    return [page]
