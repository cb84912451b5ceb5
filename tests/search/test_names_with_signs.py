"""Names with signs in them are words: C#, .NET, Node.js, CI/CD; asking for one finds it first."""

import pytest

from skills.people.actor import VISITOR
from skills.search.query import START, STOP, search
from skills.search.snippets import snippet
from skills.search.text_features import parts, words
from tests.factories import an_approved


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C#", ["c#"]),
        ("F#, then", ["f#", "then"]),
        ("(C++)", ["c++"]),
        ("C++17", ["c++", "17"]),
        ("C/C++", ["c", "c++", "c-c++"]),
        ("a C program", ["a", "c", "program"]),
        (".NET", ["net", ".net"]),
        ("the .env file", ["the", "env", ".env", "file"]),
        ("Node.js", ["node", "js", "node-js"]),
        ("CI/CD", ["ci", "cd", "ci-cd"]),
        ("R&D", ["r", "d", "r-d"]),
        ("TCP/IP", ["tcp", "ip", "tcp-ip"]),
        ("@angular/core", ["angular", "core", "angular-core"]),
        ("gpt-4.1", ["gpt", "4", "1", "gpt-4-1"]),
        ("notepad++", ["notepad", "notepad++"]),
        ("k8s i18n web3 3d", ["k8s", "i18n", "web3", "3d"]),
        ("csharp", ["csharp", "c#"]),
        ("\u30fb\u30fb \u767a\u30fbC#", ["\u30fb\u30fb", "\u767a\u30fb", "c#"]),
        ("\uff9e.a a.\uff9e \uff9e", ["a", "a"]),
        # no names
        ("issue#12 page.html#top", ["issue", "12", "page", "html", "page-html", "top"]),
        ("wait...net", ["wait", "net"]),
        ("1.2.3 and 2026-01-05", ["1", "2", "3", "and", "2026", "01", "05"]),
        ("https://a.b/c/d/e/f", ["https", "a", "b", "c", "d", "e", "f"]),
    ],
)
def test_a_name_is_a_word_beside_its_parts(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("C#", "c#"),
        ("Node.js", "node-js"),
        (".NET", ".net"),
        ("csharp", "csharp"),
        ("PDF Tools", "pdf-tools"),
    ],
)
def test_a_query_is_compared_with_the_names_of_skills(text, name):
    assert "-".join(parts(text)) == name


ABOUT = {
    "code-helper": "Writes C# classes for the desktop",
    "systems-coder": "Writes C++ templates and headers",
    "kernel-notes": "Explains C pointers of the kernel",
    "functional": "Writes F# pipelines",
    "desktop": "Builds .NET services with tests",
    "network-scan": "Scans the net and a network for hosts",
    "server-side": "Debugs Node.js servers",
    "node-graph": "Draws a node of a graph, with js beside it",
    "shipping": "Sets up CI/CD for a project",
    "cdn-purge": "Purges a cdn, cd by cd, with ci",
    "cluster": "Debugs k8s clusters",
    "splitting": "Plans A/B tests",
    "sockets": "Explains TCP/IP to beginners",
    "modules": "Reads go.mod and mends it",
    "secrets": "Keeps the .env file out of Git",
    "components": "Upgrades @angular/core step by step",
    "prompts": "Tunes prompts for gpt-4.1",
    "gpt-four": "Plans 4 meetings with gpt and 1 more",
    "encodings": "Converts files to utf-8",
    "research": "Reports what R&D spends",
    "solids": "Prints 3d models",
    "chains": "Writes web3 contracts",
    "languages": "Prepares i18n of an app",
}


@pytest.mark.django_db
def test_asking_for_a_name_finds_it_first(owner, mate, team):
    for name, text in ABOUT.items():
        an_approved(owner, mate, team, name, wanted="public", description=f"{text}. Use when asked.")
    asked = {
        "C#": "code-helper",
        "c++": "systems-coder",
        "c": "kernel-notes",
        "F#": "functional",
        ".NET": "desktop",
        "Node.js": "server-side",
        "node-js": "server-side",
        "CI/CD": "shipping",
        "ci-cd": "shipping",
        "k8s": "cluster",
        "A/B": "splitting",
        "TCP/IP": "sockets",
        "go.mod": "modules",
        ".env": "secrets",
        "@angular/core": "components",
        "gpt-4.1": "prompts",
        "utf-8": "encodings",
        "R&D": "research",
        "3d": "solids",
        "web3": "chains",
        "i18n": "languages",
        "csharp": "code-helper",
        "how do I set up CI/CD for C++": "shipping",
    }

    answers = {text: search(VISITOR, text) for text in asked}

    assert {text: answer.hits[0].skill.name for text, answer in answers.items()} == asked
    assert not any(answer.corrections for answer in answers.values())
    assert [hit.skill.name for hit in answers["c"].hits] == ["kernel-notes"]
    assert answers["Node.js"].hits[0].reason == "matches node, js"


def test_a_name_is_marked_with_its_signs():
    assert snippet("Writes C# and C.", {"c#"}) == f"Writes {START}C#{STOP} and C."


@pytest.mark.django_db
def test_a_name_that_nobody_wrote_is_asked_for_by_its_parts(owner, mate, team):
    an_approved(
        owner, mate, team, "graph", wanted="public", description="Draws a node in js. Use when asked."
    )

    answer = search(VISITOR, "node.js")

    assert [hit.skill.name for hit in answer.hits] == ["graph"]
    assert answer.corrections == {}
