"""golos serve, log: the running server and the log's health."""

from pathlib import Path

from cyclopts import App
from rich.console import Console

from golos.credential.keys import keys_of
from golos.doors.cli.office import Offices
from golos.intake.pack import load
from golos.ledger.fsck import fsck_folder, fsck_journal
from golos.ledger.policy import Policy
from golos.model.pack import Pack
from golos.model.problem import Problem


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""

    @app.command
    def serve(folder: Path, *, recover: bool = False) -> None:
        """Run everything in one process: the doors, the sequencer, the reading room. Ctrl-C ends it.

        Parameters
        ----------
        folder: the election's folder
        recover: start although no witness and no mirror answers: nothing was ever signed that this store lacks
        """
        offices.serve(folder, lambda: console.print("The doors are open. Ctrl-C closes them."), recover=recover)

    log = App(name="log", help="The append-only log.")
    app.command(log)

    @log.command
    def fsck(folder: Path) -> None:
        """Check every hash and signature of the log: of an election's FOLDER, or of a published one."""
        published = (folder / "checkpoint").exists()
        problems = _fsck_published(folder) if published else _fsck_store(offices, folder)
        for problem in problems:
            console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        if problems:
            raise SystemExit(1)
        console.print("The log is sound.")

    @log.command
    def recover(folder: Path, *, yes: bool = False) -> None:
        """Let a restored store sign again whose guard file is lost or put away. Receipts beyond it will not verify.

        A guard file, witness or mirror that knows more than the store is never overruled (docs/operations.md).

        Parameters
        ----------
        folder: the election's folder
        yes: the newer data is lost for good; without it nothing is changed
        """
        office = offices.open(folder)
        console.print(f"The store ends at {office.journal.head().size:,} entries. What was signed beyond is lost:")
        console.print("senders whose receipts lie there will see that their proof fails.")
        if not yes:
            console.print("Nothing was changed. Say --yes if the newer data is lost for good.")
            raise SystemExit(1)
        console.print(f"Recovered at {offices.recover(folder).size:,} entries.")


def _fsck_published(folder: Path) -> list[Problem]:
    return fsck_folder(folder, _policy(load(folder / "pack")))


def _fsck_store(offices: Offices, folder: Path) -> list[Problem]:
    office = offices.open(folder)
    return fsck_journal(office.journal, _policy(office.pack))


def _policy(pack: Pack) -> Policy:
    keys = keys_of(pack)
    return Policy.of(keys.log, keys.witnesses, keys.quorum)
