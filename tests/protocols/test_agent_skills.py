"""Indexes for installers: digests equal the bytes, rights hold, 304 reads no file, prefixes are secret."""

import hashlib
import io
import logging
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skills.lib import blobs
from skills.people.tokens import create_token, revoke_token
from tests.factories import a_person, a_team, actor, an_approved, bearer, files

INDEX = "/.well-known/agent-skills/index.json"


@pytest.fixture
def skills(owner, mate, team):
    an_approved(
        owner,
        mate,
        team,
        "open-one",
        wanted="public",
        content=files("open-one") | {"Scripts/Run_A.py": b"#!/x\n", "b-c.md": b"x"},
    )
    an_approved(owner, mate, team, "quiet", content=files("quiet"))


def names(answer):
    return [row["name"] for row in answer.json()["skills"]]


def test_an_index_names_the_bytes_it_gives(skills, client):
    answer = client.get(INDEX)
    row = answer.json()["skills"][0]
    assert names(answer) == ["open-one"] and row["type"] == "archive"

    got = client.get(row["url"].removeprefix("http://127.0.0.1:8000"))

    assert row["digest"] == f"sha256:{hashlib.sha256(got.content).hexdigest()}"
    assert sorted(zipfile.ZipFile(io.BytesIO(got.content)).namelist()) == [
        "SKILL.md",
        "Scripts/Run_A.py",
        "b-c.md",
    ]
    assert "immutable" in got["Cache-Control"]


def test_nothing_changed_reads_nothing(skills, client, monkeypatch):
    tag = client.get(INDEX)["ETag"]
    monkeypatch.setattr(blobs.LocalBlobs, "read", None)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(INDEX, headers={"If-None-Match": tag}).status_code == 304
    assert len(captured) == 1


def test_scopes_and_pins(skills, owner, mate, team, client):
    an_approved(
        owner, mate, team, "open-one", "2.0.0", wanted="public", content=files("open-one", body="Two.")
    )
    others = a_team("others", admin=owner, reviewer=mate)
    an_approved(owner, mate, others, "else", wanted="public", content=files("else"))

    assert names(client.get(INDEX)) == ["else", "open-one"]
    assert names(client.get(f"/t/crew{INDEX}")) == ["open-one"]
    assert client.get(f"/s/crew/open-one{INDEX}").json()["skills"][0]["version"] == "2.0.0"
    assert client.get(f"/s/crew/open-one/v/1.0.0{INDEX}").json()["skills"][0]["url"].endswith("/v/1.0.0.zip")
    for address in (
        f"/s/crew/quiet{INDEX}",
        f"/s/crew/nothing{INDEX}",
        f"/s/crew/open-one/v/9.0.0{INDEX}",
        "/s/crew/quiet/v/1.0.0.zip",
    ):
        assert client.get(address).status_code == 404, address


def test_the_older_form_lists_files_and_a_version(skills, client):
    row = client.get("/.well-known/skills/index.json").json()["skills"][0]

    assert row["files"] == ["SKILL.md", "Scripts/Run_A.py", "b-c.md"] and row["version"].startswith("sha256:")
    assert client.get(f"/.well-known/skills/open-one/{row['files'][1]}").content == b"#!/x\n"
    assert client.get("/.well-known/skills/quiet/SKILL.md").status_code == 404


def test_a_prefix_opens_private_skills_until_it_is_revoked_and_stays_out_of_logs(
    skills, owner, client, caplog
):
    token, secret = create_token(actor=actor(owner), owner=owner, name="ci", scopes=["read"], in_address=True)
    plain = bearer(owner)["Authorization"].split()[1]
    with caplog.at_level(logging.INFO):
        answer = client.get(f"/k/{secret}{INDEX}")
        assert names(answer) == ["open-one", "quiet"]
        got = client.get(answer.json()["skills"][1]["url"].removeprefix("http://127.0.0.1:8000"))
    assert got.status_code == 200 and got["Cache-Control"].startswith("private")
    assert secret not in str([record.__dict__ for record in caplog.records])

    assert client.get(f"/k/{plain}{INDEX}").status_code == 404, "an ordinary token never stands in an address"
    revoke_token(actor=actor(owner), token=token)
    assert client.get(f"/k/{secret}{INDEX}").status_code == 404


