"""A tiny election, built from docs/ with cryptography and cbor2 alone, published as a folder.

Only data/ is rendered from the verifier's own recomputation (its numbers are held against hand-made ones in
test_figures.py); everything else here is a second reading of docs/formats.md.
"""

import base64
import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA384

CLOSED = b"\xff\xff\xff\xff"


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class Signer:
    """An Ed25519 key, made of its name unless a seed is given."""

    def __init__(self, name: str, algorithm: int = 1, seed: bytes | None = None) -> None:
        self.name, self.algorithm = name, algorithm
        self._key = Ed25519PrivateKey.from_private_bytes(seed or sha(name.encode()))
        self.public = self._key.public_key().public_bytes_raw()

    @classmethod
    def of_note_key(cls, text: str) -> "Signer":
        """Return the signer of a signed-note private key: ``PRIVATE+KEY+name+hash+base64(algorithm || seed)``."""
        _, _, name, _, encoded = text.strip().split("+", 4)
        key = base64.b64decode(encoded)
        return cls(name, key[0], key[1:])

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    @property
    def hash(self) -> bytes:
        return sha(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public)[:4]

    @property
    def verifier(self) -> str:
        key = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.hash.hex()}+{key}"

    def note_line(self, text: bytes) -> bytes:
        if self.algorithm == 4:
            time = 1_600_000_000
            signature = time.to_bytes(8, "big") + self.sign(b"cosignature/v1\ntime %d\n" % time + text)
        else:
            signature = self.sign(text)
        return f"— {self.name} {base64.b64encode(self.hash + signature).decode()}\n".encode()


def note(text: bytes, *signers: Signer) -> bytes:
    return text + b"\n" + b"".join(s.note_line(text) for s in signers)


@cache
def issuer_key() -> tuple[rsa.RSAPrivateKey, bytes]:
    """A cohort's key and its SubjectPublicKeyInfo, written from RFC 9578 section 8.2.2 and RFC 4055."""
    key = rsa.generate_private_key(65537, 2048)
    numbers = key.public_key().public_numbers()

    def tlv(tag: int, body: bytes) -> bytes:
        size = len(body)
        length = (
            bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
        )
        return bytes([tag]) + length + body

    sha384 = tlv(0x30, bytes.fromhex("0609608648016503040202"))
    mgf1 = tlv(0x30, bytes.fromhex("06092a864886f70d010108") + sha384)
    parameters = tlv(0x30, tlv(0xA0, sha384) + tlv(0xA1, mgf1) + tlv(0xA2, b"\x02\x01\x30"))
    algorithm = tlv(0x30, bytes.fromhex("06092a864886f70d01010a") + parameters)
    rsa_key = tlv(0x30, tlv(2, b"\x00" + numbers.n.to_bytes(256, "big")) + tlv(2, b"\x01\x00\x01"))
    return key, tlv(0x30, algorithm + tlv(3, b"\x00" + rsa_key))


PACK = {
    "election.toml": """
[election]
names = { be = "Выбары", en = "Election" }
date = "2020-08-09"
languages = ["be", "en"]
stations_announced = 7
[[contest]]
id = "president"
names = { be = "Прэзідэнт", en = "President" }
max_choices = 1
[[check]]
id = "sum"
rule = "turnout == options + invalid"
names = { be = "Сума", en = "Sum" }
[policy]
k = 3
""",
    "options.csv": "contest,id,name_be,name_en\npresident,a,А,A\npresident,b,Б,B\n",
    "lines.csv": "id,role,name_be,name_en\nvoters,voters,Выбаршчыкі,Voters\nturnout,turnout,Яўка,Turnout\n",
    "areas.csv": "code,parent,level,name_be,name_en\n"
    "N,,nation,Краіна,Nation\nR1,N,region,Адзін,One\nR2,N,region,Два,Two\n",
    "stations.csv": "code,area,name_be,name_en,address,place,lat,lon\n"
    'S1,R1,С1,"One, first",,,53.90,27.5\nS2,R1,С2,Two,,,,\nS3,R1,С3,Three,,,,\n'
    "S4,R2,С4,Four,,,95,27\nS5,R2,С5,Five,,,,\nS6,R2,С6,Six,,,,\n",
    "succession.csv": "old,new,note\nOLD5,S5,renumbered\n",
}
# What the protocols say (section "Tables"), and what voters did; test_figures.py works the consequences out by hand.
TYPED_ONCE = """area,voters,turnout,a,b,invalid
S1,100,40,5,35,0
S2,100,50,20,30,1
S4,8,40,3,37,0
S5,100,20,4,10,6
S6,50,30,10,20,
"""
TYPED_AGAIN = "area,voters,turnout,a,b\nS1,100,40,5,35\nS2,100,50,20,29\nS5,100,20,,10\n"
CITIZENS = "area,a,b,invalid\nS4,5,0,0\nS6,12,,0\n"
DOOR = """area,line,voters,double_count,organisation
S2,turnout,30,2,Watchers
S2,turnout,29,1,Watchers
S6,turnout,,,Watchers
"""


