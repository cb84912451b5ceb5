"""The official SDK's client against /mcp, and the answers it gets; the bridge runs as in production."""

import asyncio
import json

import pytest

from skills.catalog.models import Version
from skills.lib import blobs
from tests.factories import an_approved, bearer, files

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
VERSIONS = ("2026-07-28", "2025-11-25")


@pytest.fixture
def skills(owner, mate, team):
    content = files("open-one", body="Read references/a.md.") | {
        "references/a.md": b"# A\n" + b"word " * 3_000,
        "evals/evals.json": b'[{"prompt": "p", "assertions": ["x"]}]',
        "logo.bin": bytes(range(200)),
    }
    an_approved(owner, mate, team, "open-one", wanted="public", content=content)
    an_approved(owner, mate, team, "quiet", content=files("quiet"))


def ask(client, method, params=None, headers=None):
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
    answer = client.post(
        "/mcp",
        json.dumps(body),
        content_type="application/json",
        headers={**HEADERS, "MCP-Protocol-Version": "2025-11-25", **(headers or {})},
    )
    return answer.status_code, answer.json()


def tool(client, act, /, headers=None, **arguments):
    status, body = ask(client, "tools/call", {"name": act, "arguments": arguments}, headers)
    assert status == 200, body
    return body["result"].get("isError", False), body["result"]["content"][0]["text"]


def test_search_load_read(skills, client):
    failed, text = tool(client, "search_skills", query="open-one")
    found = json.loads(text)["results"]
    assert not failed and found[0]["name"] == "crew/open-one"

    failed, text = tool(client, "load_skill", name="open-one")
    assert not failed and "Read references/a.md." in text and "sha256:" in text and "references/a.md" in text
    assert "evals/" not in text

    failed, text = tool(
        client, "read_skill_file", name="crew/open-one", path="references/a.md", token_budget=100
    )
    assert not failed and "[cut after 100 tokens" in text and len(text) < 1_000


@pytest.mark.parametrize(
    ("act", "more"), [("load_skill", {}), ("read_skill_file", {"path": "references/a.md"})]
)
def test_an_agent_is_told_that_bytes_are_missing_and_gets_no_others(act, more, skills, client):
    version = Version.objects.get(skill__name="open-one")
    blobs.store().delete(version.blob)

    failed, text = tool(client, act, name="open-one", **more)

    assert (failed, "The stored bytes of this version are missing" in text) == (True, True)


def test_an_agent_is_told_that_only_words_were_compared(skills, client):
    _, text = tool(client, "search_skills", query="open-one")

    assert json.loads(text)["meaning"] is False, "no embed process runs in this test"


def test_an_agent_is_told_which_word_was_read_differently(skills, client):
    _, text = tool(client, "search_skills", query="referenzes")

    answer = json.loads(text)
    assert answer["corrections"] == {"referenzes": "references"}
    assert answer["results"][0]["name"] == "crew/open-one"


def test_an_agent_is_told_how_many_hits_its_budget_left_out(skills, client):
    _, roomy = tool(client, "search_skills", query="open-one")
    _, narrow = tool(client, "search_skills", query="open-one", token_budget=1)

    assert "left_out" not in json.loads(roomy)
    assert json.loads(narrow)["left_out"] == 1


def test_refusals_are_words_for_the_model(skills, client):
    for arguments, words in (
        ({"name": "quiet"}, "nothing at this address"),
        ({"name": "open-one", "version": "9.0.0"}, "no approved version"),
        ({"name": 3}, "`name` is text"),
        ({"name": "open-one", "token_budget": 0}, "whole number"),
    ):
        failed, text = tool(client, "load_skill", **arguments)
        assert failed and words in text
    assert tool(client, "read_skill_file", name="open-one", path="../x")[0]
    assert tool(client, "read_skill_file", name="open-one", path="logo.bin") == (
        True,
        "This file is not text. Fetch it by HTTP; the skill's page says how.",
    )
    assert ask(client, "tools/call", {"name": "rm", "arguments": {}})[1]["error"]["code"] == -32602


def test_a_token_opens_what_its_account_may_read(skills, owner, client):
    failed, text = tool(client, "load_skill", name="quiet", headers=bearer(owner))
    assert not failed and "quiet" in text
    status, _ = ask(client, "tools/list", headers={"Authorization": "Bearer nonsense"})
    assert status == 401
    client.force_login(owner)
    assert tool(client, "load_skill", name="quiet")[0], "a browser's session opens nothing"


