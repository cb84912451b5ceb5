"""What the letter of the specification forbids is accepted, kept as written, and noted with who reads it."""

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.portability import usual_spelling
from skills.bundles.validate import check_files

LIMITS = BundleLimits()


def check(fields):
    text = f"---\nname: greet-people\ndescription: Says hello.\n{fields}\n---\n\nSay hello.\n"
    return check_files({"SKILL.md": text.encode()}, LIMITS)


def note_on(fields):
    (problem,) = check(fields).problems
    assert (problem.code, problem.severity, problem.file) == ("portability", "note", "SKILL.md")
    return problem


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ('metadata: {"openclaw":{"emoji":"☔","requires":{"bins":["curl"]}}}', None),
        ("metadata: {version: 1.2, stable: true, since: 2026-01-31, note: }", None),
        ("disable-model-invocation: true", True),
        ("disable_model_invocation: yes", "yes"),
        ("userInvocable: false", False),
        ("version: 1.1.0", "1.1.0"),
        ("author: {name: Ada, url: https://example.org}", {"name": "Ada", "url": "https://example.org"}),
        ("tags: [a, b]", ["a", "b"]),
        ("license:", None),
        ("compatibility: ''", ""),
        ("license: [MIT]", ["MIT"]),
        ("compatibility: {python: '>=3.11'}", {"python": ">=3.11"}),
        ("allowed-tools: {a: b}", {"a": "b"}),
        ("allowed-tools: [Read, Grep]", ["Read", "Grep"]),
        ("metadata: hello", "hello"),
        ("created: 2026-01-31", "2026-01-31"),
        ("null: null", None),
    ],
)
def test_unusual_fields_are_accepted_and_typed(fields, value):
    manifest = check(fields).accepted().manifest

    name = fields.split(":")[0]
    assert value is None or manifest.fields[name] == value
    assert {note.code for note in manifest.notes} == {"portability"}
    assert manifest.is_to_the_letter


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("metadata: {openclaw: {a: b}}", "Claude Code and OpenClaw read this; Codex ignores it."),
        ("when_to_use: often", "Claude Code reads this; Codex and others ignore it."),
        ("whenToUse: often", "`whenToUse` is known as `when_to_use`"),
        ("argument_hint: '[file]'", "`argument_hint` is known as `argument-hint`"),
        ("homepage: https://example.org", "OpenClaw reads this"),
        ("version: 1.0.0\nauthor: me", "`version`, `author` are no fields of the specification"),
        ("metadata: {on: true, count: 3}", "(`on`, `count`)"),
        ("compatibility: ''", "`compatibility` is empty."),
        (f"compatibility: {'x' * 501}", "`compatibility` has 501 characters, and 500 are usual"),
        ("allowed-tools: [Read, Grep]", "`allowed-tools` is a list"),
        ("metadata:\n  a: [on]", "`metadata` holds maps or lists (`a`)"),
    ],
)
def test_a_note_says_who_reads_it(fields, words):
    texts = [problem.text for problem in check(fields).problems]

    assert any(words in text for text in texts), texts


def test_a_note_stands_at_its_line():
    assert note_on("license: MIT\nhomepage: https://example.org").line == 5


def test_a_value_that_readers_of_yaml_1_1_take_for_another_is_noted_at_its_line():
    problems = check("metadata:\n  a: text\n  enabled: yes").problems

    assert [(problem.line, "YAML 1.1" in problem.text) for problem in problems] == [(6, True)]


def test_a_quoted_value_means_the_same_to_everybody():
    assert check("metadata:\n  enabled: 'yes'").problems == []


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("userInvocable", "user-invocable"),
        ("user_invocable", "user-invocable"),
        ("WhenToUse", "when_to_use"),
        ("allowed_tools", "allowed-tools"),
        ("nothing", ""),
    ],
)
def test_a_field_is_known_in_each_spelling(name, usual):
    assert usual_spelling(name) == usual


@pytest.mark.parametrize("spelling", ["allowed-tools", "allowed_tools", "allowedTools"])
def test_a_grant_counts_in_each_spelling(spelling):
    assert check(f"{spelling}: Read Bash").accepted().manifest.allowed_tools == ("Read", "Bash")


def test_good_front_matter_has_no_note():
    assert check("license: MIT\nmetadata: {version: '1.0', author: me}\nallowed-tools: Read").problems == []


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        ("tags: [One, two words]", ["one", "two-words"]),
        ("keywords: b; a", ["a", "b"]),
        ("metadata: {tags: [a, 1]}", ["a"]),
        ("metadata: {openclaw: {tags: [b]}, tags: a}", ["a", "b"]),
    ],
)
def test_tags_are_found_wherever_they_stand(fields, tags):
    assert check(fields).accepted().manifest.tags == tags


def test_of_many_notes_the_first_are_told_and_the_rest_is_a_number():
    values = "\n".join(f"  key-{number}: 0{number % 7}1" for number in range(60))

    notes = check(f"metadata:\n{values}").problems

    assert len(notes) == 21
    assert notes[-1].text == "There are 41 more such notes."


@pytest.mark.parametrize(
    "fields",
    [f"metadata: {{{'k' * 9_000}: 011}}", f"{'k' * 9_000}: 1", f"allowed-tools: [{'Read, ' * 900}Grep]"],
)
def test_what_a_note_quotes_is_cut(fields):
    assert all(len(note.text) + len(note.remedy) < 700 for note in check(fields).problems)
