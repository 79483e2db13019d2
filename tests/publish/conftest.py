"""The small nation, published once."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from golos.ledger.note import Signer
from golos.model.ed25519 import SigningKey
from golos.publish import Publication, publish

from .nation import FILES, Nation, nation
from .pages import Page

PUBLISHER = Signer("publisher.example", SigningKey(bytes(range(32))))
CHECKPOINT = b"a checkpoint\n"


@dataclass(frozen=True)
class Published:
    out: Path
    nation: Nation
    publication: Publication

    def page(self, path: str) -> Page:
        return Page((self.out / path).read_text("utf-8"))

    def files(self) -> dict[str, bytes]:
        return {p.relative_to(self.out).as_posix(): p.read_bytes() for p in self.out.rglob("*") if p.is_file()}


def published(out: Path, made: Nation) -> Published:
    return Published(out, made, publish(made.log, made.comparison, made.leaves, CHECKPOINT, FILES, PUBLISHER, out))


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Published:
    return published(tmp_path_factory.mktemp("site") / "public", nation())


@pytest.fixture(scope="session")
def own_site(tmp_path_factory) -> Published:
    """An election with ballots of its own, all withheld."""
    return published(tmp_path_factory.mktemp("own") / "public", nation(own_ballots=True))
