"""The form that photographs are read by is part of the pack, and so of the election's id."""

import pytest

from golos.intake.skeleton import skeleton
from golos.model.packfiles import belongs, parse


def pack(**files):
    found, mistakes = parse({**skeleton(), **{f"form/{name.replace('_', '.')}": data for name, data in files.items()}})
    assert found is not None, mistakes
    return found


def test_a_form_changes_the_election_s_id():
    ids = {pack().id, pack(FORM_toml=b"a").id, pack(FORM_toml=b"a", blank_png=b"b").id, pack(FORM_toml=b"b").id}
    assert len(ids) == 4
    assert "form/FORM.toml" in [name for name, _, _ in pack(FORM_toml=b"a").files]


@pytest.mark.parametrize("name", ["form/FORM.toml", "form/blank.png", "form/older.webp", "form/ballot.pdf"])
def test_files_of_a_form_belong(name):
    assert belongs(name)


@pytest.mark.parametrize(
    "name", ["form/notes.txt", "form/deep/blank.png", "FORM.toml", "form/.hidden.png", "form/found"]
)
def test_others_do_not(name):
    assert not belongs(name)


def test_the_policy_says_whether_photographs_are_bound():
    text = skeleton()["election.toml"].replace(b"[policy]", b"[policy]\nbinding = true")
    found, _ = parse({**skeleton(), "election.toml": text})
    assert found is not None and found.policy.binding and not pack().policy.binding
