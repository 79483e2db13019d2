"""The build: the same bytes each time, within its sizes; and its cryptography in a real browser."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.publish.browser import browser, served
from tests.web.core.browser_side import HERE, WEB, bundled, node

from golos.credential.sealing import SealingKey, open_inner
from golos.model.ed25519 import SigningKey, verify

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors" / "cctv-ed25519" / "ed25519vectors.json"
ELECTION = bytes(range(32))
IN_WHEEL = "golos/_app/"
NOT_SOURCE = (".git", ".venv", ".*cache", ".hypothesis", "__pycache__", "node_modules", "build", "_app", "tests")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("built") / "app"
    try:
        node.build(out)
    except node.Absent as absent:
        pytest.skip(str(absent))
    return out


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_source_gives_the_same_bytes(built, tmp_path):
    node.build(tmp_path / "elsewhere")
    assert contents(tmp_path / "elsewhere") == contents(built)


def test_a_wheel_built_elsewhere_carries_the_same_app(built, tmp_path):
    copy, dist = tmp_path / "source", tmp_path / "dist"
    shutil.copytree(WEB.parent, copy, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    (copy / "web" / "node_modules").symlink_to(WEB / "node_modules")
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", dist)
    environment = {**os.environ, "GOLOS_APP_REQUIRED": "1"}
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    (wheel,) = dist.glob("*.whl")
    with ZipFile(wheel) as archive:
        carried = [name for name in archive.namelist() if name.startswith(IN_WHEEL)]
        assert {name.removeprefix(IN_WHEEL): archive.read(name) for name in carried} == contents(built)


def test_what_is_loaded_stays_within_its_limits(built):
    found = node.sizes(built)
    for kind, (_, limit) in node.LIMITS.items():
        assert not limit or 0 < found[kind] <= limit, kind


def test_a_folder_that_no_build_has_made_is_not_written_over(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(node.subprocess.CalledProcessError):
        node.run("node", "build.mjs", str(tmp_path), capture_output=True)
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_the_offline_page_asks_nobody_for_anything(built):
    page = (built / "offline.html").read_text()
    assert "default-src 'none'" in page
    assert 'src="' not in page.partition("<script")[0]
    assert '<link rel="stylesheet"' not in page


def test_the_packages_are_pinned_by_digest_and_by_no_address():
    text = (WEB / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    root = packages.pop("")
    wanted = json.loads((WEB / "package.json").read_text())
    assert (root["dependencies"], root["devDependencies"]) == (wanted["dependencies"], wanted["devDependencies"])
    assert all(version[0].isdigit() for version in (root["dependencies"] | root["devDependencies"]).values())
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in text


@pytest.mark.xdist_group("browser")
def test_chromium_agrees_with_python(tmp_path):
    if not VECTORS.exists():
        pytest.skip("the test vectors (../shared) are not here")
    bundled(HERE / "smoke.ts", tmp_path / "smoke.js")
    (tmp_path / "index.html").write_text('<script type="module" src="smoke.js"></script>')
    cases = [(c["key"], c["msg"].encode().hex(), c["sig"]) for c in json.loads(VECTORS.read_text())]
    expected = [verify(*map(bytes.fromhex, one)) for one in cases]
    key, signing = SealingKey.generate(), SigningKey(b"\x09" * 32)
    with served(tmp_path) as address, browser(tmp_path / "profile") as window:
        for fallback in (False, True):
            window.get(f"{address}/index.html")
            window.set_script_timeout(60)
            told = window.execute_async_script(
                "const [cases, key, election, fallback, done] = arguments;"
                "smoke(cases, key, election, fallback).then(done, (error) => done({error: String(error)}));",
                cases,
                key.public.hex(),
                ELECTION.hex(),
                fallback,
            )
            assert told.get("verdicts") == expected, told
            assert told["native"] == (not fallback)
            assert bytes.fromhex(told["public"]) == signing.public
            assert bytes.fromhex(told["signature"]) == signing.sign(b"a")
            assert open_inner(bytes.fromhex(told["sealed"]), [key], ELECTION) == b"\xc0\xff\xee"
