"""The programs of others that these tests drive. One that can't be had is skipped, and the reason says which."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.interop.javascript import JavaScript
from tests.interop.published import SIZES, publish

HERE = Path(__file__).parent
GOPATH = Path("/usr/share/gocode")


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """One published folder per size; tests that alter one copy it."""
    folder = tmp_path_factory.mktemp("logs")
    return {size: publish(folder / str(size), size) for size in SIZES}


@pytest.fixture(scope="session")
def readlog(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """The program readlog/main.go, built against Debian's sources of golang.org/x/mod without any network."""
    go = shutil.which("go", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if go is None:
        pytest.skip("no go: it comes with the requirements of the tests")
    if not (GOPATH / "src/golang.org/x/mod/sumdb").is_dir():
        pytest.skip("no sources of golang.org/x/mod: Debian's package golang-golang-x-mod-dev")
    program = tmp_path_factory.mktemp("go") / "readlog"
    cache = pytestconfig.cache.mkdir("go") if pytestconfig.cache else program.parent / "cache"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(program.parent),
        "GOPATH": str(GOPATH),
        "GOCACHE": str(cache),
        "GO111MODULE": "off",
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }
    build = [go, "build", "-o", program, HERE / "readlog/main.go"]
    subprocess.run(build, env=environment, check=True, timeout=300)
    return program


@pytest.fixture(scope="session")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> JavaScript:
    return JavaScript(tmp_path_factory.mktemp("javascript"))
