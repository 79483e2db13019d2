"""Merkle: the hashing of RFC 6962 section 2.1 and the checking of its proofs (RFC 9162 sections 2.1.3.2, 2.1.4.2).

Nothing here holds a tree: these are the few functions that a verifier needs. A size is a number of leaves.
"""

import hashlib
from collections.abc import Sequence

from golos.model.problem import Problem

HASH_LENGTH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""


class ProofError(Problem):
    """A proof does not show what it claims."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf that holds ``data``."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two hashes of 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than ``size`` (at least 2): the leaves of the left subtree."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf of this hash is at ``index`` in the tree of that size and root.

    ``proof`` goes from the leaf's sibling up. Raises ProofError ``proof.inclusion``.
    """
    if not 0 <= index < size:
        raise _inclusion("names an index outside the tree.")
    _check_lengths("inclusion proof", [leaf, root, *proof])
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _inclusion("is too long.")
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise _inclusion("is too short.")
    if result != root:
        raise _inclusion("leads to another root.")


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the first ``old_size`` leaves (at least 1) of the tree of that size and root have ``old_root``.

    Raises ProofError ``proof.consistency``.
    """
    if not 1 <= old_size <= size:
        raise _consistency("is about a size that the tree never had.")
    if old_size == size:
        if proof or old_root != root:
            raise _consistency("shows two roots of one size." if not proof else "must be empty for equal sizes.")
        return
    _check_lengths("consistency proof", [old_root, root, *proof])
    old_result, result = _climb(old_size, old_root, size, proof)
    if old_result != old_root or result != root:
        raise _consistency("leads to another root.")


def _climb(old_size: int, old_root: bytes, size: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the two roots to which the proof leads."""
    shift = (old_size & -old_size).bit_length() - 1
    node, last = (old_size - 1) >> shift, (size - 1) >> shift
    # A power of two: the old root is itself the first node of the path and is left out of the proof.
    path = list(proof) if node else [old_root, *proof]
    if not path:
        raise _consistency("is empty.")
    old_result = result = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _consistency("is too long.")
        if node & 1 or node == last:
            old_result, result = node_hash(sibling, old_result), node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise _consistency("is too short.")
    return old_result, result


def _check_lengths(field: str, hashes: Sequence[bytes]) -> None:
    if any(len(item) != HASH_LENGTH for item in hashes):
        raise ProofError("proof.malformed", field, "holds a hash that has not 32 bytes.", "Fetch it again.")


def _inclusion(problem: str) -> ProofError:
    return ProofError("proof.inclusion", "inclusion proof", problem, "The record is not proven to be in the log.")


def _consistency(problem: str) -> ProofError:
    return ProofError(
        "proof.consistency", "consistency proof", problem, "Keep both checkpoints: the log may be forked."
    )
