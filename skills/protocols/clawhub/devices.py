"""Machines that wait for a person to let them in: kept in Valkey for a quarter of an hour, without a secret.

Neither the device's code nor a token is kept: the code as its hash alone, and the token is made when the
device comes for it. Who reads Valkey's files can act as nobody.
"""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from django.core.cache import cache

from skills.http.refusals import TooMany
from skills.lib import counters
from skills.lib.clock import now
from skills.lib.errors import Problem
from skills.people.models import Account

SECONDS = 900  # that a device waits
_MOST_LOOKUPS = 20  # of one person in that time; looking at the page and answering are two
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class DeviceAnswer(StrEnum):
    """What the person has said so far."""

    PENDING = "pending"
    ALLOWED = "allowed"
    DENIED = "denied"


@dataclass(frozen=True, kw_only=True)
class WaitingDevice:
    """A device that asked for a token: from where, calling itself what, and what it was allowed."""

    label: str
    address: str
    program: str
    asked_at: str
    answer: DeviceAnswer = DeviceAnswer.PENDING
    account: int = 0
    scopes: list[str] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.asked_at)


def begin(*, label: str, address: str, program: str) -> tuple[str, str]:
    """Let a device wait; returns its own code and the short one for the person."""
    device = secrets.token_urlsafe(32)
    short = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    user_code = f"{short[:4]}-{short[4:]}"
    asked_at = now().isoformat()
    _keep(_key(device), WaitingDevice(label=label, address=address, program=program, asked_at=asked_at))
    cache.set(f"user-code:{user_code}", _key(device), SECONDS)
    return device, user_code


def find_by_user_code(user_code: str, account: Account) -> WaitingDevice | None:
    """The device that a person's code means, while it waits for an answer; few guesses are free."""
    count, left = counters.hit(f"user-code-lookups:{account.pk}", SECONDS)
    if count > _MOST_LOOKUPS:
        problem = Problem("too_many_codes", "Too many codes were tried.", f"Wait {left} seconds.")
        raise TooMany(problem, {"Retry-After": str(left)})
    key = cache.get(f"user-code:{user_code}")
    device = _read(key) if key else None
    return device if device and device.answer == DeviceAnswer.PENDING else None


def answer_user_code(user_code: str, device: WaitingDevice) -> None:
    """Keep what a person answered for DEVICE; the code is used up."""
    key = cache.get(f"user-code:{user_code}")
    if key and cache.delete(f"user-code:{user_code}"):
        _keep(key, device)


def find_by_device_code(code: str) -> WaitingDevice | None:
    return _read(_key(code))


def take(code: str) -> bool:
    """Forget the device; True for the first who does, so that nobody is handed a second token."""
    return bool(cache.delete(_key(code)))


def allowed(device: WaitingDevice, *, account: Account, scopes: list[str], teams: list[int]) -> WaitingDevice:
    return replace(device, answer=DeviceAnswer.ALLOWED, account=account.pk, scopes=scopes, teams=teams)


def denied(device: WaitingDevice) -> WaitingDevice:
    return replace(device, answer=DeviceAnswer.DENIED)


def _key(code: str) -> str:
    return f"device:{sha256(code.encode()).hexdigest()}"


def _keep(key: str, device: WaitingDevice) -> None:
    cache.set(key, json.dumps(asdict(device)), SECONDS)


def _read(key: str) -> WaitingDevice | None:
    kept = json.loads(cache.get(key) or "null")
    return WaitingDevice(**kept | {"answer": DeviceAnswer(kept["answer"])}) if kept else None
