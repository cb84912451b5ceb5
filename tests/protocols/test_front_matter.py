"""Front matter as every door hands it out: typed, equal to what another reader has of the served bytes."""

import json

import pytest
from ruamel.yaml import YAML

from skills.bundles.frontmatter import split
from skills.catalog.models import Upload, Version
from skills.catalog.uploads import keep_bytes
from skills.flows import access, release
from skills.lib.errors import Missing
from skills.people.actor import VISITOR
from skills.protocols.mcp import reading
from tests.factories import a_version, actor, an_approved, an_upload, bearer
from tests.protocols.test_clawhub import publish_by_tickets
from tests.protocols.test_mcp import ask

TYPED = """---
name: typed
description: Tidies notes. Use when somebody pastes notes.
disable-model-invocation: true
userInvocable: false
version: 1.10
created: 2026-01-31
license:
metadata: {"openclaw":{"emoji":"☔","requires":{"bins":["curl"]},"priority":2}}
---

# Typed

Read the notes.
""".encode()
TYPED_FIELDS = {
    "name": "typed",
    "description": "Tidies notes. Use when somebody pastes notes.",
    "disable-model-invocation": True,
    "userInvocable": False,
    "version": 1.1,
    "created": "2026-01-31",
    "license": None,
    "metadata": {"openclaw": {"emoji": "☔", "requires": {"bins": ["curl"]}, "priority": 2}},
}


@pytest.fixture
def typed(owner, mate, team):
    return an_approved(owner, mate, team, "typed", wanted="public", content={"SKILL.md": TYPED})


def loaded(data):
    """The front matter of DATA in another reader of YAML 1.2; a date as the text that JSON has for it."""
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    raw, _ = split(data.decode())
    return json.loads(json.dumps(reader.load(raw), default=lambda value: value.isoformat()))


@pytest.mark.django_db(transaction=True)
def test_mcp_lists_what_a_host_has_of_the_served_bytes(typed, client):
    (row,) = ask(client, "skills/list")[1]["result"]["skills"]
    served = ask(client, "resources/read", {"uri": row["uri"]})[1]["result"]["contents"][0]["text"]

    assert row["frontmatter"] == TYPED_FIELDS == loaded(served.encode())
    assert served.encode() == TYPED
    assert row["frontmatter"]["disable-model-invocation"] is True


def test_an_index_holds_it(typed, client):
    (row,) = client.get("/.well-known/agent-skills/index.json").json()["skills"]

    assert row["frontmatter"] == TYPED_FIELDS


def test_the_api_holds_it_with_its_notes(typed, client):
    got = client.get("/api/v1/skills/crew/typed/versions/1.0.0").json()

    assert (got["front_matter"], got["written_name"]) == (TYPED_FIELDS, "typed")
    assert {note["code"] for note in got["notes"]} == {"portability"}


def test_the_check_of_a_bundle_holds_it_and_accepts_it(client, owner, team):
    answer = client.post(
        "/api/v1/check", {"files": [_file(TYPED)], "paths": ["SKILL.md"]}, headers=bearer(owner)
    ).json()

    assert (answer["accepted"], answer["front_matter"]) == (True, TYPED_FIELDS)


def _file(data):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("SKILL.md", data)


def test_clawhub_takes_nested_metadata_and_gives_the_same_bytes_back(owner, mate, team, client):
    answer = publish_by_tickets(client, bearer(owner), {"SKILL.md": TYPED}, slug="typed", ownerHandle="crew")
    assert answer.status_code == 200, answer.content
    version = Version.objects.get()

    release.scanned(version_id=version.pk)
    release.decide(actor=actor(mate), version_id=version.pk, verdict="approve", digest=version.digest)

    got = client.get(
        "/clawhub/api/v1/skills/typed/file?path=SKILL.md&ownerHandle=crew", headers=bearer(owner)
    )
    assert got.content == TYPED


