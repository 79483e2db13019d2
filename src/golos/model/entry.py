"""Entry: one fact of the log. The kinds besides the voter's own (model/ballot.py) and the union of all."""

from typing import Annotated, Literal, cast, get_args

import cbor2
import msgspec

from golos.model.ballot import Ballot, Choices, Withdrawal
from golos.model.problem import Problem
from golos.model.record import Frozen, Hash, Name, PublicKey, Salt16, Signature, Uint, Version, decode, kind_of

StewardSignatures = Annotated[tuple[tuple[PublicKey, Signature], ...], msgspec.Meta(max_length=32)]
Role = Literal["reader", "machine", "clerk"]
"""reader: says what pictures show. machine: a program that reads them. clerk: brings tables and announcements."""
Status = Literal["ballot", "not_a_ballot", "unreadable", "copy"]
Kind = Literal["citizens", "protocol", "turnout", "sample"]
Tier = Literal["declared", "photographed", "read", "confirmed"]
TIERS: tuple[Tier, ...] = ("declared", "photographed", "read", "confirmed")


class PackEntry(Frozen, frozen=True, tag="pack"):
    """Leaf 0: the files of the election pack by digest, signed by the stewards."""

    version: Version
    election: Hash
    files: tuple[tuple[Name, Hash, Uint], ...]
    signatures: StewardSignatures


class Key(Frozen, frozen=True, tag="key"):
    """A steward grants a staff key its role, or revokes it from this leaf on."""

    version: Version
    election: Hash
    action: Literal["grant", "revoke"]
    role: Role
    key: PublicKey
    steward: PublicKey
    signature: Signature


class Enrolment(Frozen, frozen=True, tag="enrolment"):
    """A token was issued: its cohort and a salted commitment, never the phone tag. Signed by the registrar's key."""

    version: Version
    election: Hash
    cohort: Hash
    commitment: Hash
    signature: Signature


class PhotoReceived(Frozen, frozen=True, tag="photo"):
    """The sealed photograph of that digest is stored. Signed by the intake's key."""

    version: Version
    election: Hash
    photo: Hash
    size: Uint
    signature: Signature


class Accreditation(Frozen, frozen=True):
    """An organisation of the pack vouches for an observer's key; no name in it.

    ``signature`` is over ``golos/accreditation/v1``, a newline, the election and the observer's key.
    """

    organisation: PublicKey
    signature: Signature


class Protocol(Frozen, frozen=True, tag="protocol"):
    """A station's official protocol as an observer copied it; None is a line that could not be read."""

    version: Version
    election: Hash
    key: PublicKey
    accreditation: Accreditation
    sequence: Uint
    station: Name
    lines: Annotated[tuple[tuple[Name, Uint | None], ...], msgspec.Meta(max_length=256)]
    photo: Hash | None
    signature: Signature


class Turnout(Frozen, frozen=True, tag="turnout"):
    """The voters an observer counted at the door, and the double counts the observer admits to.

    ``line`` is the protocol line it is held against; ``throughout`` says that the door was never left.
    """

    version: Version
    election: Hash
    key: PublicKey
    accreditation: Accreditation
    sequence: Uint
    station: Name
    line: Name
    voters: Uint
    double_count: Uint
    throughout: bool
    signature: Signature


class Incident(Frozen, frozen=True, tag="incident"):
    """A violation an observer saw, by category code of the pack; no free text, so no name can slip in."""

    version: Version
    election: Hash
    key: PublicKey
    accreditation: Accreditation
    sequence: Uint
    station: Name
    category: Name
    signature: Signature


class Reading(Frozen, frozen=True, tag="reading"):
    """What a machine saw in a photograph; ``copy_of`` names the photograph it repeats."""

    version: Version
    election: Hash
    photo: Hash
    key: PublicKey
    status: Status
    choices: Choices
    copy_of: Hash | None
    salt: Salt16
    signature: Signature


