"""The folder that golos itself has published, and what can be done to it, before the independent verifier."""

import importlib.util
import re
import shutil
import sys
from pathlib import Path

import pytest
from folder import Signer, reindex
from tamper import attempt, evil, kind, tamperings

pytestmark = pytest.mark.xdist_group("e2e")  # the demo runs once, on one worker

PROGRAM = Path(__file__).parents[2] / "verify" / "golos_verify.py"
SUMMARY = 5
"""Of the many numbers of summary.json so many are tried here; tests/verify tries them all."""


@pytest.fixture(scope="module")
def verifier():
    spec = importlib.util.spec_from_file_location("golos_verify", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def publisher(whole):
    return Signer.of_note_key((whole.folder / "keys/publisher.key").read_text())


@pytest.fixture
def missed(whole, verifier, tmp_path, capsys):
    """Try all on a copy of the publication; return how many, and those that the verifier does not name as it should."""
    copy = shutil.copytree(whole.public, tmp_path / "copy")

    def verify(folder):
        capsys.readouterr()
        status, said = verifier.main([str(folder)]), capsys.readouterr().out
        assert status == 1 and said.startswith("WRONG: ")
        return said.removeprefix("WRONG: ").rstrip("\n")

    def run(tried):
        found = list(attempt(one_of_a_kind(tried), whole.public, copy, verify))
        return len(found), [said for said in found if said]

    return run


def one_of_a_kind(tried):
    """Leave out what is tried on a second file of the same kind, and on a second bit of it."""
    seen, numbers = set(), 0
    for tampering in tried:
        name = re.sub(r" at [0-9]+$", "", tampering.name)
        name = " ".join(kind(word) if "/" in word or "." in word else word for word in name.split())
        numbers += "summary " in name
        if name not in seen and ("summary " not in name or numbers <= SUMMARY):
            seen.add(name)
            yield tampering


def test_the_publication_is_ok_for_whoever_knows_the_election_from_elsewhere(whole, verifier, capsys):
    assert verifier.main([str(whole.public), "--election", whole.office.pack.id.hex()]) == 0
    assert capsys.readouterr().out.startswith(f"OK: election {whole.office.pack.id.hex()}\n")
    assert whole.ran.verified
    assert verifier.main([str(whole.public), "--election", "00" * 32]) == 1


def test_signing_the_index_anew_changes_nothing_else(whole, publisher, tmp_path):
    copy = shutil.copytree(whole.public, tmp_path / "copy")
    reindex(copy, publisher)
    assert (copy / "index").read_bytes() == (whole.public / "index").read_bytes()
    assert (copy / "index.csv").read_bytes() == (whole.public / "index.csv").read_bytes()


def test_what_a_mirror_can_do_is_caught(whole, missed):
    tried, wrong = missed(tamperings(whole.public))
    assert wrong == [] and tried >= 80


def test_what_the_publisher_can_do_is_caught(whole, publisher, missed):
    tried, wrong = missed(evil(whole.public, lambda folder: reindex(folder, publisher)))
    assert wrong == [] and tried >= 50
