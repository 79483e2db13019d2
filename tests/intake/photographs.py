"""What a test of photographs needs: a pack with a reading room, a sealed picture, and an intake over real stores."""

import asyncio
import hashlib
import os

from golos.credential.sealing import SealingKey, seal_photo
from golos.intake.photo import Named, PhotoIntake
from golos.model.ed25519 import SigningKey
from golos.model.pack import Keys, Pack, Policy
from golos.stores.embedded import open_stores

ELECTION = bytes(range(32))
ROOM = SealingKey(bytes([7]) * 32)
RECEIVER = SigningKey(bytes([8]) * 32)
LIMIT = 100_000


def small_pack(cancelled=""):
    keys = Keys("log", "publisher", (), 0, (), 1, b"", ROOM.public, b"", b"", RECEIVER.public, "issuer", ())
    policy = Policy(photo_limit=LIMIT)
    return Pack(ELECTION, {}, "2020-08-09", 1, cancelled, ("en",), (), (), (), {}, {}, policy, keys, ())


def sealed_picture(size=20_000):
    return seal_photo(os.urandom(size), ROOM.public, ELECTION)


def sha(data):
    return hashlib.sha256(data).digest()


class Reception:
    """An intake over an embedded store in ``folder``; opened again it is a restart."""

    def __init__(self, folder, *, limits=None, named=None, pack=None):
        self.uploads = folder / "uploads"
        self.stores = open_stores(folder / "store")
        self.named = named or Named()
        self.photos = PhotoIntake(
            pack or small_pack(), RECEIVER, self.stores.blobs, self.stores.journal, self.uploads, self.named, limits
        )

    def run(self, coroutine):
        return asyncio.run(coroutine)

    def close(self):
        self.stores.close()
