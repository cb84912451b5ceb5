"""What an import did, as text and as JSON: a line for every SKILL.md, in whatever case it is written."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from skills.flows.intake.changes import Change, ChangeKind
from skills.flows.intake.place import Place
from skills.lib.errors import Problem

_MOST_LEFT_OUT = 5  # that a line names; the JSON names all
_WORDS = {
    ChangeKind.NEW: "imported",
    ChangeKind.NEXT: "new version",
    ChangeKind.UNCHANGED: "unchanged",
    ChangeKind.COPY: "copy",
    ChangeKind.GONE: "gone",
    ChangeKind.REFUSED: "refused",
}
_WIDTH = max(map(len, _WORDS.values()))


def as_text(lines: Sequence[Change], outside: Sequence[Problem]) -> Iterator[str]:
    """A line for each of LINES, with what was mended, refused and left out below it; and the numbers."""
    for line in lines:
        yield f"{_WORDS[line.kind]:<{_WIDTH}}  {line.path}{_result(line)}"
        for note in line.notes:
            yield f"    {'mended' if line.is_new_version else 'note'}: {note.rstrip('.')}"
        for problem in line.problems:
            yield f"    {_with_place(problem)}"
        yield from _left_out(line.left_out)
    if outside:
        yield "outside of every skill"
        yield from _left_out(outside)
    yield _sum(lines)


def _result(line: Change) -> str:
    if not line.name:
        return ""
    number = f" {line.number}" if line.number else ""
    source = f" ({line.number_from})" if line.number_from else ""
    return f" -> {line.name}{number}{source}"


def _with_place(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}: " if problem.line else ""
    return f"{place}{problem.text} {problem.remedy}".rstrip()


def _left_out(problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems[:_MOST_LEFT_OUT]:
        yield f"    {problem.text}"
    if len(problems) > _MOST_LEFT_OUT:
        yield f"    and {len(problems) - _MOST_LEFT_OUT:,} more were left out; the JSON report names them"


def _sum(lines: Sequence[Change]) -> str:
    counted = Counter(line.kind for line in lines)
    parts = [f"{counted[kind]:,} {word}" for kind, word in _WORDS.items() if counted[kind]]
    mended = sum(line.is_new_version and bool(line.notes) for line in lines)
    notes = f" ({mended:,} of them mended)" if mended else ""
    return f"{', '.join(parts) or 'Nothing'}{notes}, {len(lines):,} in all."


def as_json(place: Place, lines: Sequence[Change], outside: Sequence[Problem]) -> dict[str, Any]:
    """The same for programs; `imported`, `mended` and `refused` are the lists that scripts know."""
    new = [line for line in lines if line.is_new_version]
    return {
        "source": place.url or place.source,
        "revision": place.revision,
        "counts": dict(Counter(_WORDS[line.kind] for line in lines)),
        "skills": [line.as_json() for line in lines],
        "left_out": [problem.as_dict() for problem in outside],
        "imported": [line.path for line in new if not line.notes],
        "mended": [[line.path, list(line.notes)] for line in new if line.notes],
        "refused": [
            [line.path, [problem.text for problem in line.problems]]
            for line in lines
            if line.kind == ChangeKind.REFUSED
        ],
    }
