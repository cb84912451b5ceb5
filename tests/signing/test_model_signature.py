"""skill.oms.sig is verified by the reference tool of OpenSSF Model Signing, and only for the right files."""

import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from model_signing import verifying

from skills.delivery.content import all_files
from skills.signing.models import Algorithm, SigningKey
from tests.factories import files
from tests.signing.making import a_signed_release

CONTENT = {
    "SKILL.md": files()["SKILL.md"],
    "scripts/a.py": b"print('a')\n",
    "references/one two.md": b"# B\n",
}


@pytest.fixture
def unpacked(owner, mate, team, tmp_path):
    """The folder of a release with its signature in it, and the file of the public key."""
    version = a_signed_release(owner, mate, team, content=CONTENT)
    folder = tmp_path / "greet-people"
    for path, data in all_files(version).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "skill.oms.sig").write_text(json.dumps(version.statement.model_signature))
    key = load_pem_public_key(SigningKey.objects.get(algorithm=Algorithm.ECDSA).public_pem.encode())
    public = tmp_path / "key.pub"
    public.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return folder, public


def verify(folder, public) -> None:
    config = verifying.Config().use_elliptic_key_verifier(public_key=public)
    config.verify(folder, folder / "skill.oms.sig")


def test_the_reference_tool_verifies_it(unpacked):
    verify(*unpacked)


ALTERATIONS = {
    "a byte": lambda folder: (folder / "scripts/a.py").write_bytes(b"print('b')\n"),
    "a file more": lambda folder: (folder / "scripts/b.py").write_bytes(b"print('b')\n"),
    "a file less": lambda folder: (folder / "scripts/a.py").unlink(),
    "another name": lambda folder: (folder / "scripts/a.py").rename(folder / "scripts/c.py"),
}


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS)
def test_the_reference_tool_finds_what_was_altered(unpacked, alter):
    folder, public = unpacked
    alter(folder)

    with pytest.raises(ValueError, match="mismatch"):
        verify(folder, public)


def test_the_reference_tool_refuses_another_key(unpacked, tmp_path):
    from cryptography.hazmat.primitives.asymmetric import ec

    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    (tmp_path / "other.pub").write_bytes(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    with pytest.raises(ValueError, match="Key mismatch"):
        verify(unpacked[0], tmp_path / "other.pub")
