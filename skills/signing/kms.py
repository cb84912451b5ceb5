"""Asks SIGNING_COMMAND, the operator's road to a KMS: for a public key, or for a signature."""

import shlex
import subprocess

from django.conf import settings

_SECONDS = 30


class NoSignature(RuntimeError):
    """Nothing can be signed at the moment; the message says why and what helps."""


def ask_command(*arguments: str, payload: bytes = b"") -> bytes:
    command = [*shlex.split(settings.SIGNING_COMMAND), *arguments]
    try:
        done = subprocess.run(command, input=payload, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoSignature(f"SIGNING_COMMAND did not answer: {error}") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()[-300:]
        raise NoSignature(f"SIGNING_COMMAND {arguments[0]} ended with {done.returncode}: {reason}")
    return done.stdout
