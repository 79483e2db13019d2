"""Imported tallies as entries: a clerk signs them. The same file under the same mapping gives the same records."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec

from golos.intake.table import ImportedTable
from golos.model.ed25519 import SigningKey
from golos.model.entry import Official, Table, Tier
from golos.model.pack import Pack
from golos.model.record import encode, signed


@dataclass(frozen=True, slots=True)
class Origin:
    """SHA-256 of the file as it came and of the mapping that read it."""

    file: bytes
    mapping: bytes

    @classmethod
    def of(cls, file: bytes, mapping: bytes) -> "Origin":
        """Return the origin of these two files' bytes."""
        return cls(hashlib.sha256(file).digest(), hashlib.sha256(mapping).digest())


def table_records(tables: Sequence[ImportedTable], origin: Origin, pack: Pack, clerk: SigningKey) -> list[bytes]:
    """Return a Table record for each; its rows have to be in the blobs before it is admitted."""
    return [encode(signed(_draft(table, origin, pack, clerk), clerk.sign)) for table in tables]


def official_records(drafts: Iterable[Official], clerk: SigningKey) -> list[bytes]:
    """Return the announcements' records."""
    return [encode(signed(msgspec.structs.replace(draft, key=clerk.public), clerk.sign)) for draft in drafts]


def _draft(table: ImportedTable, origin: Origin, pack: Pack, clerk: SigningKey) -> Table:
    return Table(
        version=1,
        election=pack.id,
        source=table.map.source,
        kind=table.map.kind,
        tier=cast(Tier, table.map.tier),
        contest=table.map.contest,
        readings=table.map.readings,
        authority=table.map.authority,
        file=origin.file,
        mapping=origin.mapping,
        rows=hashlib.sha256(table.rows).digest(),
        rejected=len(table.rejects),
        key=clerk.public,
        signature=bytes(64),
    )