def test_names_that_two_teams_use_are_told(skills, owner, mate, client):
    from tests.factories import a_team

    an_approved(
        owner,
        mate,
        a_team("others", admin=owner, reviewer=mate),
        "open-one",
        wanted="public",
        content=files("open-one"),
    )
    failed, text = tool(client, "load_skill", name="open-one")
    assert failed and "crew/open-one" in text and "others/open-one" in text


def test_the_skills_extension(skills, client):
    _, body = ask(client, "skills/list")
    (row,) = body["result"]["skills"]
    assert row["frontmatter"]["name"] == "open-one" and body["result"]["cacheScope"] == "public"
    assert row["uri"] == "skill://crew/v1.0.0/open-one/SKILL.md"
    assert {one["uri"].rsplit("/", 1)[1] for one in row["resources"]} == {"SKILL.md", "a.md", "logo.bin"}
    assert ask(client, "skills/get", {"uri": row["uri"]})[1]["result"]["skill"] == row
    assert ask(client, "skills/get", {"uri": "skill://crew/nothing/SKILL.md"})[1]["error"]["code"] == -32602

    import base64
    import hashlib

    for one in row["resources"]:
        content = ask(client, "resources/read", {"uri": one["uri"]})[1]["result"]["contents"][0]
        data = content["text"].encode() if "text" in content else base64.b64decode(content["blob"])
        assert (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data)) == (one["digest"], one["size"])


def test_wrong_messages_get_an_answer_and_no_500(client, db):
    for body in (
        "",
        "{",
        "[]",
        '{"jsonrpc": "2.0"}',
        '{"jsonrpc":"2.0","id":1,"method":"nope"}',
        '"x"',
        "\x00",
    ):
        answer = client.post("/mcp", body, content_type="application/json", headers=HEADERS)
        assert answer.status_code < 500, body
    assert client.get("/mcp").status_code == 405
    assert (
        client.post(
            "/mcp",
            "{}",
            content_type="application/json",
            headers={**HEADERS, "Origin": "https://evil.example"},
        ).status_code
        == 403
    )


@pytest.mark.parametrize(
    "message",
    [
        [],
        7,
        {"jsonrpc": "2.0", "id": 1},
        {"jsonrpc": "1.0", "id": 1, "method": "tools/list"},
        {"jsonrpc": "2.0", "id": 1, "method": 7},
        {"jsonrpc": "2.0", "id": {}, "method": "tools/list"},
    ],
)
def test_what_is_no_message_is_an_invalid_request(message, client):
    answer = client.post("/mcp", json.dumps(message), content_type="application/json", headers=HEADERS)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32600)


def test_json_that_is_cut_off_is_a_parse_error(client):
    answer = client.post("/mcp", "{", content_type="application/json", headers=HEADERS)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32700)


def test_the_server_shows_a_picture_and_every_version_that_it_answers(client):
    about = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    version = {"io.modelcontextprotocol/protocolVersion": VERSIONS[0]}
    modern = {**version, "io.modelcontextprotocol/clientCapabilities": {}}

    _, hello = ask(client, "initialize", about)
    _, found = ask(
        client,
        "server/discover",
        {"_meta": modern},
        {"MCP-Protocol-Version": VERSIONS[0], "Mcp-Method": "server/discover"},
    )

    assert hello["result"]["serverInfo"]["icons"][0]["src"].startswith("data:image/svg+xml;base64,")
    assert set(VERSIONS) <= set(found["result"]["supportedVersions"])


@pytest.mark.parametrize("version", VERSIONS)
def test_the_sdk_client_at_both_protocol_versions(version, skills, live_server, settings):
    from mcp import Client

    settings.PUBLIC_URL = live_server.url

    async def talk():
        mode = "auto" if version == VERSIONS[0] else "legacy"
        async with Client(f"{live_server.url}/mcp", mode=mode) as session:
            tools = await session.list_tools()
            found = await session.call_tool("search_skills", {"query": "open-one"})
            resources = await session.list_resources()
            text = await session.read_resource(str(resources.resources[0].uri))
            return (
                session.protocol_version,
                [t.name for t in tools.tools],
                found.content[0].text,
                text.contents[0].text,
            )

    used, tools, found, text = asyncio.run(talk())
    assert used == version
    assert tools == ["search_skills", "load_skill", "read_skill_file"]
    assert "crew/open-one" in found and "Read references/a.md." in text
