"""The verifier's own Ed25519: RFC 8032's vectors, and the same answers as cryptography."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from skills.signing import skillhub_verify

# Section 7.1 of RFC 8032: public key, message, both halves of the signature.
WORDS = [
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "-",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
]
VECTORS = [WORDS[place : place + 4] for place in range(0, len(WORDS), 4)]


def verified_by_cryptography(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=["empty", "one byte", "two bytes"])
def test_the_vectors_of_rfc_8032_verify(vector):
    public, message, point, scalar = (bytes.fromhex(word.strip("-")) for word in vector)

    assert skillhub_verify.ed25519_verifies(public, message, point + scalar)


@examples(max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 95), st.integers(0, 255))
def test_it_agrees_with_cryptography_on_altered_parts(seed, message, place, value):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    whole = bytearray(private.public_key().public_bytes_raw() + private.sign(message))
    whole[place] = value
    public, signature = bytes(whole[:32]), bytes(whole[32:])

    mine = skillhub_verify.ed25519_verifies(public, message, signature)
    assert mine == verified_by_cryptography(public, message, signature)


def test_a_second_form_of_the_same_signature_is_refused():
    private = Ed25519PrivateKey.generate()
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"x")
    moved = int.from_bytes(signature[32:], "little") + skillhub_verify.ORDER

    assert not skillhub_verify.ed25519_verifies(public, b"x", signature[:32] + moved.to_bytes(32, "little"))