def test_a_slug_names_the_skill_and_the_file_says_what_it_said(owner, team, client):
    publish_by_tickets(client, bearer(owner), {"SKILL.md": TYPED}, slug="notes", ownerHandle="crew")

    version = Version.objects.select_related("skill").get()
    assert (version.skill.name, version.manifest["name"]) == ("notes", "notes")
    assert client.get(f"/reviews/{version.pk}/", headers={}).status_code in (302, 404)
    client.force_login(owner)
    assert "name: typed" in client.get(f"/reviews/{version.pk}/").content.decode()


def test_a_slug_names_a_skill_without_front_matter(owner, team, client):
    content = {"SKILL.md": b"Read the notes.\n"}
    answer = publish_by_tickets(client, bearer(owner), content, slug="plain-notes", ownerHandle="crew")

    assert answer.status_code == 200, answer.content
    assert Version.objects.get().skill.name == "plain-notes"


def test_a_slug_that_is_no_name_is_refused_with_one_that_is(owner, team, client):
    answer = publish_by_tickets(
        client, bearer(owner), {"SKILL.md": TYPED}, slug="My Notes", ownerHandle="crew"
    )

    assert answer.status_code == 400
    assert b"--slug my-notes" in answer.content


def test_the_address_ends_with_the_name_that_the_file_says(typed, owner):
    access.rename(actor=actor(owner), skill=typed.skill, name="notes")

    (entry,) = reading.page_of_skills(VISITOR, "")[0]

    assert entry["uri"] == "skill://crew/v1.0.0/notes/typed/SKILL.md"
    assert reading.resource(VISITOR, entry["uri"]) == (TYPED, True)
    assert reading.resource(VISITOR, "skill://crew/notes/SKILL.md") == (TYPED, True)
    assert reading.skill_entry(VISITOR, entry["uri"]) == entry
    with pytest.raises(Missing):
        reading.resource(VISITOR, "skill://crew/v1.0.0/notes/other/SKILL.md")


@pytest.mark.parametrize(
    "text",
    [
        "# No front matter\n",
        "---\nname: odd\ndescription: Use when: always\n---\n\nText.\n",
        "---\nname: Odd Name\ndescription: Says it.\n---\n\nText.\n",
        f"---\nname: odd\ndescription: {'x' * 1_025}\n---\n\nText.\n",
        "\ufeff---\nname: odd\ndescription: Says it.\n---\n\nText.\n",
    ],
)
def test_a_host_is_not_offered_what_it_would_refuse_and_the_tools_find_it(text, owner, mate, team):
    version = an_approved(owner, mate, team, "odd", wanted="public", content={"odd/SKILL.md": text.encode()})

    assert reading.page_of_skills(VISITOR, "")[0] == []
    assert [file.name for file in reading.page_of_resources(VISITOR, "")[0]] == [version.skill.name]
    assert reading.resource(VISITOR, reading.uri_of(version)) == (text.encode(), True)


def test_a_version_of_before_has_its_types_too(owner, team):
    upload = an_upload(owner, {"SKILL.md": TYPED})
    older = {key: value for key, value in upload.manifest.items() if key not in _NEW}
    older |= {"metadata": {"version": "1.2"}, "other": {"disable-model-invocation": "true"}}
    Upload.objects.filter(pk=upload.pk).update(manifest=older)
    upload.refresh_from_db()
    keep_bytes(upload)

    version, _ = release.submit(actor=actor(owner), team=team, upload=upload, number="1.0.0")

    manifest = reading.Manifest.from_json(version.manifest)
    assert (manifest.fields, manifest.version) == (TYPED_FIELDS, "1.2")


_NEW = frozenset({"fields_json", "version", "notes", "is_to_the_letter"})


def test_the_pages_show_values_with_their_types_and_who_reads_them(typed, client, owner, team):
    a_version(owner, team, "typed", "1.1.0", content={"SKILL.md": TYPED + b"More.\n"})
    client.force_login(owner)

    for address in ("/@crew/typed/", f"/reviews/{Version.objects.get(number='1.1.0').pk}/"):
        page = client.get(address).content.decode()
        assert "metadata.openclaw.requires.bins" in page, address
        assert "yes or no" in page, address
        assert "Codex ignores it" in page, address
