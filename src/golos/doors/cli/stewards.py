"""golos init, staff, freeze, open: what organisers and stewards do a few times in an election."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console

from golos.ceremony.founding import grant
from golos.ceremony.freeze import freeze, sign_jointly
from golos.ceremony.keys import KeyFolder, Plan
from golos.ceremony.opening import open_ballots
from golos.ceremony.shares import opening_key
from golos.count.log import cuts_of
from golos.credential.keys import keys_of, new_secret, secret_from_text, secret_to_text
from golos.credential.sealing import SealingKey
from golos.doors.cli.observers import organisations
from golos.doors.cli.office import Office, Offices
from golos.model.ed25519 import SigningKey
from golos.model.entry import Role
from golos.model.problem import Problem

Places = Annotated[list[Path] | None, Parameter(name="--steward", help="folder with stewards' files; may be repeated")]
RoleName = Literal["reader", "machine", "clerk"]


def register(app: App, offices: Offices, console: Console) -> None:
    """Add the commands to ``app``."""

    @app.command
    def init(
        folder: Path,
        *,
        origin: str = "golos.invalid/election",
        stewards: int = 3,
        threshold: int = 2,
        weeks: int = 8,
        first: date | None = None,
        witness: list[str] | None = None,
        quorum: int = 0,
        organisation: list[str] | None = None,
    ) -> None:
        """Make the keys of the election whose pack is in FOLDER/pack, sign the pack, begin the log.

        Parameters
        ----------
        folder: the election's folder; its pack has been checked
        origin: name of the log, a domain and path that are yours
        stewards: how many stewards there are
        threshold: how many of them are needed to freeze and to open
        weeks: how many weeks registration lasts; each has an issuer key of its own
        first: a day of the first week (default: today)
        witness: verifier key of a witness (name+hash+base64); may be repeated. Its address goes into golos.toml
        quorum: how many witnesses must cosign a checkpoint before it is final
        organisation: NAME=KEY of an organisation that accredits observers (its public key in hex); may be repeated
        """
        monday = (first or date.today()) - timedelta(days=(first or date.today()).weekday())
        plan = Plan(
            origin, stewards, threshold, monday, weeks, tuple(witness or ()), quorum, organisations(organisation)
        )
        pack = offices.found(folder, plan)
        console.print(f"Election [bold]{pack.id.hex()[:8]}[/] founded; its whole id is {pack.id.hex()}.")
        console.print(f"{stewards} stewards, {threshold} of whom can freeze and open: hand each the two files of")
        console.print(f"{folder}/keys/stewards and remove them from this machine (docs/operations.md).")

    _staff(app, offices, console)

    @app.command(name="freeze")
    def freeze_(folder: Path, *, steward: Places = None) -> None:
        """Sign the newest checkpoint as the cut-off: voters' entries count up to it. The first freeze counts."""
        office = offices.open(folder)
        head, frozen = office.head(), cuts_of(office.log()).freeze
        if frozen is not None:
            raise Problem(
                "freeze.already", "log", f"is frozen at {frozen:,} entries, and the first freeze counts.", "Go on."
            )
        office.write([freeze(office.pack, head, _stewards(office, steward))])
        console.print(f"Frozen at {head.size:,} entries, root {head.root.hex()[:16]}.")

    @app.command(name="open")
    def open_(folder: Path, *, steward: Places = None) -> None:
        """Restore the opening key from the stewards' shares, and open every station with at least k ballots."""
        office = offices.open(folder)
        key = _opening_key(office, steward)
        opened = open_ballots(office.log(), office.sealed, key)
        record = sign_jointly(office.pack, opened.draft, _stewards(office, steward))
        office.write([record], [opened.blob])
        draft = opened.draft
        console.print(
            f"Opened {draft.opened:,} ballots; {draft.withheld:,} withheld at stations with fewer than "
            f"{office.pack.policy.k}; {len(draft.spoilt):,} spoilt."
        )


def _staff(app: App, offices: Offices, console: Console) -> None:
    staff = App(name="staff", help="Keys of readers, machines and clerks.")
    app.command(staff)

    @staff.command
    def new(file: Path) -> None:
        """Make a staff key in FILE and print its public half, on the device of the person who will use it."""
        key = SigningKey(new_secret())
        with file.open("x") as out:
            file.chmod(0o600)
            out.write(secret_to_text(key.seed))
        console.print(key.public.hex())

    def change(folder: Path, role: Role, key: str, steward: Places, revoke: bool) -> None:
        office = offices.open(folder)
        public = _public(key)
        office.write([grant(office.pack, _stewards(office, steward), role, public, revoke)])
        verb = "revoked from" if revoke else "granted to"
        console.print(f"Role {role} {verb} {public.hex()[:16]}.")

    @staff.command(name="grant")
    def grant_(folder: Path, key: str, *, role: RoleName, steward: Places = None) -> None:
        """Grant ROLE to KEY: a key file, or a public key in hex."""
        change(folder, role, key, steward, revoke=False)

    @staff.command
    def revoke(folder: Path, key: str, *, role: RoleName, steward: Places = None) -> None:
        """Revoke ROLE from KEY, from the next checkpoint on."""
        change(folder, role, key, steward, revoke=True)


def _public(key: str) -> bytes:
    if Path(key).is_file():
        return SigningKey(secret_from_text(Path(key).read_text(), key)).public
    return secret_from_text(key, "key")


def _folders(office: Office, places: list[Path] | None) -> list[KeyFolder]:
    """Return the folders to look into: each holds a ``stewards`` folder, or is one."""
    if not places:
        return [office.keys]
    return [KeyFolder(place.parent if place.name == "stewards" else place) for place in places]


def _stewards(office: Office, places: list[Path] | None) -> list[SigningKey]:
    return [key for folder in _folders(office, places) for key in folder.stewards()]


def _opening_key(office: Office, places: list[Path] | None) -> SealingKey:
    """Return the opening key. Raises Problem ``shares.few``, ``shares.wrong``."""
    keys = keys_of(office.pack)
    shares = [share for folder in _folders(office, places) for share in folder.shares()]
    return opening_key(shares, keys.threshold, keys.opening)
