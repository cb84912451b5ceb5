"""Version numbers: semantic versioning 2.0.0, build metadata ignored for identity."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import semantic_version as semver

from skills.lib.errors import Refused, refuse

FIRST_NUMBER = "1.0.0"  # of a skill whose author names none
_LENGTH = 64
_SHORT = re.compile(r"\d{1,9}(\.\d{1,9})?")
_REMEDY = "Use three numbers, for example 1.2.0 or 2.0.0-beta.1."


@dataclass(frozen=True)
class Number:
    """`text` identifies the version; `build` is what stood after a plus sign."""

    text: str
    build: str
    is_prerelease: bool


def parse(text: str) -> Number:
    """Read TEXT; raises Refused with an example of what would do."""
    try:
        # People write v1.2.0 because their tags are called so.
        version = semver.Version(text.strip().removeprefix("v"))
    except ValueError:
        raise bad_number(text) from None
    # Without build metadata: by SemVer 2.0.0, section 10, it does not order versions, so it must not tell two
    # apart.
    plain = str(version.truncate("prerelease"))
    if len(plain) > _LENGTH or len(".".join(version.build)) > _LENGTH:
        raise bad_number(text)
    return Number(plain, ".".join(version.build), bool(version.prerelease))


def bad_number(text: str) -> Refused:
    return refuse("bad_number", f"{text[:80]!r} is not a semantic version number.", _REMEDY)


def highest(numbers: Iterable[str]) -> str | None:
    """The highest of NUMBERS in semver order."""
    return max(numbers, key=semver.Version, default=None)


def select(spec: str, numbers: Iterable[str]) -> str | None:
    """The first of NUMBERS that the range SPEC (^1.2, ~1.2, >=1,<2, 1.x) admits; the highest comes first."""
    try:
        # npm's ranges are what the installers send; they know spaces where people write commas.
        wanted = semver.NpmSpec(spec.replace(",", " "))
    except ValueError:
        text = f"{spec[:80]!r} is neither a number, a range nor a channel."
        raise refuse("bad_range", text, "For example 1.2.0, ^1.2, ~1.2, >=1,<2 or latest.") from None
    return next((number for number in numbers if wanted.match(semver.Version(number))), None)


def suggest(numbers: Iterable[str], written: str = "") -> str:
    """The next number: what the author wrote if it is new and higher, else one minor step up."""
    top = highest(numbers)
    mine = _number_of_author(written)
    if mine and (top is None or semver.Version(mine) > semver.Version(top)):
        return mine
    return FIRST_NUMBER if top is None else str(semver.Version(top).next_minor())


class NumberFrom(StrEnum):
    """Where the number of a version that is brought in comes from."""

    WRITTEN = "written in SKILL.md"
    FIRST = "the first version"
    NEXT = "the next patch"


@dataclass(frozen=True)
class NextNumber:
    """`note` says what became of the number that was written, "" where it is that one or there was none."""

    text: str
    source: NumberFrom
    note: str = ""


def next_number(written: str, numbers: Iterable[str]) -> NextNumber:
    """The number of the next version after NUMBERS: what the author wrote if it is higher, else one patch up.

    A number of one or two parts, such as 2.1, is read as one of three.
    """
    top = highest(numbers)
    mine = _number_of_author(written)
    if mine and (top is None or semver.Version(mine) > semver.Version(top)):
        note = (
            ""
            if mine == written.strip().removeprefix("v").split("+")[0]
            else f"{written!r} is read as {mine}"
        )
        return NextNumber(mine, NumberFrom.WRITTEN, note)
    if top is None:
        note = f"{written[:40]!r} is no version number" if written else ""
        return NextNumber(FIRST_NUMBER, NumberFrom.FIRST, note)
    after = str(semver.Version(top).next_patch())
    if not written:
        return NextNumber(after, NumberFrom.NEXT)
    why = f"is not higher than {top}" if mine else "is no version number"
    return NextNumber(after, NumberFrom.NEXT, f"{written[:40]!r} {why}")


def _number_of_author(written: str) -> str:
    """WRITTEN as a number of three parts, "" where it is none."""
    text = written.strip().removeprefix("v")
    if _SHORT.fullmatch(text):
        text = ".".join([*(str(int(part)) for part in text.split(".")), "0", "0"][:3])
    try:
        return parse(text).text if text else ""
    except Refused:
        return ""
