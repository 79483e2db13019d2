"""JavaScript: the .mjs files of this folder beside the npm packages that package-lock.json pins, asked by pipe."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OLDEST = 20
UNREACHED = re.compile(r"\b(EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENOTFOUND|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b")
"""What npm says where there is no network, or none to its registry; any other failure is ours."""


class Refused(Exception):
    """The other program ended with an error, which this holds."""


class JavaScript:
    """The packages installed in ``folder``; skips the test that wants them where that can't be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for file in [*HERE.glob("*.mjs"), *HERE.glob("package*.json")]:
            shutil.copy(file, folder)
        _check_version()
        self._install()

    def ask(self, program: str, command: str, **values: bytes | int) -> dict[str, bytes]:
        """Return what the program answers. Raises Refused."""
        question = {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()}
        done = self._run("node", program, command, question=json.dumps(question))
        if done.returncode:
            raise Refused(done.stderr)
        return {name: bytes.fromhex(value) for name, value in json.loads(done.stdout).items()}

    def _install(self) -> None:
        done = self._run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
        if done.returncode and UNREACHED.search(done.stderr):
            pytest.skip("npm can't reach its registry")
        assert done.returncode == 0, done.stderr

    def _run(self, *command: str, question: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self._folder, input=question, capture_output=True, text=True, timeout=180)


def _check_version() -> None:
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no node and npm")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < OLDEST:
        pytest.skip(f"node {version} is older than {OLDEST}, which the packages need")
