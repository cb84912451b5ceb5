"""The Merkle tree of RFC 6962, grown leaf by leaf: what is kept is one hash for each perfect subtree."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class MerkleTree:
    """A tree of SIZE leaves. `peaks` are the roots of its perfect subtrees, the largest first: one for each
    bit that is set in SIZE."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> "MerkleTree":
        """This tree with LEAVES (their data) behind its own."""
        size, peaks = self.size, list(self.peaks)
        for data in leaves:
            right = leaf_hash(data)
            # As in an addition of one: every set bit from the right is a subtree that is now complete.
            carry = size
            while carry & 1:
                right = node_hash(peaks.pop(), right)
                carry >>= 1
            peaks.append(right)
            size += 1
        return MerkleTree(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = node_hash(left, root)
        return root
