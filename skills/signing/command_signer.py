"""A signer of securesystemslib that lets SIGNING_COMMAND sign."""

from securesystemslib.signer import Key, SecretsHandler, Signature, Signer, SSlibKey

from skills.signing.kms import ask_command


class CommandSigner(Signer):
    """Signs by SIGNING_COMMAND, which gets the bytes on its standard input and prints the raw signature."""

    def __init__(self, key: SSlibKey, algorithm: str) -> None:
        self._key, self._algorithm = key, algorithm

    @property
    def public_key(self) -> Key:
        return self._key

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> Signer:
        raise NotImplementedError("the command is a setting, not an address")

    def sign(self, payload: bytes) -> Signature:
        made = ask_command("sign", self._algorithm, self._key.keyid, payload=payload)
        signature = Signature(self._key.keyid, made.hex())
        # A KMS that signs with another key than it says must not put a worthless signature into a release.
        self._key.verify_signature(signature, payload)
        return signature
