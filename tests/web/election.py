"""Election: a small one of this machine with the app at its door, codes by a fake channel, and a line that can fail."""

import base64
import os
import tempfile
from pathlib import Path

import cbor2
from tests.e2e.living import CONTEST, Living, found, golos
from tests.web.line import Line

from golos.ceremony.freeze import freeze, sign_jointly
from golos.ceremony.opening import open_ballots
from golos.ceremony.shares import restore
from golos.count.log import leaves_of
from golos.credential.keys import keys_of
from golos.credential.sealing import SealingKey, open_photo
from golos.credential.steward import accredit
from golos.demo.crowd import Inbox
from golos.doors.cli.results import publish_election
from golos.model.ed25519 import SigningKey
from golos.model.entry import Ballot, Entry, PhotoReceived, Withdrawal
from golos.model.pack import Organisation
from golos.model.record import encode

_DRILL = '\n[enrolment]\nchannel = "drill"\nsocket = "drill.sock"\ncodes_per_hour = 100000\n'


class Voting:
    """A founded election, its running server, and the lines over which browsers reach it."""

    def __init__(self, app: Path) -> None:
        self.app = app
        os.environ["GOLOS_APP"] = str(app)  # the server inherits it
        self._folder = tempfile.TemporaryDirectory(prefix="golos-web-")  # a short path: a socket's has 107 bytes
        self._organisation = SigningKey(b"\x0b" * 32)
        self.organisation = Organisation("Honest People", self._organisation.public)
        folder = found(
            Path(self._folder.name), extra=_DRILL, organisations=(self.organisation,), complete=_name_offline_page
        )
        self.inbox = Inbox(folder / "drill.sock")
        self.living = Living(folder)
        self._numbers = iter(range(291_000_001, 291_999_999))

    def line(self) -> Line:
        """Return a new line to the server. Each is an origin of its own: nothing is shared between the apps of two."""
        return Line(self.living.port)

    @property
    def station(self) -> str:
        return self.living.station

    def number(self) -> str:
        """Return a phone that nobody has used."""
        return f"+375{next(self._numbers)}"

    def start(self) -> None:
        self.living.start()

    def restart(self, app: Path) -> None:
        """Stop the server and start it again with another build of the app."""
        self.app = app
        os.environ["GOLOS_APP"] = str(app)
        self.living.stop()
        self.start()

    def end(self) -> None:
        self.living.kill()
        self._folder.cleanup()

    def accredit(self, key: str) -> str:
        """Return the organisation's word for an observer's key, as `golos observer accredit` prints it."""
        word = accredit(self._organisation, self.living.pack.id, bytes.fromhex(key))
        return base64.b64encode(encode(word)).decode()

    def others_vote(self, count: int) -> None:
        """Let voters without the app vote at the same station, so that it has enough to be opened."""
        for voter in self.living.voters(count):
            self.living.road.envelope(voter.ballot(self.station, ((CONTEST, ("hrabar",)),), 1).envelope)

    def report(self) -> bytes:
        """Return a sealed report of a voter without the app, as a file that is carried (docs/formats.md)."""
        (voter,) = self.living.voters(1)
        envelope = voter.ballot(self.station, ((CONTEST, ("hrabar",)),), 1).envelope
        return cbor2.dumps(["golos/bundle", 1, self.living.pack.id, [envelope], []])

    def ballots(self) -> list[Ballot]:
        """Return the ballots in the log, every version of them."""
        return [entry for entry in self.entries() if isinstance(entry, Ballot)]

    def withdrawals(self) -> list[Withdrawal]:
        return [entry for entry in self.entries() if isinstance(entry, Withdrawal)]

    def pictures(self) -> list[bytes]:
        """Return what the reading room sees of each photograph in the log: the bytes that left the phone."""
        office = self.living.office
        room = office.keys.sealing("room")
        return [open_photo(office.blobs.get(photo.photo), [room], office.pack.id) for photo in self.photos()]

    def photos(self) -> list[PhotoReceived]:
        return [entry for entry in self.entries() if isinstance(entry, PhotoReceived)]

    def entries(self) -> list[Entry]:
        """Return everything valid in the log."""
        return [leaf.entry for leaf in leaves_of(self.living.office.log())]

    def count(self) -> None:
        """The cut-off, the opening, the publication."""
        office = self.living.office
        stewards = office.keys.stewards()
        office.write([freeze(office.pack, office.head(), stewards)])
        office = self.living.office
        shares = office.keys.shares()[: keys_of(office.pack).threshold]
        opened = open_ballots(office.log(), office.sealed, SealingKey(restore(shares)))
        office.write([sign_jointly(office.pack, opened.draft, stewards)], [opened.blob])
        publish_election(self.living.office, self.living.folder / "public")


def _name_offline_page(pack: Path) -> None:
    """Have the pack, and so leaf 0 of the log, vouch for the app as one page."""
    done = golos("app", "offline", pack)
    assert done.returncode == 0, done.stderr
