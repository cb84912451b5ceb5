"""Where bytes come from, before there is a version of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class ProvenanceFacts:
    """Address, revision and path of what was fetched or a run of CI brought; as `Provenance` keeps it.

    `run_url` leads to the run, `started_by` is who started it, by their name there, and `brought_by` the
    trusted publisher in words. `answerable` are the ids of the accounts that said where it comes from, or
    that started the run.
    """

    url: str
    ref: str = ""
    revision: str = ""
    path: str = ""
    source_id: int | None = None
    answerable: Sequence[int] = ()
    run_url: str = ""
    started_by: str = ""
    brought_by: str = ""

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self | None:
        """What `as_json` wrote; None where there is nothing."""
        if not document:
            return None
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in document.items() if name in known})

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"answerable": list(self.answerable)}

    def as_detail(self) -> dict[str, Any]:
        """For the audit log."""
        ids = ("answerable", "source_id")
        return {name: value for name, value in self.as_json().items() if value and name not in ids}
