"""The inventory: what is a command, a host, a variable, a path; where it stands; what is left out."""

import pytest

from skills.bundles.manifest import Manifest
from skills.bundles.tools import ToolDefinition
from skills.scans.checks.inventory import KINDS, inventory_changes, take_inventory


def inventory(text, path="SKILL.md", **manifest):
    return take_inventory({path: text.encode()}, Manifest(**manifest))


def named(kind, text, path="SKILL.md"):
    return list(inventory(text, path)[kind])


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("see https://Docs.Example.org/a", ["docs.example.org"]),
        ("http://user:secret@example.org:8080/", ["example.org"]),
        ("https://github.com:443@evil.example/x", ["evil.example", "github.com"]),
        ("https://" + "x" * 90 + "@evil.example", ["evil.example"]),
        ("https://a@github.com@evil.example", ["evil.example", "github.com"]),
        ("https://evil.example\\@github.com", ["evil.example"]),
        ("['https://evil.example','me@github.com']", ["evil.example", "github.com"]),
        ('"https://a.example","me@b.example"', ["a.example"]),
        ("wss://a.example and ssh://git@b.example", ["a.example", "b.example"]),
        ("ftp://files.example.", ["files.example"]),
        ("http://[2001:db8::1]/", ["[2001:db8::1]"]),
        ("example.org without a scheme", []),
        ("https://ab", []),
    ],
)
def test_hosts_are_those_of_addresses(text, hosts):
    assert named("hosts", text) == hosts


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("$API_TOKEN", ["API_TOKEN"]),
        ("${API_TOKEN}", ["API_TOKEN"]),
        ('os.environ["api_token"]', ["api_token"]),
        ("os.environ.get('TOKEN')", ["TOKEN"]),
        ('getenv("TOKEN")', ["TOKEN"]),
        ("process.env.TOKEN", ["TOKEN"]),
        ("process.env['TOKEN']", ["TOKEN"]),
        ("$lower and $AB", []),
    ],
)
def test_variables_are_read_as_shells_and_languages_read_them(text, variables):
    assert named("variables", text) == variables


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("~/.ssh/config", ["~/.ssh/config"]),
        ("$HOME/.netrc", ["$HOME/.netrc"]),
        ("/etc/passwd", ["/etc/passwd"]),
        ("./scripts/run.sh", []),
        ("../other/file", []),
        ("scripts/run.sh", []),
        ("https://example.org/etc/passwd", []),
        ("1/2", []),
    ],
)
def test_paths_are_those_outside_the_bundle(text, paths):
    assert named("paths", text) == paths


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("git status", ["git"]),
        ("$ git status", ["git"]),
        ("sudo apt install jq", ["apt"]),
        ("cat a | jq . && curl b; ls", ["cat", "curl", "jq", "ls"]),
        ("x=$(date) `uname`", []),
        ("$(date +%s) `uname -a`", ["date", "uname"]),
        ("if true", []),
        ("echo done", []),
        ("# rm everything", []),
        ("  # rm everything", []),
        ("Upper case", []),
        ("", []),
    ],
)
def test_commands_of_a_script(line, commands):
    assert named("commands", line, "scripts/run.sh") == commands


@pytest.mark.parametrize("language", ["", "bash", "sh", "shell", "console", "zsh", "powershell", " bash "])
def test_fenced_shell_blocks_are_read(language):
    assert inventory(f"Run:\n```{language}\ngit push\n```\n")["commands"] == {"git": "SKILL.md:3"}


def test_blocks_of_other_languages_and_prose_are_not():
    assert named("commands", "git push\n```python\ngit = 1\n```\n") == []


def test_a_block_that_is_never_closed_is_not_read():
    assert named("commands", "```bash\ngit push\n") == []


def test_later_blocks_keep_their_line_numbers():
    text = "```\ngit a\n```\n\n```sh\nls\njq .\n```\n"

    assert inventory(text)["commands"] == {"git": "SKILL.md:2", "jq": "SKILL.md:7", "ls": "SKILL.md:6"}


