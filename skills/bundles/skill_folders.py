"""Finds the skills among the files of a folder, an archive or a repository."""

from collections.abc import Iterable
from dataclasses import dataclass

from skills.bundles.frontmatter import FILE
from skills.bundles.paths import is_junk


@dataclass(frozen=True, kw_only=True)
class SkillFolder:
    """One skill: its folder ("" for the top), its SKILL.md as it is spelled there, and all files below."""

    path: str
    skill_md: str
    files: tuple[str, ...]

    def inner(self, path: str) -> str:
        """PATH, which lies in the folder, as the skill itself would write it."""
        return path[len(self.path) + 1 :] if self.path else path

    def holds(self, path: str) -> bool:
        return not self.path or path == self.path or path.startswith(f"{self.path}/")


def skill_folders(paths: Iterable[str]) -> list[SkillFolder]:
    """Every folder with a SKILL.md, in whatever case it is written.

    A skill holds all that lies below it, other skills included: they may be its examples. Where the top is a
    skill it does not: the others are its neighbours.
    """
    ordered = sorted(path for path in paths if not is_junk(path))
    spelled: dict[str, str] = {}
    for path in ordered:
        folder, _, name = path.rpartition("/")
        # SKILL.md sorts before skill.md, and is the one where a folder has both.
        if name.lower() == FILE.lower():
            spelled.setdefault(folder, path)
    files: dict[str, list[str]] = {folder: [] for folder in spelled}
    for path in ordered:
        inside = [folder for folder in _folders_above(path) if folder in files]
        for folder in inside:
            if folder or len(inside) == 1:
                files[folder].append(path)
    return [
        SkillFolder(path=folder, skill_md=spelled[folder], files=tuple(inner))
        for folder, inner in files.items()
    ]


def _folders_above(path: str) -> list[str]:
    """The folders that PATH lies in, the top ("") first."""
    folders = [""]
    position = path.find("/")
    while position != -1:
        folders.append(path[:position])
        position = path.find("/", position + 1)
    return folders
