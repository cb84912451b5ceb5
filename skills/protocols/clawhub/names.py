"""Slugs and owners of ClawHub as our skills and teams, and the fingerprint its CLI computes."""

import hashlib
from collections.abc import Iterable

from skills.catalog.models import File, Skill, SkillName, State, Version
from skills.catalog.selectors import find_skill
from skills.catalog.visibility import readable
from skills.http.refusals import HttpRefusal
from skills.lib.errors import missing
from skills.people.actor import Actor

# The order of JavaScript's localeCompare for ASCII (the root collation of ICU), then letters.
_ORDER = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789"
_PRIMARY = {" ": 1} | {char: place + 2 for place, char in enumerate(f" {_ORDER}") if char != " "}
_LETTERS = len(_ORDER) + 4
_LAST = 200  # versions whose fingerprint is compared


class Ambiguous(HttpRefusal):
    """Several teams use the slug; `choices` are their skills."""

    status = 409

    def __init__(self, slug: str, choices: list[Skill]) -> None:
        super().__init__([])
        self.slug, self.choices = slug, choices


def _collation(path: str) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    def primary(char: str) -> int:
        low = char.lower()
        return _LETTERS + ord(low) - 97 if "a" <= low <= "z" else _PRIMARY.get(char, 10_000 + ord(char))

    return tuple(map(primary, path)), tuple("A" <= char <= "Z" for char in path)


def source_fingerprint(files: Iterable[tuple[str, str]]) -> str:
    """What `clawhub` computes over an installed folder: (path, sha256) in the order of localeCompare."""
    lines = (f"{path}:{sha}" for path, sha in sorted(files, key=lambda file: _collation(file[0])))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def find(actor: Actor, slug: str, owner: str = "") -> Skill:
    """The skill a client means; raises Missing or Ambiguous."""
    slug, owner = slug.strip().lower(), owner.strip().lstrip("@").lower()
    if slug.startswith("@") and "/" in slug:
        owner, slug = slug[1:].split("/", 1)
    if owner:
        return find_skill(actor, owner, slug)
    names = SkillName.objects.filter(readable(actor, "skill__"), name=slug, skill__shown__isnull=False)
    skills = list({row.skill_id: row.skill for row in names.select_related("skill__team")}.values())
    if len(skills) > 1:
        raise Ambiguous(slug, skills)
    if not skills:
        raise missing()
    return skills[0]


def released(skill: Skill) -> list[Version]:
    """Approved versions, the newest first."""
    rows = Version.objects.filter(skill=skill, state=State.APPROVED).order_by("-approved_at", "-pk")
    versions = list(rows[:_LAST])
    for version in versions:
        version.skill = skill
    return versions


def matching(skill: Skill, wanted: str) -> Version | None:
    """The newest approved version whose files have this fingerprint."""
    versions = released(skill)
    files: dict[int, list[tuple[str, str]]] = {version.pk: [] for version in versions}
    for pk, path, sha in File.objects.filter(version__in=versions).values_list(
        "version_id", "path", "sha256"
    ):
        files[pk].append((path, sha))
    return next((version for version in versions if source_fingerprint(files[version.pk]) == wanted), None)
