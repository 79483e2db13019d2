"""Replay: a signed request is answered once."""

from collections import OrderedDict

from golos.model.problem import Problem


class Nonces:
    """The newest ``limit`` nonces of requests by staff keys, in memory. Only those who hold a role can fill it."""

    def __init__(self, limit: int = 100_000) -> None:
        self._limit = limit
        self._seen: OrderedDict[tuple[bytes, bytes], None] = OrderedDict()

    def spend(self, key: bytes, nonce: bytes) -> None:
        """Raises Problem ``desk.replayed`` if this key's request with this nonce has been answered."""
        if (key, nonce) in self._seen:
            raise Problem("desk.replayed", "request.nonce", "was used before.", "Make a new request with a new nonce.")
        self._seen[key, nonce] = None
        if len(self._seen) > self._limit:
            self._seen.popitem(last=False)
