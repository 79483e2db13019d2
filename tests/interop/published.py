"""A log made by golos.ledger at several sizes, each published as a folder of its own."""

from hashlib import sha256
from pathlib import Path

from golos.ledger.checkpoint import Checkpoint
from golos.ledger.note import COSIGNATURE, Signer
from golos.ledger.proof import Receipt
from golos.ledger.tiles import write
from golos.ledger.tree import Tree

SIZES = (1, 255, 256, 257, 70_000)
LOG = Signer.generate("example.org/log")
WITNESS = Signer.generate("witness.example", COSIGNATURE)
DATA = [sha256(b"record %d" % index).digest() for index in range(SIZES[-1])]
TREE = Tree(DATA)


def signed(size: int, tree: Tree = TREE, signer: Signer = LOG) -> bytes:
    """Return a checkpoint as it is published: with a witness's cosignature, of a kind that Go does not know."""
    checkpoint = Checkpoint(LOG.name, size, tree.root(size))
    return checkpoint.sign(signer) + WITNESS.signature(checkpoint.text(), 1_700_000_000).line().encode()


def receipt(index: int, size: int) -> bytes:
    """Return the receipt of the leaf under the checkpoint of that size."""
    return Receipt(index, tuple(TREE.inclusion(index, size)), signed(size)).encode()


def publish(folder: Path, size: int) -> Path:
    """Write checkpoint, tiles and entries of the first ``size`` leaves."""

    def put(path: str, data: bytes) -> None:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    put("checkpoint", signed(size))
    write(TREE, lambda start, stop: DATA[start:stop], put, size)
    return folder