@pytest.mark.parametrize("suffix", ["sh", "bash", "zsh"])
def test_shell_files_are_shell_from_their_first_line(suffix):
    path = f"scripts/run.{suffix}"

    assert inventory("git push", path)["commands"] == {"git": f"{path}:1"}


def test_the_first_place_is_kept_and_skill_md_comes_first():
    files = {
        "a.md": b"https://one.example",
        "SKILL.md": b"\nhttps://one.example https://two.example",
    }

    assert take_inventory(files, Manifest())["hosts"] == {
        "one.example": "SKILL.md:2",
        "two.example": "SKILL.md:2",
    }


def test_evals_are_not_read():
    assert take_inventory({"evals/evals.json": b"https://a.example"}, Manifest())["hosts"] == {}


@pytest.mark.parametrize(
    "data",
    [
        b"\0 curl https://b.example/x",
        "https://b.example/x".encode("utf-16"),
        b"caf\xe9 at https://b.example",
        bytes(range(256)) * 9 + b"see https://b.example/x\0",
    ],
)
def test_what_is_not_text_is_read_as_well_as_anybody_could(data):
    assert list(take_inventory({"assets/a.bin": data}, Manifest())["hosts"]) == ["b.example"]


def test_tools_are_those_of_the_manifest():
    tool = ToolDefinition(name="lookup", description="Looks.", input_schema={}, script="a.py", file="t.json")

    found = inventory("", allowed_tools=("Read", "Bash(git:*)"), tools=(tool,))

    assert found["tools"] == {"Bash(git:*)": "manifest", "Read": "manifest", "lookup": "manifest"}


def test_two_hundred_of_a_kind_are_kept():
    text = "\n".join(f"https://host-{number:03}.example" for number in range(250))

    hosts = named("hosts", text)

    assert (len(hosts), hosts[-1]) == (200, "host-199.example")


def test_a_long_name_is_cut():
    (path,) = named("paths", "/" + "a" * 300)

    assert len(path) == 120


def test_of_a_long_line_the_first_four_thousand_characters_are_read():
    assert named("hosts", "x" * 3_950 + " https://near.example") == ["near.example"]
    assert named("hosts", "x" * 4_000 + " https://far.example") == []


@pytest.mark.parametrize(
    "part", [" ", "\t", ";", "; ", "$ ", "sudo ", "`", "$(", "a/", "/", "$HOME", "https://"]
)
@pytest.mark.parametrize("before", ["", ";", "```"])
def test_a_large_line_is_read_in_one_go(before, part):
    """Blanks after a semicolon once took the square of their number."""
    text = before + part * (60_000 // len(part)) + "!"

    take_inventory({"scripts/run.sh": text.encode(), "a.md": text.encode()}, Manifest())


@pytest.mark.parametrize("block", ["```\n", "```\n```\n", "```bash\nls\n```\n", "```js\n"])
def test_a_text_of_many_fences_is_read_in_one_go(block):
    take_inventory({"a.md": (block * (300_000 // len(block))).encode()}, Manifest())


def test_changes_name_what_came_and_what_went_of_every_kind():
    old = inventory("https://a.example https://b.example $OLD_NAME")
    new = inventory("https://b.example https://d.example https://c.example")

    changes = inventory_changes(old, new)

    assert tuple(changes) == KINDS
    assert changes["hosts"] == {"added": ["c.example", "d.example"], "gone": ["a.example"]}
    assert changes["variables"] == {"added": [], "gone": ["OLD_NAME"]}
    assert changes["tools"] == {"added": [], "gone": []}


def test_a_version_without_an_inventory_compares_as_an_empty_one():
    assert inventory_changes({}, {"hosts": {"a.example": "SKILL.md:1"}})["hosts"] == {
        "added": ["a.example"],
        "gone": [],
    }
