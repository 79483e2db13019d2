"""Organisations and their observers, on the command line."""

import base64
from pathlib import Path

import pytest
from rich.console import Console

from golos.__main__ import create
from golos.credential.steward import accreditation_input
from golos.intake.pack import load
from golos.model.ed25519 import SigningKey, verify
from golos.model.entry import Accreditation
from golos.model.problem import Problem
from golos.model.record import decode


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    create(Console(width=200))([str(argument) for argument in arguments], result_action="return_value")
    return capsys.readouterr().out.strip()


def test_an_organisation_of_the_pack_accredits_an_observer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "election", "new", tmp_path / "e" / "pack")
    organisation = run(capsys, "staff", "new", tmp_path / "org.key")
    run(capsys, "init", tmp_path / "e", "--weeks", "1", "--organisation", f"Honest people={organisation}")
    pack = load(tmp_path / "e" / "pack")
    assert pack.keys is not None
    assert [(o.name, o.key.hex()) for o in pack.keys.organisations] == [("Honest people", organisation)]

    observer = SigningKey.generate().public
    printed = run(capsys, "observer", "accredit", tmp_path / "e", tmp_path / "org.key", observer.hex())
    word = decode(base64.b64decode(printed), Accreditation)
    assert verify(bytes.fromhex(organisation), accreditation_input(pack.id, observer), word.signature)

    run(capsys, "staff", "new", tmp_path / "other.key")
    with pytest.raises(Problem, match="no organisation of this election"):
        run(capsys, "observer", "accredit", tmp_path / "e", tmp_path / "other.key", observer.hex())


def test_a_malformed_organisation_is_named_before_any_key_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "election", "new", tmp_path / "pack")
    with pytest.raises(Problem, match="NAME=KEY"):
        run(capsys, "init", tmp_path, "--organisation", "nobody")
    assert not (tmp_path / "keys").exists()
