"""The demo's site stays until Ctrl-C, and Ctrl-C is no error."""

import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest

pytestmark = pytest.mark.xdist_group("e2e")
DEMO = ("demo", "--stations", "12", "--voters", "120", "--photos", "20")


def test_the_demo_shows_its_site_until_ctrl_c(tmp_path):
    command = [sys.executable, "-m", "golos", *DEMO, "--directory", str(tmp_path / "demo")]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        said = next((m for line in process.stdout if (m := re.search(r"http://\S+/", line))), None)
        assert said, "the demo ended without showing a site"
        with urllib.request.urlopen(said[0], timeout=10) as page:
            assert b"<html" in page.read()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the foreground
        assert "Traceback" not in process.stdout.read()
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
