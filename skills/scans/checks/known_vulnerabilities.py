"""Compares the packages a bundle asks for with known vulnerabilities; says so where it cannot."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from packaging.version import Version
from semantic_version import Version as NpmVersion

from skills.bundles.dependencies import MOST, Dependency, Ecosystem
from skills.scans.advisories import Advisories, Advisory, CannotRead
from skills.scans.checks.contract import CheckFinding, Severity

_MALICIOUS = "MAL-"  # how OSV's ids of malicious packages begin
_SEVERITIES = {
    "critical": Severity.HIGH,
    "high": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
}
_NAMED = 5  # dependencies that one finding names


class _Comparable(Protocol):
    """A version of either ecosystem; those of one are compared with each other alone."""

    def __lt__(self, other: Any, /) -> bool: ...
    def __gt__(self, other: Any, /) -> bool: ...
    def __ge__(self, other: Any, /) -> bool: ...


@dataclass(frozen=True)
class _Match:
    advisory: Advisory
    fixed: str

    @property
    def severity(self) -> Severity:
        if self.advisory.id.startswith(_MALICIOUS):
            return Severity.HIGH
        return _SEVERITIES.get(self.advisory.label, Severity.MEDIUM)


def find_known_vulnerabilities(
    dependencies: Sequence[Dependency], *, source: str, index: Path
) -> list[CheckFinding]:
    """Findings for DEPENDENCIES by the advisories of SOURCE; INDEX is where their index is kept."""
    if not dependencies:
        return []
    if not source:
        return [_not_checked(dependencies, "this instance has no database of advisories")]
    try:
        advisories = Advisories(Path(source), index)
    except CannotRead as problem:
        return [_not_checked(dependencies, f"the database of advisories failed: {problem}")]
    try:
        found = [finding for one in dependencies[:MOST] for finding in _of_dependency(one, advisories)]
    finally:
        advisories.close()
    if len(dependencies) > MOST:
        found.append(_not_checked(dependencies[MOST:], f"only the first {MOST:,} are compared"))
    return [*found, *_without_version(dependencies)]


def _not_checked(dependencies: Sequence[Dependency], why: str) -> CheckFinding:
    first, count = dependencies[0], len(dependencies)
    return CheckFinding(
        rule="advisories_not_checked",
        severity=Severity.LOW,
        path=first.path,
        line=first.line,
        text=f"Not checked: {count} package{'s'[: count > 1]} of this bundle, because {why}.",
        snippet=_names(dependencies),
        remedy="Look them up by hand, or ask who runs this instance to set OSV_DATABASE.",
    )


def _without_version(dependencies: Iterable[Dependency]) -> Iterator[CheckFinding]:
    by_file: dict[str, list[Dependency]] = defaultdict(list)
    for dependency in dependencies:
        if not dependency.version:
            by_file[dependency.path].append(dependency)
    for path, unknown in by_file.items():
        yield CheckFinding(
            rule="dependency_without_version",
            severity=Severity.LOW,
            path=path,
            line=unknown[0].line,
            text=f"Not checked: {len(unknown)} of the packages named here have no version.",
            snippet=_names(unknown),
            remedy="Name the version that you tried, such as requests==2.32.5.",
        )


def _names(dependencies: Sequence[Dependency]) -> str:
    names = ", ".join(one.name for one in dependencies[:_NAMED])
    return f"{names} …" if len(dependencies) > _NAMED else names


def _of_dependency(dependency: Dependency, advisories: Advisories) -> Iterator[CheckFinding]:
    version = _parse(dependency.ecosystem, dependency.version)
    if version is None:
        return
    # One vulnerability has an entry in several databases; the severest of them is told.
    told: dict[str, _Match] = {}
    for advisory in advisories.about(dependency.ecosystem, dependency.name):
        if _is_affected(dependency.ecosystem, version, advisory):
            match = _Match(advisory, _fixed(dependency.ecosystem, version, advisory))
            key = min([advisory.id, *advisory.aliases], key=lambda name: (not name.startswith("CVE-"), name))
            if key not in told or _weight(match) < _weight(told[key]):
                told[key] = match
    for match in told.values():
        yield _finding(dependency, match)


def _weight(match: _Match) -> tuple[int, str]:
    return list(Severity).index(match.severity), match.advisory.id


def _finding(dependency: Dependency, match: _Match) -> CheckFinding:
    advisory, package = match.advisory, f"{dependency.name} {dependency.version}"
    names = ", ".join(dict.fromkeys([advisory.id, *advisory.aliases]))
    is_malicious = advisory.id.startswith(_MALICIOUS)
    what = "is known to be malicious" if is_malicious else f"is vulnerable ({advisory.label or 'not rated'})"
    severity = match.severity
    if not dependency.is_exact:
        # Whoever installs it now may get a newer one.
        package = f"{dependency.written} allows {dependency.version}, which"
        severity = Severity.MEDIUM if severity == Severity.HIGH and not is_malicious else severity
    remedy = f"Ask for {match.fixed} or newer." if match.fixed else "No fixed version is known: leave it out."
    return CheckFinding(
        rule="malicious_package" if is_malicious else "known_vulnerability",
        severity=severity,
        path=dependency.path,
        line=dependency.line,
        text=f"{package} {what}: {names}. {' '.join(advisory.summary.split())}"[:500],
        snippet=dependency.written,
        remedy=remedy,
    )


def _parse(ecosystem: Ecosystem, text: str) -> _Comparable | None:
    try:
        if ecosystem == Ecosystem.PYPI:
            return Version(text)
        version: _Comparable = NpmVersion.coerce(text)
    except ValueError:  # of packaging too
        return None
    return version


def _is_affected(ecosystem: Ecosystem, version: _Comparable, advisory: Advisory) -> bool:
    """As the evaluation algorithm of OSV's schema says."""
    if any(_parse(ecosystem, listed) == version for listed in advisory.versions):
        return True
    return any(_is_within(ecosystem, version, events) for events in advisory.ranges)


def _is_within(ecosystem: Ecosystem, version: _Comparable, events: list[dict[str, str]]) -> bool:
    within = {"introduced": "0"} in events  # "0" stands before all versions
    for at, kind in _in_order(ecosystem, events):
        if kind == "introduced" and version >= at:
            within = True
        elif (kind in ("fixed", "limit") and version >= at) or (kind == "last_affected" and version > at):
            within = False
    return within


def _in_order(ecosystem: Ecosystem, events: list[dict[str, str]]) -> list[tuple[_Comparable, str]]:
    pairs = [(kind, text) for event in events for kind, text in event.items() if text != "0"]
    known = [(at, kind) for kind, text in pairs if (at := _parse(ecosystem, text)) is not None]
    return sorted(known, key=lambda pair: pair[0])


def _fixed(ecosystem: Ecosystem, version: _Comparable, advisory: Advisory) -> str:
    """The next version that has a fix, "" where there is none."""
    events = [pair for one in advisory.ranges for pair in _in_order(ecosystem, one)]
    fixes = [at for at, kind in events if kind == "fixed" and at > version]
    return str(min(fixes)) if fixes else ""
