"""`skill.oms.sig`: the same files in the format of OpenSSF Model Signing, for its own tool to verify."""

import hashlib
import json
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from skills.lib.json_values import JsonObject
from skills.signing.envelopes import STATEMENT_TYPE, as_payload, seal_envelope

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

FILE_NAME = "skill.oms.sig"
_PREDICATE = "https://model_signing/signature/v1.0"
_BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def model_signature(payload: str, signer: "Signer") -> JsonObject:
    """The files of the release statement PAYLOAD as a Sigstore bundle signed with a plain key."""
    release = json.loads(payload)
    predicate = release["predicate"]
    files = predicate["files"]
    digests = b"".join(bytes.fromhex(file["sha256"]) for file in files)
    statement: JsonObject = {
        "_type": release["_type"],
        "subject": [{"name": predicate["skill"], "digest": {"sha256": hashlib.sha256(digests).hexdigest()}}],
        "predicateType": _PREDICATE,
        "predicate": {
            "serialization": {
                "method": "files",
                "hash_type": "sha256",
                "allow_symlinks": False,
                "ignore_paths": [FILE_NAME],
            },
            "resources": [
                {"name": file["path"], "algorithm": "sha256", "digest": file["sha256"]} for file in files
            ],
        },
    }
    envelope = seal_envelope(as_payload(statement), STATEMENT_TYPE, [signer])
    public_key: JsonObject = {"hint": hint(signer.public_key.keyval["public"])}
    return {
        "mediaType": _BUNDLE,
        "verificationMaterial": {"publicKey": public_key, "tlogEntries": []},
        "dsseEnvelope": envelope,
    }


def hint(public_pem: str) -> str:
    """How the tool names a key: the sha256 of its PEM."""
    public = load_pem_public_key(public_pem.encode())
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(pem).hexdigest()