@dataclass
class Vote:
    """A ballot as its voter made it; ``photo`` False: none. ``seen``: what the readers say the picture shows."""

    station: str
    option: str
    photo: bool = True
    seen: str | None = None
    read: bool = True


def votes() -> list[Vote]:
    """Return 40 ballots: S1 12, S2 8, S3 2 (withheld), S4 10, S5 5, and 3 for what goes wrong."""
    return [
        *(Vote("S1", "a") for _ in range(12)),
        *(Vote("S2", "a") for _ in range(4)),
        Vote("S2", "b", seen="a"),
        Vote("S2", "b", photo=False),
        Vote("S2", "b", read=False),
        Vote("S2", "invalid"),
        Vote("S3", "a"),
        Vote("S3", "b", photo=False),
        *(Vote("S4", "a") for _ in range(9)),
        Vote("S4", "b"),
        *(Vote("S5", "a") for _ in range(4)),
        Vote("OLD5", "b", photo=False),
    ]


@dataclass
class Election:
    """Keys, log and openings of one election; every method appends to the log and returns the index."""

    stewards: list[Signer] = field(default_factory=lambda: [Signer(f"steward {i}") for i in range(3)])
    records: list[bytes] = field(default_factory=list)
    inner: dict[int, bytes] = field(default_factory=dict)
    """Inner part of each ballot by index."""
    opened: dict[int, bytes] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    tables: dict[bytes, bytes] = field(default_factory=dict)
    size: int = 0
    frozen: int = 0

    def __post_init__(self) -> None:
        self.log, self.publisher = Signer("example.org/log"), Signer("example.org/publisher")
        self.witness = Signer("witness.example", 4)
        self.registrar, self.receiver, self.machine = Signer("registrar"), Signer("receiver"), Signer("machine")
        self.readers, self.clerk = [Signer(f"reader {i}") for i in range(3)], Signer("clerk")
        self.organisation, self.observer = Signer("watchers"), Signer("observer")
        _, self.cohort = issuer_key()
        self.files = {name: text.encode() for name, text in PACK.items()} | {"keys.toml": self._keys().encode()}
        self.listed = [[n, sha(self.files[n]), len(self.files[n])] for n in sorted(self.files, key=str.encode)]
        self.id = sha(b"golos/election/v1\n" + cbor2.dumps(self.listed, canonical=True))
        challenge = b"\x00\x02\x00\x06issuer\x20" + self.id + b"\x00\x00"
        self.token_head = b"\x00\x02", sha(challenge) + sha(self.cohort)
        self.joint("pack", self.listed)

    def _keys(self) -> str:
        return f"""
log = "{self.log.verifier}"
publisher = "{self.publisher.verifier}"
witnesses = ["{self.witness.verifier}"]
quorum = 1
stewards = {json.dumps([s.public.hex() for s in self.stewards])}
threshold = 2
intake = "{"11" * 32}"
room = "{"22" * 32}"
opening = "{"33" * 32}"
registrar = "{self.registrar.public.hex()}"
receiver = "{self.receiver.public.hex()}"
issuer = "issuer"
[[cohort]]
name = "2020-W31"
starts = "2020-07-27"
reissue = false
key = "{base64.b64encode(self.cohort).decode()}"
[[organisation]]
name = "Watchers"
key = "{self.organisation.public.hex()}"
"""

    # Records.

    def add(self, record: bytes) -> int:
        self.records.append(record)
        return len(self.records) - 1

    def one(self, signer: Signer, kind: str, *fields: Any) -> int:
        draft = cbor2.dumps([kind, 1, self.id, *fields, b""], canonical=True)
        signature = signer.sign(b"golos/record/v1\n" + draft)
        return self.add(draft[:-1] + b"\x58\x40" + signature)

    def joint(self, kind: str, *fields: Any, by: int = 2) -> int:
        draft = cbor2.dumps([kind, 1, self.id, *fields, []], canonical=True)
        signatures = [[s.public, s.sign(b"golos/record/v1\n" + draft)] for s in self.stewards[:by]]
        return self.add(draft[:-1] + cbor2.dumps(signatures, canonical=True))

    def token(self, voter: Signer, good: bool = True) -> bytes:
        key, _ = issuer_key()
        version, tail = self.token_head
        head = version + voter.public + tail
        pss = padding.PSS(padding.MGF1(SHA384()), 48)
        return head + key.sign(head if good else head[:-1], pss, SHA384())

    def ballot(
        self,
        voter: Signer,
        vote: Vote,
        sequence: int = 0,
        photo: bytes | None = None,
        good: bool = True,
        spoilt: bool = False,
    ) -> int:
        choices = [["president", [vote.option]]]
        inner = cbor2.dumps(["inner", 1, vote.station, choices, sha(voter.public + bytes([sequence]))], canonical=True)
        inner = b"nothing that can be read" if spoilt else inner
        fields = (voter.public, self.token(voter, good), sequence, photo, sha(inner), sha(b"sealed" + inner))
        index = self.one(voter, "ballot", *fields)
        self.inner[index] = inner
        return index

    def table(
        self, rows: str, source: str, kind: str, tier: str = "", readings: int = 1, authority: bool = False
    ) -> int:
        data = rows.encode()
        self.tables[sha(data)] = data
        fields = (source, kind, tier, "president", readings, authority, sha(b"file"), sha(b"map"), sha(data), 0)
        return self.one(self.clerk, "table", *fields, self.clerk.public)

    def accreditation(self) -> list[bytes]:
        message = b"golos/accreditation/v1\n" + self.id + self.observer.public
        return [self.organisation.public, self.organisation.sign(message)]

    def read_photo(self, photo: bytes, seen: str, readers: int = 2) -> None:
        choices = [["president", [seen]]]
        self.closed.add(
            self.one(self.machine, "reading", photo, self.machine.public, "ballot", choices, None, bytes(16))
        )
        for reader in self.readers[:readers]:
            index = self.one(reader, "verdict", photo, reader.public, "ballot", choices, bytes(16))
            self.closed.add(index)

    def root(self, size: int | None = None) -> bytes:
        leaves = [sha(b"\x00" + sha(r)) for r in self.records[:size]]

        def mth(nodes: list[bytes]) -> bytes:  # RFC 6962 section 2.1, as it is written there
            if len(nodes) == 1:
                return nodes[0]
            split = 1 << ((len(nodes) - 1).bit_length() - 1)
            return sha(b"\x01" + mth(nodes[:split]) + mth(nodes[split:]))

        return mth(leaves)

    def open(self, opened: dict[int, bytes], withheld: int, spoilt: list[int], names: set[bytes], by: int = 2) -> int:
        """Open those inner parts; ``names`` are the photographs whose readings and verdicts become public."""
        size = len(self.records)
        for index in sorted(self.closed):
            record = cbor2.loads(self.records[index])
            if record[0] not in ("reading", "verdict", "binding") or record[3] in names:
                self.closed.discard(index)
        parts = b"".join(i.to_bytes(8, "big") + len(p).to_bytes(4, "big") + p for i, p in sorted(opened.items()))
        closed = b"".join(i.to_bytes(8, "big") for i in sorted(self.closed))
        self.opened, self.size = opened, size
        return self.joint("opening", self.frozen, size, len(opened), sha(parts), sha(closed), withheld, spoilt, by=by)

    # The folder.

    def files_of(self) -> dict[str, bytes]:
        """Return every published file but data/ and the index."""
        size = len(self.records)
        text = f"{self.log.name}\n{size}\n{base64.b64encode(self.root()).decode()}\n".encode()
        made = {"checkpoint": note(text, self.log, self.witness)}
        made |= {f"pack/{name}": data for name, data in self.files.items()}
        made |= {f"tables/{digest.hex()}.csv": data for digest, data in self.tables.items()}
        nodes = [sha(b"\x00" + sha(r)) for r in self.records]
        for number, name in enumerate(bundles(size)):
            span = range(256 * number, min(256 * number + 256, size))
            made[f"tile/entries/{name}"] = b"".join(b"\x00\x20" + sha(self.records[i]) for i in span)
            made[f"tile/0/{name}"] = b"".join(nodes[i] for i in span)
            made[f"records/{name}"] = pack_items(None if i in self.closed else self.records[i] for i in span)
            if any(i in self.opened for i in span):
                made[f"openings/{name}"] = pack_items(self.opened.get(i) for i in span)
        if size >= 256:
            full = [nodes[i : i + 256] for i in range(0, size - 255, 256)]
            made[f"tile/1/000.p/{len(full)}"] = b"".join(fold256(f) for f in full)
        for page in ("index.html", "be/index.html", "en/index.html", "assets/style.css"):
            made[page] = f"a page: {page}".encode()
        return made

    def publish(self, folder: Path, verifier: ModuleType) -> Path:
        """Write the whole folder; data/ is what ``verifier`` recomputes."""
        for path, data in self.files_of().items():
            write(folder, path, data)
        reindex(folder, self.publisher, self.id)
        for path, data in render(verifier, folder).items():
            write(folder, path, data)
        reindex(folder, self.publisher)
        return folder


