"""Pack: the election as data. docs/election-pack.md describes the folder it is read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Names = Mapping[str, str]
"""Language code (be, ru, en, ...) to text."""


class Borrowed(str):
    """A name that stands in for one the pack lacks, in another language than asked for: pages mark it so."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> "Borrowed":
        """Return the text; ``language`` is the one it is in, "" for a code, which is in none."""
        name = super().__new__(cls, text)
        name.language = language
        return name


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate, a list, an answer, or "against all": whatever a ballot offers."""

    id: str
    contest: str
    names: Names


@dataclass(frozen=True, slots=True)
class Contest:
    """One question put to voters; ``max_choices`` options may be marked."""

    id: str
    names: Names
    options: tuple[Option, ...]
    max_choices: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the station protocol. ``role`` is voters, issued, turnout, invalid, or "" where none applies.

    turnout is the number of ballots found in the boxes: the b of the counting rules; voters is n.
    """

    id: str
    role: str
    names: Names


@dataclass(frozen=True, slots=True)
class Check:
    """Lines that must agree: sum of ``left`` ``relation`` sum of ``right``, ids of lines or options. Rule C5."""

    id: str
    left: tuple[str, ...]
    relation: str
    """``==`` or ``<=``."""
    right: tuple[str, ...]
    names: Names


@dataclass(frozen=True, slots=True)
class Area:
    """A node of the tree above the stations; the nation is the one whose ``parent`` is ""."""

    code: str
    parent: str
    level: str
    names: Names


@dataclass(frozen=True, slots=True)
class Station:
    """A polling station: a leaf of the tree. Coordinates are WGS 84 degrees or None."""

    code: str
    area: str
    names: Names
    address: str = ""
    place: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """One issuer key: the registrations of one week, or the re-issued credentials ("reissue")."""

    name: str
    starts: str
    """ISO date; "" for the re-issue cohort."""
    key: bytes
    """RSA public key, DER SubjectPublicKeyInfo with the RSASSA-PSS parameters of RFC 9578 section 8.2.2."""
    reissue: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that accredits observers; its key is Ed25519."""

    name: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Keys:
    """Every public key of the election. HPKE keys are 32 bytes (X25519), the others Ed25519 unless said otherwise."""

    log: str
    """The log's signed-note verifier key; its name is the checkpoint's origin."""
    publisher: str
    """The publisher's signed-note verifier key."""
    witnesses: tuple[str, ...]
    quorum: int
    stewards: tuple[bytes, ...]
    threshold: int
    """How many stewards must sign a pack, a freeze and an opening."""
    intake: bytes
    """HPKE key of envelopes."""
    room: bytes
    """HPKE key of photographs."""
    opening: bytes
    """HPKE key of inner parts."""
    registrar: bytes
    """Signs enrolments."""
    receiver: bytes
    """Signs photographs received."""
    issuer: str
    """Issuer name of the token challenge (RFC 9577)."""
    cohorts: tuple[Cohort, ...]
    organisations: tuple[Organisation, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A file of outlines: the shapes of ``object`` whose ``property`` equals the ``equals`` of an area.

    ``equals`` is ``code`` or ``name_`` and a language.
    """

    file: str
    object: str
    property: str
    equals: str


@dataclass(frozen=True, slots=True)
class Policy:
    """How the election is run."""

    k: int = 5
    """Stations with fewer ballots are not opened."""
    checkpoint_every: int = 600
    """Seconds between checkpoints."""
    batch: int = 256
    """A checkpoint comes early only over at least so many entries."""
    records_per_key: int = 32
    """More records than that of one credential are refused."""
    inner_size: int = 256
    """Bytes to which every inner part is padded before it is sealed: the same for every choice."""
    photo_limit: int = 1_000_000
    """Bytes a sealed photograph may have."""
    binding: bool = False
    """Whether voters lay their code beside the ballot (docs/formats.md, "Code beside the ballot")."""


@dataclass(frozen=True, slots=True)
class Pack:
    """An election. ``id`` is its 32-byte name (docs/formats.md); ``stations_announced`` is the authority's own number
    of stations, the second denominator of every share (None: the number in the list).
    """

    id: bytes
    names: Names
    date: str
    round: int
    cancelled: str
    languages: tuple[str, ...]
    contests: tuple[Contest, ...]
    lines: tuple[Line, ...]
    checks: tuple[Check, ...]
    areas: Mapping[str, Area]
    stations: Mapping[str, Station]
    policy: Policy
    keys: Keys | None
    """None in a pack whose keys have not been made yet."""
    files: tuple[tuple[str, bytes, int], ...]
    """Name, SHA-256 and length of each file of the folder, by name."""
    stations_announced: int | None = None
    incidents: tuple[str, ...] = ()
    succession: Mapping[str, str] = field(default_factory=dict)
    """Old station code to the code that took its place."""
    outlines: tuple[Outline, ...] = ()
    offline_page: str = ""
    """SHA-256 (hex) of the voter's app as one page for phones without a network, "" where none is named."""
    previous: str = ""
    """Id (hex) of the election of the round before, "" in a first round."""

    @property
    def root(self) -> str:
        """Code of the area that has no parent: the nation."""
        return next(code for code, area in self.areas.items() if not area.parent)

    @property
    def regions(self) -> tuple[str, ...]:
        """Codes of the areas right below the nation."""
        return tuple(code for code, area in self.areas.items() if area.parent == self.root)

    def contest(self, contest_id: str) -> Contest:
        """Return the contest of that id; KeyError if there is none."""
        return {c.id: c for c in self.contests}[contest_id]

    @property
    def contest_ids(self) -> tuple[str, ...]:
        """Ids of the contests, in the order of the pack."""
        return tuple(c.id for c in self.contests)
