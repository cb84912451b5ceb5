"""Files that can be listed before they are read: of an archive, or as a form or a ticket brings them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from skills.lib.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Member:
    """A file of a tree; `size` in bytes. `fault` says why nobody may have them, None where all is well."""

    name: str
    size: int
    fault: Problem | None = None


class Tree(Protocol):
    """Files by name, and notes on what around them is not kept."""

    @property
    def members(self) -> Sequence[Member]:
        """Every file, folders left aside; two of them may have the same name."""

    @property
    def notes(self) -> Sequence[Problem]: ...

    def read(self, member: Member) -> bytes:
        """The bytes of MEMBER, exactly as many as its size says; raises Refused where they are damaged."""


class FileMap:
    """The tree of files that are in memory already."""

    notes: Sequence[Problem] = ()

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self.members = [Member(name=name, size=len(data)) for name, data in files.items()]

    def read(self, member: Member) -> bytes:
        return self._files[member.name]
