"""The private halves: a file that only our account reads, or a command that asks a KMS.

The web process never opens one: whoever takes it over can ask for no signature. securesystemslib is imported
where it is used, as in envelopes.py.
"""

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from skills.signing.kms import NoSignature, ask_command
from skills.signing.models import Algorithm, SigningKey

if TYPE_CHECKING:
    from securesystemslib.signer import Signer, SSlibKey


def public_key(key: SigningKey) -> "SSlibKey":
    """The public half as securesystemslib and its JSON know it."""
    from securesystemslib.signer import SSlibKey

    return SSlibKey.from_crypto(load_pem_public_key(key.public_pem.encode()), keyid=key.keyid)


def key_id(public_pem: str) -> str:
    """The name of a key: securesystemslib's digest of its public half."""
    from securesystemslib.signer import SSlibKey

    return str(SSlibKey.from_crypto(load_pem_public_key(public_pem.encode())).keyid)


def make_private_key(algorithm: Algorithm) -> str:
    """Make a key, keep its private half where it belongs, return the public half as PEM."""
    _outside_the_web()
    if settings.SIGNING_COMMAND:
        return ask_command("public", algorithm).decode()
    private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
    if algorithm == Algorithm.ED25519:
        private = ed25519.Ed25519PrivateKey.generate()
    else:
        private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key()
    public_pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    path = _path(key_id(public_pem))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    # Readable by us alone from its first byte on, and under its name only when it is whole.
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    draft.rename(path)
    return public_pem


def delete_private_key(keyid: str) -> None:
    """A key that signs no more can be stolen no more; a KMS has its own ways."""
    _path(keyid).unlink(missing_ok=True)


def signer_of(key: SigningKey) -> "Signer":
    """Whoever signs with KEY; raises NoSignature."""
    from securesystemslib.signer import CryptoSigner

    from skills.signing.command_signer import CommandSigner

    _outside_the_web()
    if settings.SIGNING_COMMAND:
        return CommandSigner(public_key(key), key.algorithm)
    path = _path(key.keyid)
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()
    except OSError as error:
        reason = f"The private half of {key} cannot be read ({error.strerror}: {path})."
        raise NoSignature(f"{reason} Put it back, or make new keys: manage.py signing_keys rotate") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NoSignature(f"{path} can be read by others. Take that right away (chmod 600), then rotate.")
    return CryptoSigner(load_pem_private_key(text, None), public_key(key))


def _path(keyid: str) -> Path:
    return Path(settings.SIGNING_KEYS_DIR) / f"{keyid}.pem"


def _outside_the_web() -> None:
    if settings.PROCESS == "web":
        raise NoSignature("The web process signs nothing; the worker does.")
