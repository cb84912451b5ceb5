"""Credentials are found by kind, line and file; what only quotes one is let through."""

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.secrets import RULES, find_secrets
from skills.bundles.validate import check_files
from skills.lib.yara import rule_names
from tests.factories import skill_md

# Random letters, so that neither entropy nor the words of examples let them through.
NOISE = "Q7zP3wK9lM2xJ4rT8vB6nC1dF5gH0jKaSlDeRtYuIoPqWzXcVbNmLkJhGfAsE9rU4iO7pB3yTn"
SAMPLES = {
    "aws_access_key": "AKIA" + "Q7ZP3WK9LM2XJ4RT",
    "github_token": "ghp_" + NOISE[:36],
    "github_fine_grained_token": "github_pat_" + NOISE[:64],
    "gitlab_token": "glpat-" + NOISE[:20],
    "slack_token": "xoxb-" + NOISE[:24],
    "anthropic_key": "sk-ant-" + NOISE[:40],
    "openai_key": "sk-proj-" + NOISE[:40],
    "google_api_key": "AIza" + NOISE[:35],
    "stripe_key": "sk_live_" + NOISE[:24],
    "npm_token": "npm_" + NOISE[:36],
    "pypi_token": "pypi-" + NOISE[:64],
    "hugging_face_token": "hf_" + NOISE[:34],
    "sendgrid_key": "SG." + NOISE[:22] + "." + NOISE[20:63],
    "skillhub_token": "skh_" + NOISE[:43],
    "private_key": "-----BEGIN RSA PRIVATE KEY-----\n" + NOISE[:64] + "\n-----END RSA PRIVATE KEY-----",
    "password_in_url": "postgres://app:" + NOISE[:12] + "@db.internal/app",
}


def secrets_in(text: str):
    return find_secrets({"notes.md": text.encode()})


def test_every_rule_has_a_sample():
    assert sorted(SAMPLES) == rule_names(RULES)


@pytest.mark.parametrize("rule", SAMPLES)
def test_a_credential_is_found_once_with_its_line_and_shown_by_its_first_letters_only(rule):
    value = SAMPLES[rule]

    (problem,) = secrets_in(f"one\ntwo {value} three")

    assert (problem.code, problem.file, problem.line) == ("secret", "notes.md", 2)
    assert f": {value[:4]}… (" in problem.text
    assert value not in repr(problem)


def test_a_value_that_two_rules_match_is_told_by_the_first_of_them():
    (problem,) = secrets_in(SAMPLES["anthropic_key"])

    assert "Anthropic key" in problem.text


def test_two_credentials_on_two_lines_are_two_problems():
    problems = secrets_in(f"{SAMPLES['npm_token']}\n\n{SAMPLES['aws_access_key']}\n")

    assert sorted(problem.line for problem in problems) == [1, 3]


def test_a_repeated_letter_is_no_credential():
    assert secrets_in("ghp_" + "a" * 36) == []


def test_a_credential_inside_a_longer_word_is_none():
    assert secrets_in(f"x{SAMPLES['npm_token']}y") == []


def test_a_letter_with_an_accent_beside_a_credential_does_not_hide_it():
    assert len(secrets_in(f"clé{SAMPLES['npm_token']}é")) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"\0" + SAMPLES["npm_token"].encode(),
        b"caf\xe9 " + SAMPLES["npm_token"].encode(),
        SAMPLES["npm_token"].encode("utf-16"),
        SAMPLES["npm_token"].encode("utf-16-be"),
        f"one\n{SAMPLES['npm_token']}".encode("utf-32-le"),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) + SAMPLES["npm_token"].encode() + b"\xff",
    ],
)
def test_what_is_not_text_is_searched_too(data):
    report = check_files({"SKILL.md": skill_md().encode(), "assets/a.bin": data}, BundleLimits())

    assert [(problem.code, problem.file) for problem in report.errors] == [("secret", "assets/a.bin")]


@pytest.mark.parametrize("value", SAMPLES.values(), ids=SAMPLES)
def test_the_beginning_of_a_credential_over_and_over_is_read_in_one_go(value):
    """An upload waits for this; `sk-` over and over once took a minute for 40 kB."""
    start = value[:12].split("-----")[0] or value[:28]
    for part in (start, f"{start}-", value[:4]):
        secrets_in(part * (20_000 // len(part)))


def test_a_text_full_of_what_may_be_credentials_is_refused_without_judging_each():
    problems = secrets_in("npm_" + "a" * 36 + "\n" + ("npm_" + "a" * 36 + "\n") * 1_000)

    assert [problem.text for problem in problems] == [
        "More than 1,000 texts look like a npm token; nobody can tell whether one is real."
    ]


def test_a_thousand_examples_are_still_examples():
    assert secrets_in(("npm_" + "a" * 36 + "\n") * 1_000) == []


def test_of_one_file_twenty_credentials_are_told():
    noise = (f"AKIA{number:04}P3WK9LM2XJ4R" for number in range(150))

    assert len(secrets_in("\n".join(noise))) == 20


def test_words_far_behind_a_credential_do_not_make_it_an_example():
    assert len(secrets_in(SAMPLES["openai_key"] + NOISE * 3 + "-example")) == 1
