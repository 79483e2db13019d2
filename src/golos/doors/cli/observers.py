"""golos observer: how an organisation of the pack vouches for an observer's key."""

import base64
from pathlib import Path

from cyclopts import App
from rich.console import Console

from golos.credential.keys import secret_from_text
from golos.credential.steward import accredit
from golos.doors.cli.office import Offices
from golos.model.ed25519 import SigningKey
from golos.model.pack import Organisation
from golos.model.problem import Problem
from golos.model.record import encode


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the command to ``app``."""
    observer = App(name="observer", help="Observers and the organisations that accredit them.")
    app.command(observer)

    @observer.command(name="accredit")
    def accredit_(folder: Path, organisation: Path, key: str) -> None:
        """Print an accreditation: base64 of the CBOR that an observer's records carry (docs/records.cddl).

        Parameters
        ----------
        folder: the election's folder
        organisation: the organisation's key file (`golos staff new` makes one)
        key: the observer's public key in hex
        """
        pack = offices.open(folder).pack
        signing = SigningKey(secret_from_text(organisation.read_text(), str(organisation)))
        if pack.keys is None or signing.public not in {o.key for o in pack.keys.organisations}:
            raise Problem(
                "organisation.unknown",
                str(organisation),
                "is the key of no organisation of this election.",
                "Organisations are named at `golos init --organisation NAME=KEY`.",
            )
        observer_key = secret_from_text(key, "key")
        console.out(base64.b64encode(encode(accredit(signing, pack.id, observer_key))).decode())


def organisations(given: list[str] | None) -> tuple[Organisation, ...]:
    """Return the organisations given as NAME=KEY; raises Problem ``organisation.malformed``."""
    found = []
    for text in given or ():
        name, equals, key = text.rpartition("=")
        if not equals or not name.strip():
            raise Problem(
                "organisation.malformed",
                "--organisation",
                f"is not NAME=KEY: {text[:60]}.",
                "Write NAME=64 hex digits.",
            )
        found.append(Organisation(name.strip(), secret_from_text(key, f"--organisation {name}")))
    return tuple(found)