def fold256(nodes: list[bytes]) -> bytes:
    while len(nodes) > 1:
        nodes = [sha(b"\x01" + a + b) for a, b in zip(nodes[::2], nodes[1::2], strict=True)]
    return nodes[0]


def bundles(size: int) -> list[str]:
    """Return the names of the bundles of a tree of fewer than 256,000 leaves."""
    names = [f"{n:03d}" for n in range(size // 256)]
    return names + [f"{size // 256:03d}.p/{size % 256}"] * bool(size % 256)


def pack_items(items: Iterable[bytes | None]) -> bytes:
    return b"".join(CLOSED if item is None else len(item).to_bytes(4, "big") + item for item in items)


def write(folder: Path, path: str, data: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(data)


def is_index(path: str) -> bool:
    return path in ("index", "index.csv") or path.startswith("lists/")


def listed(folder: Path) -> list[str]:
    """Return the files of a folder but its index and lists."""
    paths = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    return sorted((p for p in paths if not is_index(p)), key=str.encode)


def row(folder: Path, path: str) -> str:
    data = (folder / path).read_bytes()
    return f"{path},{len(data)},{sha(data).hex()}\n"


def reindex(folder: Path, publisher: Signer, election: bytes | None = None) -> None:
    """Write the lists, index.csv and index anew: what whoever holds the publisher's key can do."""
    shutil.rmtree(folder / "lists", ignore_errors=True)
    paths = listed(folder)
    digits = 1 if len(paths) < 4096 else 2
    shards: dict[str, list[str]] = {}
    for path in paths:
        shards.setdefault(sha(path.encode()).hex()[:digits], []).append(row(folder, path))
    for shard, rows in shards.items():
        write(folder, f"lists/{shard}.csv", ("path,length,sha256\n" + "".join(rows)).encode())
    sign_lists(folder, publisher, election)


def sign_lists(folder: Path, publisher: Signer, election: bytes | None = None) -> None:
    """Write index.csv and index anew, of the lists that are there, whatever they say."""
    rows = [row(folder, f"lists/{path.name}") for path in sorted((folder / "lists").iterdir())]
    sign_index(folder, publisher, ("path,length,sha256\n" + "".join(rows)).encode(), election)


def sign_index(folder: Path, publisher: Signer, index: bytes, election: bytes | None = None) -> None:
    """Write an index.csv whatever it says, and the note that signs it; the note's other lines stay as they were."""
    if (folder / "index").is_file():
        _, name, size, root, *_ = (folder / "index").read_bytes().decode(errors="replace").split("\n")
    else:
        _, size, root, *_ = (folder / "checkpoint").read_text().split("\n")
        name = ""
    text = f"golos/publication/v2\n{election.hex() if election else name}\n{size}\n{root}\n{sha(index).hex()}\n"
    (folder / "index.csv").write_bytes(index)
    (folder / "index").write_bytes(note(text.encode(), publisher))


def render(verifier: ModuleType, folder: Path) -> dict[str, bytes]:
    """Return data/ as the verifier recomputes it."""
    found = verifier.recount(folder)
    made = {}
    for table in verifier.data_tables(found.pack, found.ballots, found.rules):
        made[f"data/{table.name}"] = to_csv(table.header, [(*key, *rest) for key, rest in table.rows.items()])
    findings = [
        {**dict(zip(verifier.FINDING, f.cells(), strict=True)), "numbers": f.numbers, "assumptions": [], "evidence": []}
        for f in found.rules.findings
    ]
    made["data/findings.json"] = json.dumps({"findings": findings}, ensure_ascii=False, indent=1).encode()
    made["data/summary.json"] = json.dumps(found.summary, indent=1).encode()
    made["data/dictionary.csv"] = to_csv(("file", "column", "type", "unit", "meaning"), [("areas.csv", *"abcd")])
    return made


def to_csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode()


def tiny(
    forged_wins: bool = False,
    by: int = 2,
    hide: int = 0,
    edit: Callable[[Election, dict[int, bytes], list[int]], None] | None = None,
) -> Election:
    """Return the election of `votes` from grant to opening.

    What dishonest stewards can do: ``forged_wins`` opens a ballot with a forged token, ``by`` is how many of them sign
    the opening, ``hide`` how many ballots of S1 they call withheld, ``edit`` changes the opened parts and spoilt list.
    """
    election = Election()
    for role, key in [
        ("machine", election.machine),
        ("clerk", election.clerk),
        *(("reader", r) for r in election.readers),
    ]:
        election.one(election.stewards[0], "key", "grant", role, key.public, election.stewards[0].public)
    for number in range(90):
        election.one(election.registrar, "enrolment", sha(election.cohort), sha(b"commitment %d" % number))
    wins: list[int] = []
    seen: list[tuple[bytes, Vote]] = []
    for number, vote in enumerate(votes()):
        photo = sha(b"photo %d" % number) if vote.photo else None
        if photo:
            election.one(election.receiver, "photo", photo, 8192)
            seen.append((photo, vote))
        wins.append(election.ballot(Signer(f"voter {number}"), vote, 0, photo))
    changed, gone = Signer("voter 0"), Signer("voter gone")
    wins[0] = election.ballot(changed, Vote("S1", "a"), 1, sha(b"photo 0"))  # supersedes
    taken_back = election.ballot(gone, Vote("S1", "b"))
    spoilt = election.ballot(Signer("voter spoilt"), Vote("S1", "b"), spoilt=True)
    forged = election.ballot(Signer("voter forged"), Vote("S1", "a"), good=False)
    repeated = election.ballot(Signer("voter copy"), Vote("S2", "b"), 0, sha(b"photo 12"))  # somebody else's picture
    election.one(gone, "withdrawal", gone.public, election.token(gone), 1)
    election.frozen = len(election.records)
    election.joint("freeze", election.frozen, election.root())
    election.ballot(Signer("voter late"), Vote("S1", "a"))
    for photo, vote in seen:
        if vote.read:
            election.read_photo(photo, vote.seen or vote.option)
    election.table(TYPED_ONCE, "typed", "protocol")
    election.table(TYPED_AGAIN, "typed again", "protocol")
    election.table(CITIZENS, "platform", "citizens", "confirmed")
    election.table(DOOR, "door", "turnout")
    official = (
        "N",
        "president",
        "commission",
        True,
        "2020-08-14",
        1,
        1,
        [["a", 30], ["b", 100]],
        election.clerk.public,
    )
    election.one(election.clerk, "official", *official)
    watch = (election.observer.public, election.accreditation(), 0)
    election.one(election.observer, "protocol", *watch, "S4", [["a", 3], ["b", 37], ["turnout", None]], None)
    election.one(election.observer, "turnout", *watch, "OLD5", "turnout", 12, 1, True)
    election.one(election.observer, "incident", *watch, "S1", "door-closed")
    steward = election.stewards[1]
    taken_back_finding = f"C3:president:turnout:S5:observers:{election.organisation.public.hex()[:8]}:"
    election.one(steward, "retraction", taken_back_finding, 'the watcher\nleft, "early"', steward.public)

    chosen = {i: election.inner[i] for i in [*wins, repeated] if b"bS3" not in election.inner[i]}
    broken = [spoilt]
    if forged_wins:
        chosen[forged] = election.inner[forged]
    for index in wins[1 : hide + 1]:
        chosen.pop(index)
    if edit:
        edit(election, chosen, broken)
    valid = len(wins) + 2
    names = {cbor2.loads(election.records[i])[6] for i in chosen}
    withheld = valid - len(chosen) - len(broken) + forged_wins
    election.open(chosen, withheld, broken, names, by=by)
    assert taken_back not in chosen
    return election
