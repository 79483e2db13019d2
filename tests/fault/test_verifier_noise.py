"""golos_verify over a published folder with noise in it: it ends with a verdict, soon, whatever the bytes say.

Noise that keeps the publisher's index is found by its digest at once; so the folder is also signed anew around the
noise, as a publisher would who means ill.
"""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fault.mutation import mutated

VERIFY = Path(__file__).parents[1] / "verify"
PROGRAM = VERIFY.parents[1] / "verify" / "golos_verify.py"
EXAMPLES = int(os.environ.get("GOLOS_FUZZ", "30"))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    sys.path.insert(0, str(VERIFY))  # its folder.py makes a small published folder
    from folder import reindex, tiny

    spec = importlib.util.spec_from_file_location("golos_verify", PROGRAM)
    program = importlib.util.module_from_spec(spec)
    sys.modules.setdefault("golos_verify", program)
    spec.loader.exec_module(program)
    election = tiny()
    folder = election.publish(tmp_path_factory.mktemp("noise") / "site", program)
    return folder, program, lambda at: reindex(at, election.publisher)


@pytest.mark.parametrize("signed_anew", [False, True])
def test_noise_ends_in_a_verdict(published, signed_anew, tmp_path, capsys):
    folder, program, sign = published
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    parts = [name for name in names if name.startswith(("index", "lists/")) and not name.endswith(".html")]
    copy = shutil.copytree(folder, tmp_path / "copy")

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def check(data):
        name = data.draw(st.sampled_from(names))
        was = (folder / name).read_bytes()
        now = data.draw(mutated([was]))
        (copy / name).write_bytes(now)
        try:
            if signed_anew and name not in parts:
                sign(copy)
            capsys.readouterr()
            status = program.main([str(copy)])
            said, errors = capsys.readouterr()
        finally:
            for touched in (name, *parts):
                shutil.copy(folder / touched, copy / touched)
        assert "Traceback" not in said + errors
        told = (
            said.startswith("OK: ")
            if status == 0
            else said.startswith("WRONG: ") or errors.startswith("golos_verify: ")
        )
        assert told, (name, status, said, errors)
        assert status or now == was or signed_anew or name == "index", f"changed {name} is taken for right"

    check()
