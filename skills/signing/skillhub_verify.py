"""Verifies a skill from a SkillHub with nothing but Python: the signature, the bytes, and that it is current.

    skillhub-verify.py greet.zip --from https://hub.example/api/v1/skills/crew/greet/versions/1.0.0
    skillhub-verify.py greet/ --statement greet.statement.json --keys keys.json --snapshot snapshot.json

The first asks the hub for the statement, the keys and the snapshot, and pins the keys on first use; a token
for private skills is read from SKILLHUB_TOKEN. The second needs no network.

Exit status: 0 verified · 1 not what was signed · 2 wrong use, or a file that cannot be read · 3 withdrawn
(yanked, removed or no longer named) · 4 the snapshot is expired, old or contradicts another · 5 unknown keys
· 6 the hub cannot be reached.
"""

import argparse
import base64
import hashlib
import json
import os
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

STATEMENT, SNAPSHOT = "https://skillhub.example/release/v1", "https://skillhub.example/snapshot/v1"
IN_TOTO_TYPE, KEYS_TYPE = "application/vnd.in-toto+json", "application/vnd.skillhub.keys.v1+json"
API = "/api/v1/skills/"
NOT_SIGNED, USAGE, WITHDRAWN, NOT_CURRENT, UNKNOWN_KEYS, AWAY = 1, 2, 3, 4, 5, 6
MOST_BYTES, SECONDS = 64_000_000, 30
Json = Any  # what stands in files of others is looked at where it is read


class NotVerified(Exception):
    """Why nothing is verified: the exit status and a sentence."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


# Ed25519 as RFC 8032, section 5.1, describes it. Only verification: no secret is here whose use could leak
# through time.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z


def add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(factor: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = add(result, point)
        point = add(point, point)
        factor >>= 1
    return result


def decompress(data: bytes) -> "Point | None":
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(data) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def compress(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    key = decompress(public)
    s = int.from_bytes(signature[32:], "little")
    if key is None or BASE is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus_key = (P - key[0], key[1], 1, P - key[3])
    return compress(add(multiply(s, BASE), multiply(k, minus_key))) == signature[:32]


@dataclass(frozen=True)
class KeyList:
    """The list of a hub's keys, as it is pinned."""

    text: str
    hub: str
    number: int
    entries: list[Json]

    @classmethod
    def read(cls, text: str) -> "KeyList":
        said = json.loads(text)
        ours = [one for one in said["keys"] if one["keytype"] == "ed25519" and one["state"] != "revoked"]
        return cls(text, said["hub"], said["number"], ours)

    def signer(self, envelope: Json, payload_type: str, at: "str | None" = None) -> str:
        """The id of a key of the list that signed ENVELOPE and was not past its end AT; "" without one."""
        if envelope["payloadType"] != payload_type:
            return ""
        kind, payload = payload_type.encode(), base64.b64decode(envelope["payload"], validate=True)
        message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
        for one in envelope["signatures"]:
            for entry in self.entries:
                public = bytes.fromhex(entry["keyval"]["public"])
                if one["keyid"] != entry["keyid"] or (at and moment(at) > moment(entry["expires"])):
                    continue
                if ed25519_verifies(public, message, base64.b64decode(one["sig"], validate=True)):
                    return str(entry["keyid"])
        return ""


@dataclass
class Home:
    """What is remembered between runs: pinned keys and the last snapshot of each set of readers."""

    folder: Path
    hub: str
    memory: Json = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.folder / f"{hashlib.sha256(self.hub.encode()).hexdigest()[:16]}.json"

    def load(self) -> "Home":
        if self.path.exists():
            self.memory = json.loads(self.path.read_text(encoding="utf-8"))
        return self

    def save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(self.memory | {"hub": self.hub}), encoding="utf-8")
        draft.replace(self.path)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def payload_of(envelope: Json) -> str:
    return base64.b64decode(envelope["payload"], validate=True).decode()


