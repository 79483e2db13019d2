"""Notes: what the machine saw in each photograph besides its reading, beside the photograph, for the room alone."""

from collections.abc import Sequence

from golos.credential.sealing import SealingKey, open_photo, seal_photo
from golos.ports import Blobs, Vault

NOTES = "notes"
"""Space of the vault: digest of a sealed photograph to the digest of what the machine noted of it, sealed too."""


class Notes:
    """Sealed to the photo key, the first of ``keys``: they are nothing any more when that key is destroyed."""

    def __init__(self, election: bytes, keys: Sequence[SealingKey], blobs: Blobs, vault: Vault) -> None:
        self._election = election
        self._keys = tuple(keys)
        self._blobs = blobs
        self._vault = vault

    def keep(self, photo: bytes, notes: bytes) -> None:
        """Make them durable; the first notes of a photograph stay."""
        sealed = seal_photo(notes, self._keys[0].public, self._election)
        self._vault.put(NOTES, photo, self._blobs.put([sealed])[0])

    def of(self, photo: bytes) -> bytes | None:
        """Return the notes, None where there are none yet. Raises Missing."""
        kept = self._vault.get(NOTES, photo)
        return open_photo(self._blobs.get(kept), self._keys, self._election) if kept else None
