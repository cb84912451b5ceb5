"""Rows as runs and trials keep them in JSON columns: what was run, and how it was graded.

The JSON is the value here, and the API answers it as it is: a field may be added, never renamed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict


class AssertionRecord(TypedDict):
    """One checkable statement; see bundles.eval_cases.Assertion."""

    kind: str
    text: str
    value: Any


class CaseRecord(TypedDict):
    """A case as its run ran it; files by name only."""

    key: str
    label: str
    prompt: str
    files: list[str]
    assertions: list[AssertionRecord]
    trigger: bool | None  # whether the skill should be opened; None where the case is not about that
    hidden: bool
    kept_from: NotRequired[
        int
    ]  # id of the earlier version whose case it is, where ours changed or dropped it
    is_new: NotRequired[bool]  # whether the approved version does not have it


def trigger_keys(cases: Iterable[CaseRecord]) -> set[str]:
    return {case["key"] for case in cases if case["trigger"] is not None}


def kept_keys(cases: Iterable[CaseRecord]) -> set[str]:
    """Those of earlier versions, which only say whether this one does worse."""
    return {case["key"] for case in cases if "kept_from" in case}


class GradeRecord(TypedDict):
    """The grade of one assertion in one trial."""

    text: str
    kind: str
    passed: bool
    evidence: str
    overruled: NotRequired[str]  # the reviewer who said that the judge was wrong


class ModelRecord(TypedDict):
    """A model as its run asked it; the key of its provider is never kept."""

    id: int
    label: str
    kind: str
    name: str
    base_url: str
    max_output_tokens: int
    temperature: float | None
    parameters: Mapping[str, Any]
    connections: int
    retries: int
    price: Sequence[Any] | None  # portfolio.price_lists.PriceList.to_json; of old runs three numbers
    options: NotRequired[Mapping[str, str]]  # of the provider: region, project, version; absent in old runs
