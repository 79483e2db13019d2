"""Log: the tree in memory, and the issuer's signature."""

import hashlib
from collections.abc import Iterator

from tests.bench.living import Living
from tests.bench.measure import Row, Sizes, each, spent

from golos.credential.blindrsa import blind_sign
from golos.credential.voter import Voter
from golos.ledger.merkle import leaf_hash, verify_inclusion
from golos.ledger.tree import Tree


def measure(living: Living, sizes: Sizes) -> Iterator[Row]:
    """Yield the rows."""
    names = [hashlib.sha256(number.to_bytes(8)).digest() for number in range(sizes.leaves)]
    with spent() as hashing:
        for name in names:
            hashlib.sha256(b"\0" + name).digest()
    with spent() as hashing_nodes:
        for name in names:
            hashlib.sha256(b"\1" + name + name).digest()
    tree = Tree()
    with spent() as appending:
        tree.append(names)
        root = tree.root()
    bare = hashing.cpu + hashing_nodes.cpu
    yield Row(f"append {sizes.leaves:,} leaves", appending.cpu, "s", "bare SHA-256", bare)
    places = [number * 7919 % sizes.leaves for number in range(sizes.proofs)]
    proofs: list[list[bytes]] = []
    proving = each(lambda n: proofs.append(tree.inclusion(places[n], sizes.leaves)), sizes.proofs)
    yield Row(f"inclusion proof of {sizes.leaves:,}", proving, "µs CPU")
    checking = each(
        lambda n: verify_inclusion(leaf_hash(names[places[n]]), places[n], sizes.leaves, proofs[n], root), sizes.proofs
    )
    yield Row("  its verification", checking, "µs CPU")
    cohort, key = living.cohort
    pack = living.office.pack
    requests = [Voter(pack).enrol(cohort)[3:] for _ in range(sizes.tokens)]
    yield Row("sign a token (blind RSA-2048)", each(lambda n: blind_sign(key, requests[n]), sizes.tokens), "µs CPU")
