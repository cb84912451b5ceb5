"""Assertions and cases that cannot show that a skill helps, because they pass without it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from skills.verdicts.arms import Arm
from skills.verdicts.records import CaseRecord, GradeRecord
from skills.verdicts.shapes import SolvedCase, UselessAssertion
from skills.verdicts.trials import Trials

Place = tuple[str, int]  # key of a case, place of an assertion in it


def useless_assertions(
    trials: Trials, cases: Sequence[CaseRecord], models: Iterable[int]
) -> list[UselessAssertion]:
    """Assertions that pass without the skill in every repeat on every model, or fail everywhere."""
    results: dict[Arm, dict[Place, set[bool]]] = {Arm.CANDIDATE: {}, Arm.BASELINE: {}}
    models = list(models)
    for arm in results:
        rows = ((row.case, row.grades) for model in models for row in trials.scored(model, arm))
        results[arm] = results_by_place(rows)
    known = {case["key"]: case for case in cases}
    useless = []
    for place, without in results[Arm.BASELINE].items():
        key, number = place
        case = known.get(key)
        if case is None or number >= len(case["assertions"]):
            continue
        if without == {True} or without == results[Arm.CANDIDATE].get(place) == {False}:
            useless.append(
                UselessAssertion(
                    case=key,
                    label=case["label"],
                    assertion=number,
                    text="(hidden)" if case["hidden"] else case["assertions"][number]["text"],
                    always=without == {True},
                )
            )
    return useless


def solved_without(trials: Trials, cases: Sequence[CaseRecord], models: Iterable[int]) -> list[SolvedCase]:
    """Cases that every model solves without the skill in every repeat: no assertion of theirs ever fails."""
    passed: dict[str, set[bool]] = defaultdict(set)
    for model in models:
        for row in trials.scored(model, Arm.BASELINE):
            passed[row.case].add(row.passed)
    return [SolvedCase(case["key"], case["label"]) for case in cases if passed.get(case["key"]) == {True}]


def always_passed(rows: Iterable[tuple[str, Sequence[GradeRecord]]]) -> Mapping[str, list[int]]:
    """Key of a case → the places of the assertions that passed in all of ROWS (case, its grades)."""
    places: dict[str, list[int]] = defaultdict(list)
    for (key, number), results in results_by_place(rows).items():
        if results == {True}:
            places[key].append(number)
    return places


def results_by_place(rows: Iterable[tuple[str, Sequence[GradeRecord]]]) -> dict[Place, set[bool]]:
    """What each assertion has come to; a trial that failed before it was graded failed all of its case."""
    results: dict[Place, set[bool]] = defaultdict(set)
    ungraded: set[str] = set()
    for case, grades in rows:
        if not grades:
            ungraded.add(case)
        for number, grade in enumerate(grades):
            results[case, number].add(bool(grade["passed"]))
    failed = {False}
    return {place: passes | failed if place[0] in ungraded else passes for place, passes in results.items()}
