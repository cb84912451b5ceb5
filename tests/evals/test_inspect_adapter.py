"""What we use of inspect_ai beyond its public interface is still there and still does what we rely on."""

import asyncio
import re
from importlib import metadata
from pathlib import Path

import pytest

from skills.evals.engines import inspect_adapter

ROOT = Path(__file__).resolve().parents[2]


def mock_model(answers):
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    outputs = [ModelOutput.from_content("mock", text) for text in answers]
    for output in outputs:  # without, inspect counts tokens with a table that it downloads
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return get_model("mockllm/mock", custom_outputs=outputs, memoize=False)


def test_the_names_exist():
    from inspect_ai.model import Model, ModelAPI
    from inspect_ai.util._display import display_type, init_display_type

    assert callable(init_display_type)
    assert callable(display_type)
    assert callable(ModelAPI.generate)
    assert callable(Model.generate)


def test_the_display_is_silenced():
    from inspect_ai.util._display import display_type

    inspect_adapter.silence_display()

    assert display_type() == "none"


def test_every_call_of_a_model_goes_through_the_wrapper():
    model = mock_model(["first", "second"])
    calls = []

    def wrap(generate):
        async def wrapped(input, tools, tool_choice, config, **more):
            calls.append(input[-1].text)
            return await generate(input, tools, tool_choice, config, **more)

        return wrapped

    inspect_adapter.wrap_generate(model, wrap)

    async def ask():
        return [(await model.generate(text)).completion for text in ("one", "two")]

    assert asyncio.run(ask()) == ["first", "second"]
    assert calls == ["one", "two"]


def test_what_the_wrapper_raises_reaches_the_caller():
    model = mock_model(["never"])

    def wrap(_):
        async def refuse(*_arguments, **_more):
            raise PermissionError("no budget")

        return refuse

    inspect_adapter.wrap_generate(model, wrap)

    with pytest.raises(PermissionError, match="no budget"):
        asyncio.run(model.generate("hello"))


def test_the_pin_in_the_adapter_is_the_one_that_is_installed():
    pin = re.search(r"inspect-ai==([0-9.]+[0-9])", inspect_adapter.__doc__).group(1)

    assert metadata.version("inspect-ai") == pin
    assert f"inspect-ai=={pin}" in (ROOT / "requirements.txt").read_text().split()


def test_nothing_else_reaches_into_inspect():
    reaching = re.compile(r"inspect_ai\.[\w.]*\b_|\.api\.generate\s*=")
    files = [path for path in (ROOT / "skills").rglob("*.py") if path.name != "inspect_adapter.py"]

    assert [path.name for path in files if reaching.search(path.read_text())] == []
