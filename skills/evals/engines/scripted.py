"""Answers of a scripted model: written beforehand in `evals/scripted.json`, never made by a model.

    {"answers": {"CASE": {"MODEL": {"with_skill": ["…"], "without_skill": ["…"], "previous": ["…"]}}},
     "opens": {"MODEL": [true, false]}, "triggers": {"QUERY": {"MODEL": true}}, "texts": {"KEY": "…"},
     "judge": {"STATEMENT": "words that show it"}, "pace": 0.5}

Lists are read by repeat, round and round; "@KEY" stands for a text. `previous` defaults to `with_skill`; a
missing answer is an error, not a failure. `pace` is the seconds an answer takes.
"""

import json
from collections.abc import Mapping
from typing import Any

from skills.evals.engines.budgeted_models import METER
from skills.evals.engines.contract import TrialPlan
from skills.verdicts.arms import Arm
from skills.verdicts.grade import statement_of

FILE = "evals/scripted.json"


class NoAnswer(Exception):
    """The script has no answer for this trial."""


def answering(script: Mapping[str, Any], model: str, skill: str) -> Any:
    """What inspect's mock model calls instead of a provider."""

    async def answer(messages: Any, tools: Any, _choice: Any, _config: Any) -> Any:
        import anyio
        from inspect_ai.model import ModelOutput, ModelUsage

        await anyio.sleep(min(5.0, max(0.0, float(script.get("pace") or 0))))
        meter = METER.get()
        offered = {tool.name for tool in tools}
        asked = any(message.role == "assistant" for message in messages)
        opens = _opens(script, model, meter.trial, meter.case.prompt, meter.case.should_trigger)
        if "skill" in offered and not asked and opens:
            output = ModelOutput.for_tool_call(model, "skill", {"name": skill})
            text = f"skill({skill})"
        else:
            text = _text(script, model, meter.trial, meter.case)
            output = ModelOutput.from_content(model, text)
        output.usage = ModelUsage(**as_script(text, size_of(messages)))
        return output

    return answer


def judging(script: Mapping[str, Any], model: str) -> Any:
    """A scripted judge: a statement passes when the words written down for it stand in the output."""

    def answer(messages: Any, _tools: Any, _choice: Any, _config: Any) -> Any:
        from inspect_ai.model import ModelOutput, ModelUsage

        prompt = messages[-1].text
        words = str(script.get("judge", {}).get(statement_of(prompt), ""))
        found = bool(words) and words in prompt.split("<<<STATEMENT", 1)[0]
        text = json.dumps(
            {"passed": found, "evidence": words if found else "The script finds no sign of it."}
        )
        output = ModelOutput.from_content(model, text)
        output.usage = ModelUsage(**as_script(text, size_of(messages)))
        return output

    return answer


def _opens(
    script: Mapping[str, Any], model: str, trial: TrialPlan, prompt: str, trigger: bool | None
) -> bool:
    if trigger is not None:
        return bool(script.get("triggers", {}).get(prompt, {}).get(model, trigger))
    pattern = script.get("opens", {}).get(model) or [True]
    return bool(pattern[(trial.repeat - 1) % len(pattern)])


def _text(script: Mapping[str, Any], model: str, trial: TrialPlan, case: Any) -> str:
    if case.should_trigger is not None:
        return "I would answer this without a skill."
    answers = script.get("answers", {}).get(case.label, {}).get(model, {})
    with_skill = answers.get("with_skill")
    listed = {
        Arm.BASELINE: answers.get("without_skill"),
        Arm.PREVIOUS: answers.get("previous", with_skill),
    }.get(trial.arm, with_skill)
    if not listed:
        raise NoAnswer(f"The script has no answer of {model} to case {case.label}.")
    text = str(listed[(trial.repeat - 1) % len(listed)])
    return str(script.get("texts", {}).get(text[1:], text)) if text.startswith("@") else text


def as_script(text: str, tokens_in: int) -> dict[str, Any]:
    """Usage of a scripted answer, by the usual four characters a token."""
    tokens_out = max(1, len(text) // 4)
    return {"input_tokens": tokens_in, "output_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}


def size_of(messages: Any) -> int:
    return max(1, len(json.dumps([message.text for message in messages])) // 4)
