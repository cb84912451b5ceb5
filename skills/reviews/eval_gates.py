"""The gates that read evaluations: what they need, and in one sentence what is missing. Pure."""

from collections import Counter
from collections.abc import Sequence
from math import floor

from skills.people.models import Policy
from skills.reviews.rules import Gate, asks_for_evaluation, counted
from skills.verdicts.outcomes import RegressionStatus
from skills.verdicts.pooled import Evidence, ModelEvidence, StandardPlan
from skills.verdicts.statistics import FEWEST_CASES

_WORDS = {RegressionStatus.SUSPECTED: "to be run again"}
_NAMED = 3  # regressions and cases that a sentence names


def eval_gates(policy: Policy, plan: StandardPlan, evidence: Evidence | None) -> list[Gate]:
    """The gates an evaluation must pass, where the policy asks for any."""
    if not asks_for_evaluation(policy):
        return []
    missing = what_is_missing(plan, evidence)
    gates = [Gate("evals", not missing, missing or _what_ran(plan, evidence))]
    if policy.no_regression:
        gates.append(_regression_gate(evidence, is_known=not missing))
    if policy.minimum_lift is not None:
        gates.append(_lift_gate(policy.minimum_lift, evidence, is_known=not missing))
    if policy.discerning_cases:
        gates.append(_cases_gate(evidence, is_known=not missing))
    return gates


def what_is_missing(plan: StandardPlan, evidence: Evidence | None) -> str:
    """Why the evidence is not that of the standard plan, "" where it is."""
    if evidence is None:
        return "These bytes have not been evaluated."
    if evidence.is_running:
        return "An evaluation of these bytes is still going on."
    if evidence.is_scripted:
        return "The evaluation replayed a script, which proves nothing."
    if evidence.is_early:
        return "These bytes were evaluated before they were submitted; evaluate the version itself."
    return _missing_models(plan, evidence) or _missing_trials(plan, evidence)


def _missing_models(plan: StandardPlan, evidence: Evidence) -> str:
    if plan.unknown_models:
        return f"The policy asks for models that are not there: {', '.join(plan.unknown_models)}."
    if not plan.models:
        return "The team has no model to evaluate on."
    if evidence.silent_models:
        return f"There is no result on {', '.join(evidence.silent_models)}."
    return ""


def _missing_trials(plan: StandardPlan, evidence: Evidence) -> str:
    if evidence.cases < plan.cases:
        ran = counted(evidence.cases, "case")
        return f"{ran} ran on every model, with the skill and without; {plan.cases} are needed."
    if evidence.unrun_hidden_cases == 1:
        return "1 hidden case has not been run."
    if evidence.unrun_hidden_cases:
        return f"{evidence.unrun_hidden_cases} hidden cases have not been run."
    if evidence.missing:
        model = evidence.missing[0]
        return (
            f"{model.missing} of the {model.planned} trials of {model.label} have no result;"
            f" {counted(plan.repeats, 'repeat')} of each case are needed."
        )
    return ""


def _what_ran(plan: StandardPlan, evidence: Evidence | None) -> str:
    assert evidence is not None
    return (
        f"These bytes have been evaluated: {counted(evidence.cases, 'case')}"
        f" on {counted(len(evidence.models), 'model')}, {counted(plan.repeats, 'repeat')} or more."
    )


def _regression_gate(evidence: Evidence | None, *, is_known: bool) -> Gate:
    if evidence and evidence.regressions:
        return Gate("regression", passed=False, text=_about_regressions(evidence))
    if evidence and evidence.worse_models:
        models = ", ".join(evidence.worse_models)
        text = f"The version does worse than the approved {evidence.compared_with} on {models}."
        return Gate("regression", passed=False, text=text)
    if evidence is None or not is_known:
        return Gate("regression", passed=False, text="Regressions are not known yet.")
    if not evidence.compared_with:
        return Gate("regression", passed=True, text="There is no approved version to do worse than.")
    if unrun := _about_unrun_cases(evidence):
        return Gate("regression", passed=False, text=unrun)
    text = f"There is no regression against the approved {evidence.compared_with}."
    return Gate("regression", passed=True, text=text)


def _about_unrun_cases(evidence: Evidence) -> str:
    """Which comparison with the approved version is missing, "" where none is."""
    if evidence.unrun_kept_cases:
        return (
            f"Cases of the approved {evidence.compared_with} have not run with this version:"
            f" {_named(evidence.unrun_kept_cases)}. Evaluate once more, or a reviewer waives them."
        )
    if evidence.earlier_falls:
        return (
            f"Another version since the approved {evidence.compared_with} did worse:"
            f" {_named(evidence.earlier_falls)}. Evaluate once more, which looks at that again."
        )
    if not evidence.is_compared:
        return f"Not every case ran with the approved {evidence.compared_with} too; evaluate once more."
    return ""


def _about_regressions(evidence: Evidence) -> str:
    """Those confirmed, those undecided, and those whose re-run is under way: none of them lets pass."""
    found = evidence.regressions
    counts = Counter(_WORDS.get(regression.status, str(regression.status)) for regression in found)
    kinds = ", ".join(f"{count} {words}" for words, count in counts.items())
    cells = _named([f"{regression.label} on {regression.on}" for regression in found])
    return f"Regressions: {kinds} ({cells})."


def _lift_gate(minimum: int, evidence: Evidence | None, *, is_known: bool) -> Gate:
    """MINIMUM is in percentage points, as the policy keeps it."""
    needed = f"{minimum:+d} is needed on every model"
    if evidence is None or not is_known:
        return Gate("lift", passed=False, text=f"The lift is not known yet; {needed}.")
    proven = [(model.at_least, model) for model in evidence.models if model.at_least is not None]
    if len(proven) < len(evidence.models):
        text = f"Fewer than {FEWEST_CASES} cases prove no lift; {needed}."
        return Gate("lift", passed=False, text=text)
    at_least, weakest = min(proven, key=_bound)
    text = (
        f"The lift on {weakest.label} is {round(100 * weakest.lift):+d} points, the lower end of its interval"
        f" {floor(100 * at_least):+d}; {needed}."
    )
    return Gate("lift", 100 * at_least >= minimum, text)


def _bound(proven: tuple[float, ModelEvidence]) -> float:
    return proven[0]


def _cases_gate(evidence: Evidence | None, *, is_known: bool) -> Gate:
    if evidence is None or not is_known:
        text = "It is not known yet which cases the model fails without the skill."
        return Gate("cases", passed=False, text=text)
    if evidence.blunt_cases:
        text = f"Without the skill the model fails no assertion of {_named(evidence.blunt_cases)}."
        return Gate("cases", passed=False, text=text)
    return Gate(
        "cases", passed=True, text="Every case has an assertion that the model fails without the skill."
    )


def _named(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
