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


def told(line):
    return [(problem.severity, problem.code) for problem in secrets_in(line)]


@pytest.mark.parametrize(
    "text",
    [
        "sk-button-primary-outline-large-rounded-blue",
        "sk-col-md-6-offset-2-order-first-lg-last-sm",
        "class='sk-three-bounce-child-1-animation-delay'",
        "sk-ButtonPrimaryOutlineLargeRoundedBlueGhost",
        "sk-proj-card-header-large-rounded-blue-outline",
        "sk-ant-abc123def456ghi789jkl012mno345pqr678stu901",
        "ghp_1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9s",
        "glpat-my-very-long-token-name-goes-in",
        "postgresql://postgres:postgrespassword@localhost:5432/app",
        "mysql://root:MySecretPassword1@db.internal/app",
        "mongodb+srv://admin:changemechangeme@cluster.mongodb.net/x",
        f"postgres://app:{NOISE[:14]}@db.example.com/app",
        "-----BEGIN PRIVATE KEY-----\npaste the content of the file that came by mail into these lines\n",
    ],
)
def test_names_counts_and_documented_addresses_are_no_credentials(text):
    assert told(text) == []


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:5432",
        "127.0.0.1",
        "[::1]",
        "0.0.0.0",
        "db",
        "host.docker.internal",
        "nas.local",
    ],
)
def test_a_password_for_a_machine_of_the_readers_own_is_told(host):
    assert told(f"postgres://app:{NOISE[:14]}@{host}/app") == [("warning", "local_password")]


@pytest.mark.parametrize("host", ["db.internal", "10.1.2.3", "prod.acme.com", "[2001:db8::1]", "${HOST}", ""])
def test_a_password_for_any_other_machine_is_refused(host):
    assert told(f"postgres://app:{NOISE[:14]}@{host}/app") == [("error", "secret")]


@pytest.mark.parametrize(
    "line",
    [
        "token = '{}'  # fake",
        "DUMMY_TOKEN={}",
        "EXAMPLE_API_KEY: {}",
        "{} is not a real key",
        "Use the test token {} here",
    ],
)
def test_a_line_that_says_that_its_value_is_made_up_is_told(line):
    assert told(line.format(SAMPLES["npm_token"])) == [("warning", "possible_secret")]


@pytest.mark.parametrize(
    "line",
    [
        "# a fake one\ntoken = '{}'",
        "curl https://fake.example.com/dummy -H 'Authorization: Bearer {}'",
        "For example: {}",
        "fakery={}",
        "pytest # {}",
    ],
)
def test_words_elsewhere_excuse_no_credential(line):
    assert told(line.format(SAMPLES["npm_token"])) == [("error", "secret")]


@pytest.mark.parametrize("separator", ["\n", "\\n", "\r\n"])
def test_a_private_key_is_found_in_a_file_and_in_a_text_of_json(separator):
    lines = ["-----BEGIN PRIVATE KEY-----", NOISE[:64], NOISE[10:74], "-----END PRIVATE KEY-----"]

    assert told(separator.join(lines)) == [("error", "secret")]


def test_a_credential_in_an_example_of_the_accepted_bundle_is_a_warning_of_the_check():
    files = {"SKILL.md": skill_md().encode(), "a.md": f"FAKE_TOKEN={SAMPLES['npm_token']}".encode()}

    report = check_files(files, BundleLimits())

    assert [(problem.code, problem.file) for problem in report.problems] == [("possible_secret", "a.md")]
    assert report.accepted()
