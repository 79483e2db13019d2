"""Browser side: the app's own code under Node.js, asked line by line by the tests."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WEB = HERE.parents[2] / "web"
sys.path.insert(0, str(WEB))

import node  # noqa: E402


def bundled(entry: Path, out: Path, *extra: str) -> Path:
    """Bundle a TypeScript file of the tests with the app's sources; skips where there are no Node.js or packages."""
    try:
        node.install()
        esbuild = str(WEB / "node_modules/esbuild/bin/esbuild")
        options = ("--bundle", "--format=esm", "--log-level=error", f"--alias:golos-app={WEB / 'src/core'}")
        node.run("node", esbuild, str(entry), *options, f"--outfile={out}", *extra, capture_output=True)
    except node.Absent as absent:
        pytest.skip(str(absent))
    except subprocess.CalledProcessError as error:
        raise AssertionError(error.stderr) from error
    return out


class Refused(Exception):
    """The app's code threw: the code of its problem."""


class BrowserSide:
    """One process of Node.js that answers in order. Bytes are hex on the way."""

    def __init__(self, program: Path, *arguments: str) -> None:
        command = [str(node.folder() / "node"), str(program), *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command, *arguments):
        """Return what the command answers: bytes, or whatever JSON holds. Raises Refused."""
        self._process.stdin.write(json.dumps([command, *map(_spelt, arguments)]) + "\n")
        self._process.stdin.flush()
        kind, answer = json.loads(self._process.stdout.readline())
        if kind == "refused":
            raise Refused(answer)
        return _read(answer)

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(30) == 0


def _spelt(value):
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, dict):
        return {key: _spelt(one) for key, one in value.items()}
    return [_spelt(one) for one in value] if isinstance(value, (list, tuple)) else value


def _read(value):
    if isinstance(value, dict) and set(value) == {"hex"}:
        return bytes.fromhex(value["hex"])
    if isinstance(value, dict):
        return {key: _read(one) for key, one in value.items()}
    return [_read(one) for one in value] if isinstance(value, list) else value