def test_a_prefix_reads_only(owner):
    from skills.lib.errors import Refused

    with pytest.raises(Refused, match="may read only"):
        create_token(actor=actor(owner), owner=owner, name="x", scopes=["read", "publish"], in_address=True)


def test_search_in_the_shape_of_skills_sh(skills, client):
    rows = client.get("/api/search?q=open-one&limit=5").json()["skills"]

    assert (
        rows[0]["name"] == "open-one"
        and rows[0]["source"].endswith("/s/crew/open-one")
        and rows[0]["installs"] == 0
    )
    assert client.get("/api/search?q=").json() == {"skills": []}
    assert "quiet" not in client.get("/api/search?q=quiet").content.decode()


def test_a_marketplace_names_plugin_shaped_zips(skills, owner, client):
    body = client.get("/t/crew/marketplace.json").json()
    (plugin,) = body["plugins"]
    assert (
        body["name"] == "skillhub-crew"
        and plugin["skills"] == ["./skills/open-one"]
        and plugin["strict"] is False
    )

    got = client.get(plugin["source"]["url"].removeprefix("http://127.0.0.1:8000"))

    assert hashlib.sha256(got.content).hexdigest() == plugin["source"]["sha256"]
    assert "skills/open-one/SKILL.md" in zipfile.ZipFile(io.BytesIO(got.content)).namelist()
    with_token = client.get("/t/crew/marketplace.json", headers=bearer(owner)).json()
    assert [one["name"] for one in with_token["plugins"]] == ["open-one", "quiet"]
    assert client.get("/t/crew/stable/marketplace.json").json()["plugins"] == []
    assert client.get("/t/nobody/marketplace.json").status_code == 404


def test_installs_are_counted_by_team_and_client(skills, owner, client):
    from skills.catalog.models import Skill
    from skills.delivery import count
    from skills.lib import counters

    counters.client().delete("fetches", "fetches:aside")
    client.get("/s/crew/open-one/v/1.0.0.zip")
    client.get("/s/crew/open-one/v/1.0.0.zip", headers=bearer(owner))
    count.flush()

    used = count.usage(Skill.objects.get(name="open-one"))
    assert used == {"teams": 1, "fetches": 2, "installs": 2, "clients": [("skills", 2, 2)]}


def test_a_thousand_skills_take_few_queries(owner, mate, team, client):
    for n in range(3):
        an_approved(owner, mate, team, f"skill-{n}", wanted="public")
        with CaptureQueriesContext(connection) as captured:
            client.get(INDEX)
        assert len(captured) == 3
    assert a_person


@pytest.mark.parametrize("address", [INDEX, "/.well-known/skills/index.json", "/t/crew/marketplace.json"])
def test_a_list_is_made_once_and_again_when_it_would_say_something_else(
    address, skills, owner, mate, team, client
):
    before = client.get(address)
    with CaptureQueriesContext(connection) as captured:
        again = client.get(address)
    an_approved(
        owner, mate, team, "open-one", "2.0.0", wanted="public", content=files("open-one", body="Two.")
    )
    after = client.get(address)
    as_member = client.get(address, headers=bearer(owner))

    assert again.content == before.content
    assert not [one["sql"] for one in captured if "manifest" in one["sql"] or "skills_file" in one["sql"]]
    assert len({before["ETag"], after["ETag"], as_member["ETag"]}) == 3
    assert b"quiet" not in after.content and b"quiet" in as_member.content
    assert b"2.0.0" in after.content or address.startswith("/.well-known/skills/")
