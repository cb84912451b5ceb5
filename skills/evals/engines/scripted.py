"""Answers of a scripted model: written beforehand in `evals/scripted.json`, never by a model.

    {"answers": {"CASE": {"MODEL": {"with_skill": ["…"], "without_skill": ["…"], "previous": ["…"]}}},
     "opens": {"MODEL": [true, false]}, "triggers": {"QUERY": {"MODEL": true}}, "texts": {"KEY": "…"},
     "judge": {"STATEMENT": "words that show it"}, "pace": 0.5}

A list has an answer for each repeat and starts again at its end; a list in it has one for each turn of a
conversation; "@KEY" stands for a text. `previous` defaults to `with_skill`; a missing answer is an error, not
a failure. `pace` is the seconds an answer takes, at most five.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from skills.evals.engines.budgeted_models import METER, Meter
from skills.evals.engines.contract import CasePlan, TrialPlan
from skills.verdicts.arms import Arm
from skills.verdicts.grade import judged_outcome

if TYPE_CHECKING:
    from inspect_ai.model import ChatMessage
    from inspect_ai.tool import ToolInfo

# The script comes with a bundle, so its author must not decide how long it holds a worker.
_SLOWEST = 5.0  # seconds
_CHARACTERS_A_TOKEN = 4  # the usual rule of thumb


class NoAnswer(Exception):
    """The script has no answer for this trial."""


def answering(script: Mapping[str, Any], model: str, skill: str) -> Any:
    """What inspect's mock model calls instead of a provider."""

    async def answer(
        messages: "Sequence[ChatMessage]", tools: "Sequence[ToolInfo]", _choice: object, _config: object
    ) -> Any:
        import anyio
        from inspect_ai.model import ModelOutput, ModelUsage

        await anyio.sleep(min(_SLOWEST, max(0.0, float(script.get("pace") or 0))))
        meter = METER.get()
        is_first = not any(message.role == "assistant" for message in messages)
        is_offered = any(tool.name == "skill" for tool in tools)
        if is_first and is_offered and _opens(script, model, meter.trial, meter.case):
            output = ModelOutput.for_tool_call(model, "skill", {"name": skill})
            text = f"skill({skill})"
        else:
            asked = sum(message.role == "user" for message in messages)
            text = _text(script, model, meter, asked)
            output = ModelOutput.from_content(model, text)
        output.usage = ModelUsage(**_usage(messages, text))
        return output

    return answer


def judging(script: Mapping[str, Any], model: str) -> Any:
    """A scripted judge: a statement passes when the words written down for it stand in the output."""

    def answer(messages: "Sequence[ChatMessage]", _tools: object, _choice: object, _config: object) -> Any:
        from inspect_ai.model import ModelOutput, ModelUsage

        outcome = judged_outcome(messages[-1].text)
        words = str(script.get("judge", {}).get(outcome["statement"], ""))
        seen = [outcome["output"], *(file["text"] for file in outcome["files"])]
        passed = bool(words) and any(words in text for text in seen)
        evidence = words if passed else "The script finds no sign of it."
        text = json.dumps({"passed": passed, "evidence": evidence})
        output = ModelOutput.from_content(model, text)
        output.usage = ModelUsage(**_usage(messages, text))
        return output

    return answer


def _opens(script: Mapping[str, Any], model: str, trial: TrialPlan, case: CasePlan) -> bool:
    """Whether the model opens the skill; in a trigger case it does what it should unless told otherwise."""
    if case.should_trigger is not None:
        return bool(script.get("triggers", {}).get(case.prompt, {}).get(model, case.should_trigger))
    pattern = script.get("opens", {}).get(model) or [True]
    return bool(pattern[(trial.repeat - 1) % len(pattern)])


def answers(script: Mapping[str, Any], models: Sequence[str], case: CasePlan, arms: Iterable[Arm]) -> bool:
    """Whether SCRIPT has an answer of each of MODELS to CASE in each of ARMS.

    A script that was written for a skill knows what to do in its trigger cases; another knows nothing.
    """
    arms = [arm for arm in arms if case.should_trigger is None or arm != Arm.BASELINE]
    if case.looks_only_at_skills:
        return any(_knows(script, models, label, arms) for label in _table(script, "answers"))
    return _knows(script, models, case.label, arms)


def _knows(script: Mapping[str, Any], models: Sequence[str], label: str, arms: Iterable[Arm]) -> bool:
    arms = list(arms)
    return all(_texts(script, model, label, arm) for model in models for arm in arms)


def _texts(script: Mapping[str, Any], model: str, label: str, arm: Arm) -> list[Any]:
    """The answers of a model to a case in an arm, one a repeat; none where the script is of another shape."""
    by_arm = _table(_table(_table(script, "answers"), label), model)
    name = {Arm.CANDIDATE: "with_skill", Arm.BASELINE: "without_skill", Arm.PREVIOUS: "previous"}[arm]
    if arm == Arm.PREVIOUS and name not in by_arm:
        name = "with_skill"
    texts = by_arm.get(name)
    return texts if isinstance(texts, list) else []


def _table(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _text(script: Mapping[str, Any], model: str, meter: Meter, asked: int) -> str:
    """The answer to the user's message of that number; a list has one for each."""
    trial, case = meter.trial, meter.case
    if case.looks_only_at_skills:
        return "I would answer this without a skill."
    texts = _texts(script, model, case.label, trial.arm)
    if not texts:
        raise NoAnswer(f"The script has no answer of {model} to case {case.label}.")
    written = texts[(trial.repeat - 1) % len(texts)]
    text = str(written[min(asked, len(written)) - 1] if isinstance(written, list) and written else written)
    return str(script.get("texts", {}).get(text[1:], text)) if text.startswith("@") else text


def _usage(messages: "Sequence[ChatMessage]", answer: str) -> dict[str, int]:
    """What a model would have used, so that the demo shows budgets at work."""
    question = json.dumps([message.text for message in messages])
    tokens_in = max(1, len(question) // _CHARACTERS_A_TOKEN)
    tokens_out = max(1, len(answer) // _CHARACTERS_A_TOKEN)
    return {"input_tokens": tokens_in, "output_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
