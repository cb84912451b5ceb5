"""The packages that a bundle asks for: requirements.txt, package.json, inline script metadata (PEP 723)."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from semantic_version import NpmSpec
from semantic_version import Version as NpmVersion

from skills.bundles.magic import decode

MOST = 1_000  # dependencies of a bundle that are compared
_LONGEST = 300  # characters of one: more is no honest requirement
_REQUIREMENTS = re.compile(
    r"\A(?:.*/)?(?:[\w.-]{0,100}requirements[\w.-]{0,100}|requirements/[\w.-]{1,100})\.(?:txt|in)"
)
_NPM_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_NPM_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,2}(?:-[0-9A-Za-z.-]{1,60})?")
_JSON_KEY = re.compile(r'"([^"\n]{1,214})"\s*:')
_SCRIPT_BEGIN, _SCRIPT_END = "# /// script", "# ///"


class Ecosystem(StrEnum):
    """Where a package comes from, as OSV calls it."""

    PYPI = "PyPI"
    NPM = "npm"


@dataclass(frozen=True, order=True, kw_only=True)
class Dependency:
    """A package that a file asks for; `version` is the least it allows, "" where it names none."""

    ecosystem: Ecosystem
    name: str
    version: str
    is_exact: bool
    written: str
    path: str
    line: int


def read_dependencies(files: Mapping[str, bytes]) -> list[Dependency]:
    """What the text files of FILES ask for, by path and line; version "" where it is unknown."""
    found = (dependency for path, data in sorted(files.items()) for dependency in _of_file(path, data))
    # One more than are compared tells that there were more.
    return sorted(set(islice(found, MOST + 1)), key=lambda one: (one.path, one.line, one.name))


def _of_file(path: str, data: bytes) -> Iterator[Dependency]:
    name = path.rsplit("/", 1)[-1]
    if name == "package.json":
        yield from _of_package_json(path, decode(data) or "")
    elif name.endswith(".py"):
        yield from _of_script(path, decode(data) or "")
    elif _REQUIREMENTS.fullmatch(path):
        for number, line in enumerate((decode(data) or "").splitlines(), 1):
            yield from _of_requirement(path, number, line)


def _of_requirement(path: str, number: int, line: str) -> Iterator[Dependency]:
    """A line of requirements.txt; its options, such as --hash and -r, name no package of an index."""
    text = line[:_LONGEST].split(" #", 1)[0].split(" --", 1)[0].rstrip("\\ \t").strip()
    if not text or text.startswith(("#", "-")):
        return
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        # A path or an address: what it holds is unknown, and is said to be.
        yield _dependency(Ecosystem.PYPI, text, "", path=path, line=number, written=text)
        return
    version, is_exact = _least_of_python(requirement)
    yield Dependency(
        ecosystem=Ecosystem.PYPI,
        name=canonicalize_name(requirement.name),
        version=version,
        is_exact=is_exact,
        written=text,
        path=path,
        line=number,
    )


def _least_of_python(requirement: Requirement) -> tuple[str, bool]:
    """The least version that REQUIREMENT allows, and whether it is the only one."""
    bounds: list[Version] = []
    for specifier in requirement.specifier:
        if specifier.operator not in ("==", "===", ">=", "~="):
            continue
        try:
            bound = Version(specifier.version.removesuffix(".*"))
        except InvalidVersion:
            continue
        if specifier.operator.startswith("==") and not specifier.version.endswith(".*"):
            return str(bound), True
        bounds.append(bound)
    return (str(max(bounds)), False) if bounds else ("", False)


def _of_package_json(path: str, text: str) -> Iterator[Dependency]:
    try:
        package = json.loads(text)
    except (ValueError, RecursionError):
        return
    lines = _lines_of_keys(text)
    for section in _NPM_SECTIONS:
        wanted = package.get(section) if isinstance(package, dict) else None
        for name, specifier in (wanted if isinstance(wanted, dict) else {}).items():
            written = str(specifier)[:_LONGEST]
            yield _dependency(
                Ecosystem.NPM, name, written, path=path, line=lines.get(name, 0), written=f"{name}@{written}"
            )


def _lines_of_keys(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for match in _JSON_KEY.finditer(line[:_LONGEST]):
            lines.setdefault(match.group(1), number)
    return lines


def _dependency(
    ecosystem: Ecosystem, name: str, specifier: str, *, path: str, line: int, written: str
) -> Dependency:
    if specifier.startswith("npm:"):  # another package under this name
        name, _, specifier = specifier.removeprefix("npm:").rpartition("@")
    version, is_exact = _least_of_npm(specifier)
    return Dependency(
        ecosystem=ecosystem,
        name=name[:_LONGEST],
        version=version,
        is_exact=is_exact,
        written=written[:_LONGEST],
        path=path,
        line=line,
    )


def _least_of_npm(specifier: str) -> tuple[str, bool]:
    plain = specifier.strip().removeprefix("=").removeprefix("v")
    match = _NPM_VERSION.search(plain)
    if match is None:
        return "", False
    try:
        least = NpmVersion.coerce(match.group())
        allowed = NpmSpec(plain).match(least)
    except ValueError:  # an address, a tag
        return "", False
    return (str(least), str(least) == plain) if allowed else ("", False)


def _of_script(path: str, text: str) -> Iterator[Dependency]:
    """The dependencies in the block `# /// script` of a Python file."""
    lines = text.splitlines()
    try:
        first = lines.index(_SCRIPT_BEGIN) + 1
        last = lines.index(_SCRIPT_END, first)
    except ValueError:
        return
    try:
        block = tomllib.loads("\n".join(line[2:] for line in lines[first:last]))
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    wanted = block.get("dependencies")
    numbers = {line.strip("#,'\" \t"): number for number, line in enumerate(lines[first:last], first + 1)}
    for written in wanted[: MOST + 1] if isinstance(wanted, list) else []:
        yield from _of_requirement(path, numbers.get(str(written), first), str(written))