def download(address: str) -> "bytes | None":
    """What is at ADDRESS; None where the hub says that there is nothing for us."""
    request = urllib.request.Request(address)  # noqa: S310 - the address of a hub that the user named
    if token := os.environ.get("SKILLHUB_TOKEN"):
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return bytes(answer.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        if error.code in (401, 404):
            return None
        raise NotVerified(WITHDRAWN if error.code == 410 else AWAY, f"{address}: {error}") from None
    except OSError as error:
        raise NotVerified(AWAY, f"{address}: {error}") from None


def trusted_keys(home: Home, given: "str | None", *, online: bool) -> KeyList:
    """The keys of the file that was GIVEN, or those pinned, brought up to date where the hub is asked."""
    if given is not None:
        return KeyList.read(given)
    pinned = KeyList.read(home.memory["keys"]) if "keys" in home.memory else None
    if not online:
        if pinned is None:
            text = f"No keys of {home.hub} are pinned. Name a file that you trust: --keys"
            raise NotVerified(UNKNOWN_KEYS, text)
        return pinned
    data = download(f"{home.hub}/.well-known/skillhub/keys.dsse.json")
    if data is None:
        raise NotVerified(UNKNOWN_KEYS, f"{home.hub} shows no keys.")
    envelope = json.loads(data)
    shown = KeyList.read(payload_of(envelope))
    # On first use the list vouches for itself; from then on what is pinned vouches for what is new.
    if not (pinned or shown).signer(envelope, KEYS_TYPE):
        text = f"The keys of {home.hub} changed, and no pinned key vouches for the new ones."
        raise NotVerified(UNKNOWN_KEYS, text)
    if pinned and shown.number < pinned.number:
        raise NotVerified(UNKNOWN_KEYS, f"{home.hub} shows an older list of keys than before.")
    if pinned is None:
        names = ", ".join(entry["keyid"][:12] for entry in shown.entries)
        print(f"Pinned the keys of {home.hub} on first use: {names}")
    home.memory["keys"] = shown.text
    home.save()
    return shown


def signed_statement(envelope: Json, keys: KeyList) -> Json:
    """The statement in ENVELOPE, after its signature is verified."""
    said = json.loads(payload_of(envelope))
    if said.get("predicateType") != STATEMENT:
        raise NotVerified(NOT_SIGNED, "This is no statement on a release of a SkillHub.")
    signer = keys.signer(envelope, IN_TOTO_TYPE, said["predicate"]["statedAt"])
    if not signer:
        raise NotVerified(NOT_SIGNED, "The statement is signed by none of the keys that are trusted.")
    print(f"Signed by {said['predicate']['hub']} with key {signer[:12]}")
    return said


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def check_bytes(path: Path, said: Json) -> None:
    """Whether the zip, or the folder with every file in it, is what was signed."""
    if path.is_dir():
        check_folder(path, {file["path"]: file["sha256"] for file in said["predicate"]["files"]})
    elif sha256_of(path) != said["subject"][0]["digest"]["sha256"]:
        raise NotVerified(NOT_SIGNED, f"{path} is not the zip that was signed.")


def check_folder(folder: Path, signed: dict[str, str]) -> None:
    found: set[str] = set()
    for place, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(place, name)
            inner = path.relative_to(folder).as_posix()
            if path.is_symlink():
                raise NotVerified(NOT_SIGNED, f"{inner} is a link, which no skill has.")
            if path.is_dir() or inner == "skill.oms.sig":
                continue
            if inner not in signed:
                raise NotVerified(NOT_SIGNED, f"{inner} was not signed: somebody added it.")
            if sha256_of(path) != signed[inner]:
                raise NotVerified(NOT_SIGNED, f"{inner} is not as it was signed.")
            found.add(inner)
    if missing := sorted(set(signed) - found):
        raise NotVerified(NOT_SIGNED, f"Missing: {', '.join(missing)}")


def current_snapshot(envelope: Json, keys: KeyList, home: Home) -> Json:
    """The snapshot in ENVELOPE: signed, not past its end, not older than the last one that was seen."""
    payload = payload_of(envelope)
    said = json.loads(payload)
    facts = said.get("predicate", {})
    if said.get("predicateType") != SNAPSHOT or not keys.signer(envelope, IN_TOTO_TYPE, facts["issuedAt"]):
        raise NotVerified(NOT_SIGNED, "The snapshot is signed by none of the keys that are trusted.")
    if moment(facts["expires"]) < datetime.now(timezone.utc):  # noqa: UP017 - also for Python before 3.11
        raise NotVerified(NOT_CURRENT, f"The snapshot ended at {facts['expires']}: fetch a new one.")
    seen = home.memory.setdefault("snapshots", {})
    number, digest = seen.get(facts["scope"], (0, ""))
    mine = hashlib.sha256(payload.encode()).hexdigest()
    if facts["number"] < number:
        raise NotVerified(
            NOT_CURRENT, f"Snapshot {facts['number']} is older than {number}, which was seen before."
        )
    if facts["number"] == number and mine != digest:
        raise NotVerified(NOT_CURRENT, f"There are two snapshots {number}: somebody is shown something else.")
    seen[facts["scope"]] = (facts["number"], mine)
    home.save()
    return said


def check_state(snapshot: Json, said: Json, wanted: str) -> None:
    """Whether the snapshot names the release as one to be used."""
    signed_as, digest = said["subject"][0]["name"], said["subject"][0]["digest"]
    for subject in snapshot["subject"]:
        notes = subject.get("annotations", {})
        if notes.get("signedAs", subject["name"]) != signed_as or subject["digest"] != digest:
            continue
        if wanted not in ("", subject["name"], signed_as):
            continue
        if notes["state"] != "approved":
            raise NotVerified(WITHDRAWN, f"{subject['name']} was {notes['state']}.")
        facts = snapshot["predicate"]
        print(f"Current: in snapshot {facts['number']} ({facts['scope']})")
        return
    raise NotVerified(WITHDRAWN, f"The snapshot does not name {wanted or signed_as} with these bytes.")


def newest_snapshot(hub: str, team: str) -> bytes:
    """The snapshot of the team for its members, of all that is readable with a token, or the public one."""
    places = [f"{hub}/.well-known/skillhub/snapshot.json"]
    if os.environ.get("SKILLHUB_TOKEN"):
        places = [f"{hub}/api/v1/teams/{team}/snapshot", f"{hub}/api/v1/snapshot"]
    for place in places:
        if data := download(place):
            return data
    raise NotVerified(NOT_CURRENT, "The hub shows no snapshot.")


@dataclass(frozen=True)
class WhatToVerify:
    """The release to be verified: its statement, the hub that is asked ("": none), the name it must have."""

    envelope: Json
    hub: str
    wanted: str


def asked(options: argparse.Namespace) -> WhatToVerify:
    if not options.address:
        if not options.statement:
            raise NotVerified(USAGE, "Name the statement, or the address to ask: --statement or --from")
        return WhatToVerify(json.loads(options.statement.read_text(encoding="utf-8")), "", options.expect)
    hub, _, path = options.address.partition(API)
    parts = path.rstrip("/").split("/")
    if not hub.startswith(("http://", "https://")) or len(parts) != 4 or parts[2] != "versions":
        raise NotVerified(USAGE, "--from is HUB/api/v1/skills/TEAM/NAME/versions/NUMBER")
    team, name, _, number = parts
    wanted = options.expect or f"{team}/{name}@{number}"
    data = download(f"{options.address.rstrip('/')}/statement")
    if data is None:
        raise NotVerified(NOT_SIGNED, f"The hub has no statement on {wanted} for you.")
    return WhatToVerify(json.loads(data), hub, wanted)


def verify(options: argparse.Namespace) -> None:
    release = asked(options)
    given = options.keys.read_text(encoding="utf-8") if options.keys else None
    # Without an address the statement says whose keys are meant; it is believed only with their signature.
    claimed = json.loads(payload_of(release.envelope)).get("predicate", {}).get("hub", "")
    home = Home(options.home, release.hub or claimed).load()
    keys = trusted_keys(home, given, online=bool(release.hub))
    said = signed_statement(release.envelope, keys)
    check_bytes(options.path, said)
    snapshot = options.snapshot.read_bytes() if options.snapshot else None
    if snapshot is None and release.hub:
        snapshot = newest_snapshot(release.hub, release.wanted.partition("/")[0])
    signed_as = said["subject"][0]["name"]
    if snapshot is not None:
        check_state(current_snapshot(json.loads(snapshot), keys, home), said, release.wanted)
    elif release.wanted not in ("", signed_as):
        raise NotVerified(NOT_SIGNED, f"The statement is on {signed_as}, not on {release.wanted}.")
    else:
        print("Not checked, for want of a snapshot: whether it was yanked or removed since.")
    approvers = ", ".join(one["account"] for one in said["predicate"]["approvers"]) or "nobody: imported"
    print(f"Verified: {signed_as} by {said['predicate']['author']}, approved by {approvers}")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="skillhub-verify.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("path", type=Path, help="the zip, or the folder it was unpacked into")
    made.add_argument("--from", dest="address", default="", help="its version in the API of the hub")
    made.add_argument("--statement", type=Path, help="the statement in its envelope")
    made.add_argument("--keys", type=Path, help="keys.json of the hub, as you got it from somebody you trust")
    made.add_argument("--snapshot", type=Path, help="the snapshot in its envelope")
    made.add_argument("--expect", default="", help="TEAM/NAME@NUMBER that it has to be")
    place = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "skillhub-verify"
    made.add_argument("--home", type=Path, default=place, help="where pinned keys are remembered")
    return made


def main(arguments: "list[str] | None" = None) -> int:
    try:
        verify(parser().parse_args(arguments))
    except NotVerified as fault:
        print(f"Not verified: {fault}", file=sys.stderr)
        return fault.status
    except OSError as error:
        print(f"Not verified: {error}", file=sys.stderr)
        return USAGE
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"Not verified: a file or an answer is not what it should be ({error!r}).", file=sys.stderr)
        return NOT_SIGNED
    return 0


if __name__ == "__main__":
    sys.exit(main())
