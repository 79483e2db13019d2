"""The stores that the contract runs against. A new store adds itself here and passes everything in this folder."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from golos.stores.embedded import open_stores


class Shelf:
    """A store under test: open, and openable again as after a restart."""

    def __init__(self, opener: Callable[[], Any]) -> None:
        self._opener = opener
        self.stores = opener()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stores, name)

    def restart(self) -> None:
        self.stores.close()
        self.stores = self._opener()


def _embedded(tmp_path):
    return lambda: open_stores(tmp_path / "store")


STORES = {"embedded": _embedded}


@pytest.fixture(params=sorted(STORES))
def store(request, tmp_path) -> Iterator[Shelf]:
    shelf = Shelf(STORES[request.param](tmp_path))
    yield shelf
    shelf.stores.close()
