"""Admitting what was imported: a clerk's signed entries to the journal, the rows to the blobs, once."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from golos.intake.table import ImportedTable
from golos.model.ed25519 import SigningKey
from golos.model.entry import Official, Table
from golos.model.pack import Pack
from golos.model.record import encode, signed
from golos.ports import Blobs, Journal, Row


@dataclass(frozen=True, slots=True)
class Origin:
    """SHA-256 of the file as it came and of the mapping that read it."""

    file: bytes
    mapping: bytes

    @classmethod
    def of(cls, file: bytes, mapping: bytes) -> "Origin":
        """Return the origin of these two files' bytes."""
        return cls(hashlib.sha256(file).digest(), hashlib.sha256(mapping).digest())


def admit_tables(
    tables: Sequence[ImportedTable], origin: Origin, pack: Pack, clerk: SigningKey, blobs: Blobs, journal: Journal
) -> list[bool]:
    """Admit a Table entry for each; return for each whether it is new. Rows are durable before their entry is.

    The same file under the same mapping gives the same entry, which the journal knows already. Raises StoreFull.
    """
    digests = blobs.put([table.rows for table in tables]) if tables else []
    return _admit(
        (
            Table(
                version=1,
                election=pack.id,
                source=table.map.source,
                kind=table.map.kind,
                tier=table.map.tier,  # type: ignore[arg-type]
                contest=table.map.contest,
                readings=table.map.readings,
                authority=table.map.authority,
                file=origin.file,
                mapping=origin.mapping,
                rows=rows,
                rejected=len(table.rejects),
                key=clerk.public,
                signature=bytes(64),
            )
            for table, rows in zip(tables, digests, strict=True)
        ),
        clerk,
        journal,
    )


def admit_officials(drafts: Iterable[Official], clerk: SigningKey, journal: Journal) -> list[bool]:
    """Admit the announcements, signed by the clerk; return for each whether it is new. Raises StoreFull."""
    return _admit((msgspec.structs.replace(draft, key=clerk.public) for draft in drafts), clerk, journal)


def _admit(drafts: Iterable[Table | Official], clerk: SigningKey, journal: Journal) -> list[bool]:
    rows = [Row(encode(signed(draft, clerk.sign))) for draft in drafts]
    return journal.admit(rows) if rows else []
