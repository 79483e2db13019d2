"""A small election run in one process: a test puts any ballot into the log, and the verifier judges the end."""

import importlib.util
import sys
from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path

from golos.app import App
from golos.ceremony.freeze import freeze, sign_jointly
from golos.ceremony.keys import REISSUE, KeyFolder, Plan
from golos.ceremony.opening import Opened, open_ballots
from golos.ceremony.shares import restore
from golos.credential.blindrsa import blind_sign
from golos.credential.keys import keys_of
from golos.credential.sealing import SealingKey, seal_inner
from golos.credential.voter import Voter
from golos.doors.cli.results import publish_election
from golos.model.ballot import Ballot, Inner
from golos.model.record import digest, encode, signed
from golos.office import LocalOffice, LocalOffices
from golos.ports import Row

_VERIFIER = Path(__file__).parents[2] / "verify" / "golos_verify.py"
_NAMES = "name_be,name_ru,name_en"
FILES = {
    "election.toml": """
[election]
names = { be = "В", ru = "В", en = "E" }
date = 2030-05-05
languages = ["be", "ru", "en"]
[[contest]]
id = "president"
names = { be = "П", ru = "П", en = "P" }
[[contest]]
id = "council"
names = { be = "С", ru = "С", en = "C" }
max_choices = 2
[policy]
k = 3
checkpoint_every = 1
batch = 1
""",
    "options.csv": f"contest,id,{_NAMES}\npresident,a,А,А,A\npresident,b,Б,Б,B\n"
    "council,x,Х,Х,X\ncouncil,y,У,У,Y\ncouncil,z,З,З,Z\n",
    "lines.csv": f"id,role,{_NAMES}\nvoters,voters,В,В,V\nturnout,turnout,Я,Я,T\n",
    "areas.csv": f"code,parent,level,{_NAMES}\nN,,nation,К,С,N\nR,N,region,Р,Р,R\n",
    "stations.csv": f"code,area,{_NAMES}\nS1,R,О,О,O\nS2,R,Д,Д,T\nS3,R,Т,Т,H\n",
    "succession.csv": "old,new,note\nOLD1,S1,renumbered\n",
}


class Whole:
    """The election in ``folder``; `run` goes from these rows of ballots to what the verifier says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            (folder / "pack").mkdir(parents=True, exist_ok=True)
            (folder / "pack" / name).write_text(text, encoding="utf-8")
        LocalOffices().found(folder, Plan("golos.invalid/review", 3, 2, date(2030, 5, 6), 1))
        self.pack = LocalOffice(folder).pack
        self.keys = KeyFolder(folder / "keys")

    @cached_property
    def _issuers(self):
        return {cohort.name == REISSUE: (cohort, key) for cohort, key in self.keys.issuer(keys_of(self.pack).cohorts)}

    @cached_property
    def opening_key(self) -> SealingKey:
        return SealingKey(restore(self.keys.shares()[:2]))

    def voter(self, reissued: bool = False) -> Voter:
        cohort, key = self._issuers[reissued]
        voter = Voter(self.pack)
        voter.enrolled(blind_sign(key, voter.enrol(cohort)[3:]))
        return voter

    def honest(self, station: str, choice: str = "a", sequence: int = 1, voter: Voter | None = None) -> Row:
        sent = (voter or self.voter()).ballot(station, (("president", (choice,)),), sequence)
        return Row(sent.record, sent.sealed)

    def hostile(self, inner: bytes | Inner, sealed: bytes | None = None, photo: bytes | None = None) -> Row:
        """A valid outer part around any inner part, or around sealed bytes that are none of it."""
        data = inner if isinstance(inner, bytes) else encode(inner)
        voter = self.voter()
        sealed = sealed or seal_inner(data, keys_of(self.pack).opening, self.pack.id, self.pack.policy.inner_size)
        draft = Ballot(
            1, self.pack.id, voter.key.public, voter.token, 1, photo, digest(data), digest(sealed), bytes(64)
        )
        return Row(encode(signed(draft, voter.key.sign)), sealed)

    def cast(self, rows: list[Row]) -> None:
        app = App(self.folder)
        try:
            app.stores.journal.admit(rows)
            app.sequencer.publish(force=True)
        finally:
            app.close()

    def freeze(self) -> None:
        office = LocalOffice(self.folder)
        office.write([freeze(self.pack, office.head(), self.keys.stewards())])

    def open(self) -> Opened:
        office = LocalOffice(self.folder)
        opened = open_ballots(office.log(), office.sealed, self.opening_key)
        office.write([sign_jointly(self.pack, opened.draft, self.keys.stewards())], [opened.blob])
        return opened

    def index_of(self, row: Row) -> int:
        office = LocalOffice(self.folder)
        return [digest(r) for r in office.log().records].index(digest(row.record))

    def publish(self, judge: Callable[[Path], None] | None = None) -> dict[str, object]:
        """Publish, and return the verifier's summary; it raises where anything is wrong."""
        out = self.folder / "public"
        publish_election(LocalOffice(self.folder), out)
        return verifier().verify(out, self.pack.id.hex()).summary


def verifier():
    if "golos_verify" not in sys.modules:
        spec = importlib.util.spec_from_file_location("golos_verify", _VERIFIER)
        module = importlib.util.module_from_spec(spec)
        sys.modules["golos_verify"] = module
        spec.loader.exec_module(module)
    return sys.modules["golos_verify"]
