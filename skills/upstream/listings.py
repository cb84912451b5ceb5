"""JSON of indexes and registries, read by its types: pure, so that a limited child can do it.

Keys that nobody here asks for are passed over, as both specifications want it. No function raises: what
cannot be read is a `problem`.
"""

import re

import msgspec

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^\x00-\x20\x7f/\\]{1,128}")
_PATH = re.compile(r"[^\x00-\x1f\x7f\\]{1,500}")
_TYPES = ("archive", "skill-md")
# The readers of the published clients skip the type of a later version; here it is said.
_UNKNOWN_TYPE = "is of a type that is not read; archive and skill-md are."


class ListedSkill(msgspec.Struct, frozen=True, kw_only=True):
    """A skill of an index: of version 0.2 one download with its digest, of version 0.1 a list of files."""

    name: str
    type: str = ""
    url: str = ""
    digest: str = ""
    files: list[str] = []
    version: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The skills of an index, and why others were passed over, by path: a SKILL.md that is there unread."""

    entries: list[ListedSkill] = []
    passed_over: dict[str, str] = {}
    problem: str = ""


class RegistrySkill(msgspec.Struct, frozen=True, kw_only=True):
    """What a registry says of a skill; no `number` where nothing of it is published."""

    number: str = ""
    owner: str = ""
    problem: str = ""


class RegistryFiles(msgspec.Struct, frozen=True, kw_only=True):
    """sha256 by path of a version in a registry."""

    digests: dict[str, str] = {}
    problem: str = ""


class _Index(msgspec.Struct):
    skills: list[msgspec.Raw]


class _Discovery(msgspec.Struct, rename="camel"):
    api_base: str = ""
    registry: str = ""


class _Latest(msgspec.Struct):
    version: str


class _Owner(msgspec.Struct):
    handle: str | None = None


class _Detail(msgspec.Struct, rename="camel"):
    latest_version: _Latest | None = None
    owner: _Owner | None = None


class _ListedFile(msgspec.Struct):
    path: str
    sha256: str


class _Version(msgspec.Struct):
    files: list[_ListedFile]


class _VersionAnswer(msgspec.Struct):
    version: _Version


def read_index(data: bytes) -> Listing:
    """An index of .well-known/agent-skills, 0.2 or 0.1."""
    try:
        index = msgspec.json.decode(data, type=_Index)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return Listing(problem=f"is no index of skills: {error}"[:300])
    entries: dict[str, ListedSkill] = {}
    passed_over: dict[str, str] = {}
    for number, raw in enumerate(index.skills, 1):
        try:
            entry = msgspec.json.decode(raw, type=ListedSkill)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            passed_over[f"skill {number}"] = f"is no entry of an index: {error}"[:300]
            continue
        if fault := _fault(entry, entries):
            passed_over[_place(entry, number, entries)] = fault
        else:
            entries[entry.name] = entry
    return Listing(entries=list(entries.values()), passed_over=passed_over)


def _fault(entry: ListedSkill, earlier: dict[str, ListedSkill]) -> str:
    """Why ENTRY is not read; "" where it is."""
    if not is_name(entry.name):
        return "has a name that cannot be the name of a folder."
    if entry.name in earlier:
        return "is listed twice; the first one counts."
    if entry.files:
        wrong = next((path for path in entry.files if not is_path(path)), None)
        return "" if wrong is None else f"lists a file that cannot be read: {wrong[:100]!r}."
    if entry.type not in _TYPES:
        return _UNKNOWN_TYPE
    if not entry.url:
        return "names no address."
    return (
        ""
        if _DIGEST.fullmatch(entry.digest)
        else "has no digest of the form sha256:…, so nobody can verify it."
    )


def _place(entry: ListedSkill, number: int, earlier: dict[str, ListedSkill]) -> str:
    """What to call ENTRY, the NUMBERth of its index, which is passed over."""
    if not is_name(entry.name):
        return f"skill {number}"
    return entry.name if entry.name in earlier else f"{entry.name}/SKILL.md"


def is_name(name: str) -> bool:
    """Whether NAME can be the name of a folder."""
    return bool(_NAME.fullmatch(name)) and name not in (".", "..")


def is_path(path: str) -> bool:
    """Whether PATH leads to a file below where it starts."""
    return bool(_PATH.fullmatch(path)) and {"", ".", ".."}.isdisjoint(path.split("/"))


def read_discovery(data: bytes) -> str:
    """Where a registry's API is; "" where that is not said."""
    try:
        found = msgspec.json.decode(data, type=_Discovery)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return ""
    return found.api_base or found.registry


def read_registry_skill(data: bytes) -> RegistrySkill:
    """What a registry says of one skill."""
    try:
        found = msgspec.json.decode(data, type=_Detail)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return RegistrySkill(problem=f"is not described as a registry does it: {error}"[:300])
    number = found.latest_version.version if found.latest_version else ""
    owner = found.owner.handle if found.owner else None
    return RegistrySkill(number=number, owner=owner or "")


def read_registry_files(data: bytes) -> RegistryFiles:
    """The files of one version in a registry."""
    try:
        found = msgspec.json.decode(data, type=_VersionAnswer)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return RegistryFiles(problem=f"has no list of files with digests: {error}"[:300])
    digests = {file.path: file.sha256 for file in found.version.files}
    if not all(is_path(path) and _SHA256.fullmatch(sha256) for path, sha256 in digests.items()):
        return RegistryFiles(problem="has a list of files with a path or digest that is none.")
    return RegistryFiles(digests=digests)
