"""The tree is that of RFC 6962: compared with its definition, and with the vectors of its authors."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.lib.merkle import EMPTY_ROOT, MerkleTree, leaf_hash, node_hash

# The leaves and roots that certificate-transparency-go and others test with.
WORDS = "- 00 10 2021 3031 40414243 5051525354555657 606162636465666768696a6b6c6d6e6f"
LEAVES = [bytes.fromhex(word.strip("-")) for word in WORDS.split()]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_definition(leaves: list[bytes]) -> bytes:
    """Section 2.1 of RFC 6962, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_known_vectors(size):
    assert MerkleTree().grown(LEAVES[:size]).root.hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert MerkleTree().root == EMPTY_ROOT


@given(st.lists(st.binary(max_size=4), max_size=70), st.integers(0, 70))
def test_a_tree_that_grows_in_two_steps_is_the_tree_of_the_definition(leaves, split):
    grown = MerkleTree().grown(leaves[:split]).grown(leaves[split:])

    assert grown.size == len(leaves)
    assert grown.root == by_definition(leaves)
