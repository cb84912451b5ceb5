"""Signed notes and checkpoints as C2SP describes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)."""

import base64
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from skills.signing.models import SigningKey
from skills.signing.signers import public_key

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

_ED25519 = b"\x01"  # the type of signature, in C2SP's list


def origin() -> str:
    """The name of the log, and of the keys that sign its notes: where it is, without a scheme."""
    place = urlsplit(settings.PUBLIC_URL)
    # A plus would end a name in a verifier key, and a blank would end it in a signature.
    return f"{place.netloc}{place.path}/audit".replace("+", "-").replace(" ", "-")


def verifier_key(key: SigningKey) -> str:
    """The key as tools for notes take it: name+hash+base64."""
    raw = _raw(public_key(key).keyval["public"])
    return f"{origin()}+{_key_hash(raw).hex()}+{base64.b64encode(_ED25519 + raw).decode()}"


def signed_note(text: str, signers: Iterable["Signer"]) -> str:
    """TEXT, which ends with a line break, under one line for each signature."""
    lines = []
    for signer in signers:
        signature = bytes.fromhex(signer.sign(text.encode()).signature)
        key_hash = _key_hash(_raw(signer.public_key.keyval["public"]))
        lines.append(f"\N{EM DASH} {origin()} {base64.b64encode(key_hash + signature).decode()}\n")
    return f"{text}\n{''.join(lines)}"


def checkpoint_text(size: int, root: bytes) -> str:
    return f"{origin()}\n{size}\n{base64.b64encode(root).decode()}\n"


def _key_hash(raw: bytes) -> bytes:
    """The first four bytes by which a line of a note names its key; they are a hint, no proof."""
    return hashlib.sha256(origin().encode() + b"\n" + _ED25519 + raw).digest()[:4]


def _raw(public: str) -> bytes:
    return bytes.fromhex(public)
