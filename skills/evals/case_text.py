"""Cases as people type them: an assertion a line, a conversation as one text; and `evals.json` of that."""

import json
from collections.abc import Mapping, Sequence

from skills.bundles import conversations
from skills.bundles.eval_assertions import ALIKE
from skills.bundles.eval_cases import Assertion, AssertionKind, Case, Evals, Turn

Row = dict[str, object]
_SEVERAL = frozenset(
    {
        AssertionKind.CONTAINS_ANY,
        AssertionKind.NOT_CONTAINS_ANY,
        "contains_all",
        "icontains_any",
        "icontains_all",
    }
)
_NUMBERS = frozenset({AssertionKind.COST, AssertionKind.LATENCY})
_SCHEMAS = frozenset({AssertionKind.JSON_SCHEMA, AssertionKind.NOT_JSON_SCHEMA})
_NO_LINE = _SCHEMAS | {AssertionKind.JUDGE, AssertionKind.TRIGGER, AssertionKind.PYTHON}
_OF_OTHER_TOOLS = frozenset(
    {
        *("equals", "not_equals", "icontains", "not_icontains", "starts_with", "ends_with"),
        *("contains_all", "icontains_any", "icontains_all"),
    }
)
_WITH_VALUE = (frozenset(AssertionKind) | _OF_OTHER_TOOLS) - _NO_LINE
_WITHOUT_VALUE = frozenset({"is_json", "not_is_json"})


def read_lines(text: str) -> list[Row | str]:
    """Assertions as people type them: one a line; `contains: words` and the like are typed checks."""
    lines = [line.strip() for line in text.splitlines()]
    return [_read_line(line) for line in lines if line]


def _read_line(line: str) -> Row | str:
    """A typed check, or the line itself, for a judge to read."""
    before, colon, after = line.partition(":")
    kind, value = before.strip().lower().replace(" ", "_").replace("-", "_"), after.strip()
    if kind in _WITHOUT_VALUE and not value:
        return {"type": kind}
    if not colon or kind not in _WITH_VALUE or (kind in _NUMBERS and not _is_number(value)):
        return line
    if kind in _SEVERAL:
        return {"type": kind, "values": [part.strip() for part in value.split("|") if part.strip()]}
    return {"type": kind, "value": value}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def as_lines(assertions: Sequence[Assertion]) -> str:
    """The reverse of `read_lines`; `evals_json` keeps those that no line can show."""
    lines = (_line_of(assertion) for assertion in assertions)
    return "\n".join(line for line in lines if line is not None)


def _line_of(assertion: Assertion) -> str | None:
    """The line that is read as ASSERTION again, None where there is none."""
    kind, value = assertion.kind, assertion.value
    read_as: Row | str = {"type": kind, "value": value}
    if kind == AssertionKind.JUDGE:
        line, read_as = assertion.text, assertion.text
    elif kind in _SEVERAL:
        line, read_as = f"{kind}: {' | '.join(value)}", {"type": kind, "values": value}
    elif kind in _NUMBERS:
        line, read_as = f"{kind}: {value}", {"type": kind, "value": str(value)}
    elif kind == AssertionKind.SIMILAR:
        line, read_as = f"{kind}: {value['texts'][0]}", {"type": kind, "value": value["texts"][0]}
        if len(value["texts"]) > 1 or value["threshold"] != ALIKE:
            return None
    else:
        line = f"{kind}: {value}"
    return line if not assertion.answer and read_lines(line) == [read_as] else None


def prompt_fields(text: str, case: Case | None = None) -> Row:
    """The fields of evals.json for a prompt as people type it; CASE is what it was before."""
    is_unchanged = case is not None and case.prompt.strip() == text.strip()
    turns = case.turns if case is not None and is_unchanged else conversations.from_text(text)
    if not turns:
        return {"prompt": text.strip()}
    return {"turns": _turn_rows(turns, case.assertions if case else ())}


def _turn_rows(turns: Sequence[Turn], assertions: Sequence[Assertion]) -> list[Row]:
    """The turns of a conversation, each with the assertions about its answer."""
    rows: list[Row] = [{"role": turn.speaker, "content": turn.text} for turn in turns]
    for answer, place in enumerate(conversations.answered(turns), 1):
        if about := [_row_of(assertion) for assertion in assertions if assertion.answer == answer]:
            rows[place]["assertions"] = about
    return rows


def evals_json(name: str, rows: Sequence[Mapping[str, str]], before: Evals) -> bytes:
    """`evals/evals.json` from the rows of the editor (id, prompt, expected, assertions).

    What the editor cannot show is kept from the case with the same id BEFORE: unknown keys, files, checks;
    and the sentences that should or should not make a model open the skill.
    """
    cases = {case.id: case for case in before.cases}
    items: list[Row] = []
    for row in rows:
        if row["prompt"].strip():
            items.append(_item(row, cases.get(row["id"]), default_id=str(len(items) + 1)))
    # A case that should open the skill is read as such a sentence too.
    written = {_question(case) for case in before.cases if case.should_trigger}
    items += [
        {"query": trigger.query, "should_trigger": trigger.should_trigger}
        for trigger in before.triggers
        if not (trigger.should_trigger and trigger.query in written)
    ]
    return (json.dumps({"skill_name": name, "evals": items}, indent=2, ensure_ascii=False) + "\n").encode()


def _question(case: Case) -> str:
    return case.turns[-1].text if case.turns else case.prompt


def _item(row: Mapping[str, str], case: Case | None, *, default_id: str) -> Row:
    item: Row = dict(case.other) if case else {}
    item |= {"id": row["id"].strip() or default_id, **prompt_fields(row["prompt"], case)}
    if row["expected"].strip():
        item["expected_output"] = row["expected"].strip()
    before = case.assertions if case else ()
    # Whoever leaves a line alone keeps the words that its author wrote for it.
    known = {line: _row_of(assertion) for assertion in before if (line := _line_of(assertion)) is not None}
    lines = [line.strip() for line in row["assertions"].splitlines()]
    item["assertions"] = [
        *(known.get(line) or _read_line(line) for line in lines if line),
        *(_row_of(one) for one in before if not one.answer and _line_of(one) is None),
    ]
    if case and case.should_trigger is not None:
        item["should_trigger"] = case.should_trigger
    if case and case.files:
        item["files"] = list(case.files)
    return item


def _row_of(assertion: Assertion) -> Row | str:
    """An assertion as evals.json writes it."""
    kind, value = assertion.kind, assertion.value
    text = assertion.text.removeprefix(f"Answer {assertion.answer}: ")
    if kind == AssertionKind.JUDGE:
        return text
    if kind == AssertionKind.SIMILAR:
        return {"type": kind, "value": value["texts"], "threshold": value["threshold"], "text": text}
    key = "threshold" if kind in _NUMBERS else "schema" if kind in _SCHEMAS else "value"
    return {"type": kind, "values" if kind in _SEVERAL else key: value, "text": text}
