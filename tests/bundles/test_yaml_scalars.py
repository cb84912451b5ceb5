"""Plain scalars mean what the core schema of YAML 1.2 says, as another reader of it confirms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from skills.bundles.yaml_scalars import reads_otherwise_in_yaml_1_1, resolve

PLAIN = st.from_regex(r"[-+]?[0-9.eE]{1,8}|true|null|False|0x[0-9a-f]{1,4}|[a-z]{1,6}", fullmatch=True)
INFINITE = (float("inf"), float("-inf"))  # which JSON cannot hold


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("Null", None),
        ("nULL", "nULL"),
        ("true", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("yes", "yes"),
        ("Off", "Off"),
        ("y", "y"),
        ("1", 1),
        ("-12", -12),
        ("+3", 3),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1.10", 1.1),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1.2.3", "1.2.3"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says(text, value):
    assert (resolve(text), type(resolve(text))) == (value, type(value))


@pytest.mark.parametrize("text", [".inf", "-.Inf", ".nan", "1e999", "9" * 5_000, "0x" + "f" * 5_000])
def test_what_json_cannot_hold_stays_text(text):
    assert resolve(text) == text


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.lists(PLAIN, max_size=20))
def test_another_reader_of_yaml_1_2_agrees(texts):
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    others = reader.load("".join(f"- {text}\n" for text in texts)) or []

    finite = [(text, other) for text, other in zip(texts, others, strict=True) if other not in INFINITE]

    assert [resolve(text) for text, _ in finite] == [other for _, other in finite]


@pytest.mark.parametrize(
    "text",
    ["yes", "No", "on", "OFF", "010", "0o10", "1_000", "1:30", "1e3", "2026-01-31T10:00:00Z", "<<", "="],
)
def test_a_value_that_an_older_reader_takes_for_another_is_known(text):
    assert reads_otherwise_in_yaml_1_1(text)


@pytest.mark.parametrize("text", ["true", "1", "0", "1.5", "null", "", "text", "2026-01-31", "1.2.3", "0x10"])
def test_a_value_that_every_reader_takes_alike_is_known(text):
    assert not reads_otherwise_in_yaml_1_1(text)
