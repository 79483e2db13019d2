"""golos app: what organisers sign for the voter's app: its offline page, and the list of mirrors."""

import hashlib
import time
from pathlib import Path

from cyclopts import App
from rich.console import Console

from golos.doors.cli.office import Offices
from golos.doors.web.app_files import OFFLINE, absent, built
from golos.model.pack_app import FILE, write_app
from golos.publish import mirrors
from golos.publish.shards import ROOT, shards

MIRRORS = "mirrors"


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""
    voters = App(name="app", help="The voter's app.")
    app.command(voters)

    @voters.command
    def offline(pack: Path) -> None:
        """Write the digest of the app's offline page into PACK/app.toml before `golos init`: the log vouches for it."""
        page = built().get(OFFLINE)
        if page is None:
            raise absent()
        digest = hashlib.sha256(page.data).hexdigest()
        (pack / FILE).write_text(write_app(digest), encoding="utf-8")
        console.print(f"{OFFLINE} {digest}", soft_wrap=True)

    @voters.command(name="mirrors")
    def mirrors_(folder: Path, *origins: str) -> None:
        """Sign the list of mirrors that the app may talk to; without any, an empty list.

        Parameters
        ----------
        folder: the election's folder
        origins: https://HOST of each mirror, or http:// and its onion address
        """
        office = offices.open(folder)
        stations = hashlib.sha256(shards(office.pack)[ROOT]).hexdigest()
        note = mirrors.sign(office.keys.signer("publisher"), office.pack.id, int(time.time()), stations, origins)
        (folder / MIRRORS).write_bytes(note)
        console.print(f"Signed a list of {len(origins)} mirrors: {folder / MIRRORS}", soft_wrap=True)
