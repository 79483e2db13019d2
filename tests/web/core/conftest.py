from pathlib import Path

import pytest
from tests.web.core.browser_side import HERE, BrowserSide, bundled


@pytest.fixture(scope="session")
def program(tmp_path_factory) -> Path:
    return bundled(HERE / "answer.ts", tmp_path_factory.mktemp("web") / "answer.mjs", "--platform=node")


@pytest.fixture(scope="session", params=["native", "fallback"])
def app(request, program):
    """The app's code, with the browser's curves and with the fallback's."""
    side = BrowserSide(program)
    if request.param == "fallback":
        side.ask("fallback")
    assert side.ask("native") == (request.param == "native")
    yield side
    side.close()
