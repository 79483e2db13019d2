"""The disk of a real server is full: it says so, what was accepted stays, and it goes on when there is room."""

import os
import resource
import shutil
import subprocess
import sys
import time

import httpx
import pytest
from tests.e2e.living import CONTEST, Living, golos

from golos.credential.keys import keys_of
from golos.credential.sealing import seal_photo
from golos.model.record import digest, kind_of

OCTETS = {"Content-Type": "application/octet-stream"}


class Tmpfs:
    """The election lies on a small disk of its own, which is filled with a file to the last byte."""

    def __init__(self, folder):
        self._ballast = folder / "ballast"
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True)
        if made.returncode:
            pytest.skip(f"no disk can be mounted here: {made.stderr.decode().strip()}")

    def fill(self, _):
        with self._ballast.open("wb", buffering=0) as file:
            for block in (1 << 16, 1):
                try:
                    while file.write(bytes(block)) == block:
                        continue
                except OSError:
                    continue

    def empty(self, _):
        self._ballast.unlink()

    def close(self, folder):
        subprocess.run(["umount", "-l", folder], check=False)


class Limit:
    """No file of the server's can be written any more: the system's limit on a file's size is set to 0."""

    def __init__(self, _):
        pass

    def fill(self, process):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def empty(self, process):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def close(self, _):
        pass


@pytest.mark.parametrize("disk", [Tmpfs, Limit])
def test_a_full_disk_is_said_and_loses_nothing(founded, tmp_path, disk):
    if disk is Limit and os.geteuid() == 0 and os.environ.get("GOLOS_FULL") != "1":
        pytest.skip("root fills a disk of its own instead; GOLOS_FULL=1 does both")
    place = tmp_path / "disk"
    place.mkdir()
    full = disk(place)
    living = Living.copy(founded, place / "election")
    try:
        _through_a_full_disk(living, full)
    finally:
        living.kill()
        full.close(place)


def _through_a_full_disk(living, full):
    voters = living.voters(8)
    ballots = [voter.ballot(living.station, ((CONTEST, ("zaria",)),), n) for voter in voters for n in range(1, 5)]
    photo = seal_photo(bytes(60_000), keys_of(living.pack).room, living.pack.id)
    # A photograph that a ballot names: the last of the disk is kept for those.
    ballots[0] = voters[0].ballot(living.station, ((CONTEST, ("zaria",)),), 1, digest(photo))
    living.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{living.port}", timeout=30, trust_env=False) as client:
        send = lambda one: client.post("/envelopes", content=one.envelope, headers=OCTETS)  # noqa: E731
        accepted = [one for one in ballots[:8] if send(one).status_code == 202]
        assert len(accepted) == 8 and _receipt(living, ballots[0].name)
        full.fill(living.process)
        answers = [(one, send(one)) for one in ballots[8:20] * 3]
        accepted += [one for one, answer in answers if answer.status_code == 202]  # a page may have had room
        refused = [answer for _, answer in answers if answer.status_code != 202]
        assert refused, "the disk was not full"
        for answer in refused:
            _says_full(answer)
        _says_full(_upload(client, photo))
        time.sleep(2.5)  # the ticks of the log find the disk full too, and the server lives
        full.empty(living.process)
        for one in ballots:
            _accepted(lambda one=one: send(one))
        _accepted(lambda: _upload(client, photo))
        for one in ballots:
            assert _receipt(living, one.name)
        assert client.get("/health").status_code == 200
    living.stop()
    kept = [digest(record) for record in living.office.log().records if kind_of(record) == "ballot"]
    assert sorted(kept) == sorted(one.name for one in ballots), "each once"
    assert living.office.blobs.get(digest(photo)) == photo
    assert golos("log", "fsck", living.folder).returncode == 0


def _says_full(answer):
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json"), answer.text
    assert answer.json()["type"] == "urn:golos:store.full" and answer.json()["remedy"]
    assert int(answer.headers["retry-after"]) > 0


def _upload(client, photo):
    from base64 import b64encode

    headers = {
        "Tus-Resumable": "1.0.0",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Length": str(len(photo)),
        "Upload-Metadata": f"sha256 {b64encode(digest(photo)).decode()}",
    }
    return client.post("/photos", content=photo, headers=headers)


def _accepted(ask):
    assert (answer := ask()).status_code in (201, 202), answer.text


def _receipt(living, name):
    until = time.monotonic() + 20
    while not (found := living.road.receipt(name)) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def test_a_server_that_starts_on_a_full_disk_says_so(founded, tmp_path):
    folder = shutil.copytree(founded, tmp_path / "election")
    limited = f"ulimit -f 0; exec {sys.executable} -m golos serve {folder}"
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert "can't" in done.stderr