class Verdict(Frozen, frozen=True, tag="verdict"):
    """What one reader saw in a photograph, blind to the others."""

    version: Version
    election: Hash
    photo: Hash
    key: PublicKey
    status: Status
    choices: Choices
    salt: Salt16
    signature: Signature


class Binding(Frozen, frozen=True, tag="binding"):
    """The code beside the ballot in a photograph is that of the credential ``sender``, a ballot of which names it.

    Only that they match is ever said: nine digits that are nobody's code may be a telephone number. No salt: whoever
    could guess the rest can't guess the signature.
    """

    version: Version
    election: Hash
    photo: Hash
    key: PublicKey
    sender: PublicKey
    signature: Signature


class Official(Frozen, frozen=True, tag="official"):
    """A result as announced. ``unit`` is what it was rounded to (1: not rounded); ids are options or protocol lines."""

    version: Version
    election: Hash
    area: Name
    contest: Name
    source: Name
    authority: bool
    announced: str
    readings: Uint
    unit: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    values: Annotated[tuple[tuple[Name, Uint], ...], msgspec.Meta(max_length=256)]
    key: PublicKey
    signature: Signature


class Table(Frozen, frozen=True, tag="table"):
    """An imported file of station tallies: digests of the file, of the mapping and of the rows it gave.

    Of kind sample: the stations drawn for a quick count, and the digest of their seed.

    ``tier`` is "" unless ``kind`` is citizens. ``readings`` says how often the file's figures were read from the
    paper independently; ``authority`` that they are the authority's own data. One ``source`` has one table: a later
    entry of the same source, kind and tier replaces it in the count.
    """

    version: Version
    election: Hash
    source: Name
    kind: Kind
    tier: Tier | Literal[""]
    contest: Name
    readings: Uint
    authority: bool
    file: Hash
    mapping: Hash
    rows: Hash
    rejected: Uint
    key: PublicKey
    signature: Signature


class Retraction(Frozen, frozen=True, tag="retraction"):
    """A finding is taken back; it stays listed with this reason."""

    version: Version
    election: Hash
    finding: Name
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    steward: PublicKey
    signature: Signature


class Freeze(Frozen, frozen=True, tag="freeze"):
    """The cut-off: voters' entries count only in the first ``size`` leaves, those under the checkpoint named here."""

    version: Version
    election: Hash
    size: Uint
    root: Hash
    signatures: StewardSignatures


class Opening(Frozen, frozen=True, tag="opening"):
    """The stewards open the ballots of the stations with at least k. docs/formats.md defines the two digests."""

    version: Version
    election: Hash
    freeze: Uint
    size: Uint
    opened: Uint
    openings: Hash
    closed: Hash
    withheld: Uint
    spoilt: tuple[Uint, ...]
    signatures: StewardSignatures


Entry = (
    PackEntry
    | Key
    | Enrolment
    | Ballot
    | Withdrawal
    | PhotoReceived
    | Protocol
    | Turnout
    | Incident
    | Reading
    | Verdict
    | Binding
    | Official
    | Table
    | Retraction
    | Freeze
    | Opening
)


_KINDS: dict[str, type[Entry]] = {cast(str, kind.__struct_config__.tag): kind for kind in get_args(Entry)}


def decode_entry(data: bytes, what: str = "record") -> Entry:
    """Return the entry of any kind in ``data``; raises Problem as `golos.model.record.decode` does."""
    kind = _KINDS.get(kind_of(data))
    if kind is None:
        raise Problem("record.kind", what, "is of no kind that this version knows.", "See docs/records.cddl.")
    return decode(data, kind, what)


def decode_again(data: bytes) -> Entry:
    """Return the entry in a record that `decode_entry` has taken before, which costs half as much."""
    return msgspec.convert(cbor2.loads(data), _KINDS[kind_of(data)], strict=True)


def entry_or_none(data: bytes) -> Entry | None:
    """Return the entry in ``data``, None where there is none: a log may hold any bytes, and they count nowhere."""
    try:
        return decode_entry(data)
    except Problem:
        return None


SEALED_KINDS = (Reading, Verdict, Binding)
"""Published only with the ballot they concern."""
