"""Where skills are read from, and how much of it."""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings

from skills.lib import outgoing
from skills.lib.errors import Problem
from skills.upstream.failures import NotRead

_LONGEST_REF = 200
# git-check-ref-format(1), and no leading hyphen, which would make it an option.
_REF = re.compile(r"(?![-/.])[^\x00-\x20\x7f~^:?*\[\\]+(?<![./])")
_REF_FAULTS = ("..", "//", "@{", "/.", ".lock/")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?")
# A last part of digits makes an IP address of a host, in some short form or other; so does a colon.
_IP = re.compile(r"(?:^|\.)(?:0x[0-9a-f]*|[0-9]+)\.?$|:")
_FOLDER_FAULT = re.compile(r"[\x00-\x1f\x7f\\]|^[-:]")

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SCP = re.compile(r"^([^/@:]+@)?([^/@:]+):(?!/)(.+)$")  # user@host:path, as ssh takes it


class UpstreamKind(StrEnum):
    """What answers at an address."""

    GIT = "git"
    SKILLHUB = "skillhub"
    INDEX = "index"  # .well-known/agent-skills, 0.2 or 0.1
    CLAWHUB = "clawhub"


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """An address with what to read there. `token` is shown nowhere.

    `ref` is a branch, a tag or all digits of a commit, "" the default branch; `folder` the only folder that
    is read; `names` are skills of a registry, `owner/slug` or `slug`. The three that a kind does not know
    are empty.
    """

    kind: UpstreamKind
    url: str
    ref: str = ""
    folder: str = ""
    names: tuple[str, ...] = ()
    token: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class UpstreamLimits:
    """What reading may use: seconds of the clock, bytes that are fetched, files, bytes of one file."""

    seconds: float = 120
    size: int = 200_000_000
    files: int = 20_000
    file: int = 5_000_000


def upstream_limits() -> UpstreamLimits:
    """The limits the settings give."""
    return UpstreamLimits(
        seconds=settings.SOURCE_SECONDS,
        size=settings.SOURCE_MEGABYTES * 1_000_000,
        file=settings.LIMIT_FILE,
    )


def check(upstream: Upstream) -> None:
    """Raises NotRead where the parts of UPSTREAM cannot be an address; asks nobody."""
    try:
        target = outgoing.parse_url(upstream.url)
    except outgoing.NotAllowed as error:
        remedy = "Write it as https://host/path; a token goes into its own field."
        raise NotRead(Problem("source_address", str(error), remedy)) from None
    if not _is_plain(target.host):
        text = f"{target.host[:200]!r} is not a host as every program reads it."
        remedy = "Write letters without accents (xn--… for others), no dot at the end, or a whole IP address."
        raise NotRead(Problem("source_address", text, remedy))
    if re.search(r"[\x00-\x20\x7f]", upstream.url):
        text = "The address holds spaces or control characters."
        raise NotRead(Problem("source_address", text, "Write it as https://host/path."))
    if target.scheme != "https" and not outgoing.is_named_by_operator(target):
        text = f"{target.host} is asked over https alone: over http anybody between could change the skills."
        raise NotRead(Problem("source_address", text, "Write https:// in front."))
    if re.search(r"[^\x21-\x7e]", upstream.token):
        text = "The token holds spaces, line breaks or letters beyond ASCII."
        raise NotRead(Problem("source_token", text, "Copy it again, without what stands around it."))
    _check_ref(upstream.ref)
    _check_folder(upstream.folder)


def _is_plain(host: str) -> bool:
    """Whether HOST means the same to us and to git.

    What curl would rewrite (escapes, accents, a last dot, short forms of IP addresses) it would look up anew
    under another name, past the address that was checked.
    """
    if _IP.search(host):
        try:
            return str(ipaddress.ip_address(host)) == host
        except ValueError:
            return False
    return bool(_HOST.fullmatch(host))


def _check_ref(ref: str) -> None:
    is_wrong = len(ref) > _LONGEST_REF or ref.endswith(".lock") or any(part in ref for part in _REF_FAULTS)
    if ref and (is_wrong or not _REF.fullmatch(ref)):
        text = f"{ref[:_LONGEST_REF]!r} cannot be the name of a branch or tag."
        raise NotRead(Problem("source_ref", text, "Write it as git branch or git tag shows it."))


def _check_folder(folder: str) -> None:
    parts = folder.split("/")
    if folder and (_FOLDER_FAULT.search(folder) or not {"", ".", ".."}.isdisjoint(parts)):
        text = f"{folder!r} is not a folder of a repository."
        raise NotRead(Problem("source_folder", text, "Write it as skills/public, from the repository's top."))


def same_for_all(url: str) -> str:
    """URL in the one form of all the ways to write it: no scheme, user or `.git`, the host in small letters.

    git@host:acme/tools.git, as ssh takes it, is https://host/acme/tools.
    """
    address = _SCHEME.sub("", _SCP.sub(r"\2/\3", url)).rstrip("/").removesuffix(".git")
    host, slash, path = address.rpartition("@")[2].partition("/")
    return f"{host.lower()}{slash}{path}"


def is_local_path(url: str) -> bool:
    """Whether URL leads to a folder of this machine."""
    return url.startswith(("/", ".", "file:")) or not (_SCHEME.match(url) or _SCP.match(url))


def is_commit(ref: str) -> bool:
    """Whether REF is a commit by all its digits, which never changes."""
    return bool(re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", ref))
