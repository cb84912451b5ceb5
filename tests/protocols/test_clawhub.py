"""The registry protocol of the clawhub CLI: shapes, bad input it must survive, both ways to publish."""

import hashlib
import json
import random
import re
import shutil
import subprocess

import pytest

from skills.catalog.models import Skill, UploadTicket, Version
from skills.protocols.clawhub.names import source_fingerprint
from tests.factories import a_team, actor, an_approved, bearer, files, skill_md

API = "/clawhub/api/v1"


@pytest.fixture
def skills(owner, mate, team):
    an_approved(
        owner,
        mate,
        team,
        "open-one",
        wanted="public",
        content=files("open-one") | {"a-b": b"1", "a_b": b"2", "A.md": b"3", "a/b": b"4"},
    )
    an_approved(owner, mate, team, "quiet", content=files("quiet"))


def post(client, path, body, headers):
    return client.post(f"{API}{path}", json.dumps(body), content_type="application/json", headers=headers)


def publish_by_tickets(client, headers, content, slug="tide-times", number="1.0.0", **more):
    listed = []
    for path, data in content.items():
        sha = hashlib.sha256(data).hexdigest()
        ticket = post(
            client,
            "/skills/-/upload-url",
            {"path": path, "size": len(data), "sha256": sha, "contentType": "text/plain"},
            headers,
        ).json()
        sent = client.post(
            ticket["uploadUrl"].removeprefix("http://127.0.0.1:8000"),
            data,
            content_type="text/plain",
            headers=headers,
        )
        assert sent.status_code == 200, sent.content
        listed.append(
            {
                "path": path,
                "size": len(data),
                "sha256": sha,
                "uploadTicket": ticket["uploadTicket"],
                "storageId": sent.json()["storageId"],
            }
        )
    body = {
        "slug": slug,
        "displayName": slug,
        "version": number,
        "changelog": "",
        "acceptLicenseTerms": True,
        "tags": ["latest"],
        "files": listed,
        **more,
    }
    return post(client, "/skills", body, headers)


def test_the_fingerprint_is_that_of_the_cli():
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed; it computes the CLI's order")
    chance = random.Random(3)
    letters = "aAbBzZ09_-.,/ +@#()'!$%&~[]{}^=;"
    sets = [
        [("".join(chance.choices(letters, k=chance.randint(1, 6))), "0" * 64) for _ in range(8)]
        for _ in range(300)
    ]
    program = (
        "const c=require('crypto');for(const s of JSON.parse(require('fs').readFileSync(0)))"
        "console.log(c.createHash('sha256').update(s.map(f=>f).sort((a,b)=>a[0].localeCompare(b[0]))"
        ".map(f=>f[0]+':'+f[1]).join('\\n')).digest('hex'))"
    )
    unique = [list(dict(one).items()) for one in sets]
    done = subprocess.run(
        [node, "-e", program], input=json.dumps(unique), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [source_fingerprint(one) for one in unique]


def test_a_clean_install_is_known_by_its_fingerprint(skills, client):
    import io
    import zipfile

    got = client.get(f"{API}/download?slug=open-one")
    archive = zipfile.ZipFile(io.BytesIO(got.content))
    mine = source_fingerprint(
        (name, hashlib.sha256(archive.read(name)).hexdigest()) for name in archive.namelist()
    )

    answer = client.get(f"{API}/resolve?slug=open-one&hash={mine}").json()
    assert answer == {
        "slug": "open-one",
        "match": {"version": "1.0.0"},
        "latestVersion": {"version": "1.0.0"},
    }
    assert client.get(f"{API}/resolve?slug=open-one&hash={'0' * 64}").json()["match"] is None


def test_the_licence_field_is_left_out_and_the_true_one_told(owner, mate, team, client):
    an_approved(
        owner,
        mate,
        team,
        "free",
        wanted="public",
        content={"SKILL.md": skill_md("free", license="Apache-2.0").encode()},
    )
    for path in (
        "/skills",
        "/skills/free",
        "/skills/free/versions",
        "/skills/free/versions/1.0.0",
        "/search?q=free",
    ):
        text = client.get(f"{API}{path}").content.decode()
        assert '"license"' not in text, path
    assert client.get(f"{API}/skills/free").json()["spdxLicense"] == "Apache-2.0"


def test_both_ways_to_publish_enter_review_with_the_same_bytes(owner, mate, team, client):
    headers = bearer(owner)
    content = {
        "SKILL.md": skill_md("tide-times", userInvocable="true").encode(),
        "scripts/Run B.py": b"#!/usr/bin/env python3\nprint(1)\n",
        "bin.dat": bytes(range(256)),
    }
    one = publish_by_tickets(client, headers, content, ownerHandle="crew").json()
    assert (
        one["ok"]
        and one["status"] == "pending"
        and isinstance(one["versionId"], str)
        and "/reviews/" in one["reviewUrl"]
    )
    assert "portability" in [problem["code"] for problem in one["problems"]]
    assert UploadTicket.objects.count() == 0

    import uuid

    mark = uuid.uuid4().hex
    payload = {
        "slug": "tide-times",
        "displayName": "x",
        "version": "1.1.0",
        "ownerHandle": "crew",
        "changelog": "",
        "acceptLicenseTerms": True,
    }
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="payload"\r\n\r\n'
        f"{json.dumps(payload)}\r\n".encode()
    ]
    for path, data in content.items():
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{path}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode()
            + data
            + b"\r\n"
        )
    body = b"".join(parts) + f"--{mark}--\r\n".encode()
    two = client.post(
        f"{API}/skills", body, content_type=f"multipart/form-data; boundary={mark}", headers=headers
    )
    assert two.status_code == 200, two.content
    first, second = Version.objects.order_by("pk")
    assert first.digest == second.digest and first.state == second.state == "scanning"
    assert [f.path for f in second.files.order_by("path")] == sorted(content)


def test_publishing_the_same_again_changes_nothing_and_other_bytes_are_refused(owner, team, client):
    headers = bearer(owner)
    content = {"SKILL.md": skill_md("tide-times").encode()}
    assert publish_by_tickets(client, headers, content, ownerHandle="crew").status_code == 200
    assert publish_by_tickets(client, headers, content, ownerHandle="crew").status_code == 200
    assert Version.objects.count() == 1
    other = publish_by_tickets(
        client, headers, {"SKILL.md": skill_md("tide-times", body="Other.").encode()}, ownerHandle="crew"
    )
    assert (
        other.status_code == 409
        and b"versions never change" in other.content
        and other["Content-Type"].startswith("text/plain")
    )


def test_forged_and_replayed_tickets_are_refused_and_leave_nothing(owner, mate, team, client):
    mine, theirs = bearer(owner), bearer(mate)
    sha = hashlib.sha256(b"x").hexdigest()
    ticket = post(client, "/skills/-/upload-url", {"path": "SKILL.md", "size": 1, "sha256": sha}, mine).json()
    url = ticket["uploadUrl"].removeprefix("http://127.0.0.1:8000")

    def send(data, headers):
        return client.post(url, data, content_type="text/plain", headers=headers)

    assert send(b"x", theirs).status_code == 404
    assert b"size does not match" in send(b"xx", mine).content
    assert b"SHA-256 does not match" in send(b"y", mine).content
    assert send(b"x", mine).status_code == 200
    assert send(b"x", mine).status_code == 404, "a ticket is filled once"
    stolen = {
        "slug": "a",
        "version": "1.0.0",
        "files": [{"path": "SKILL.md", "uploadTicket": ticket["uploadTicket"]}],
    }
    answer = post(client, "/skills", stolen, theirs)
    assert answer.status_code == 400 and b"requires an upload ticket" in answer.content
    assert not Version.objects.exists() and not Skill.objects.exists()


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/skills", "x", 400, "Invalid JSON"),
        ("/skills", [1], 400, "Invalid JSON"),
        ("/skills", {"files": "x"}, 400, "list of objects"),
        ("/skills", {"files": [{"path": 3}]}, 400, "`path` is text"),
        ("/skills/-/upload-url", {"path": "a", "size": "1", "sha256": ""}, 400, "whole number"),
        ("/skills/-/upload-url", {"path": "a", "size": 10**9, "sha256": "0" * 64}, 400, "exceeds"),
        ("/skills/-/security-verdicts", {"items": []}, 400, "1 to 100"),
        (
            "/skills/-/security-verdicts",
            {"items": [{"slug": "gone", "version": "1.0.0"}]},
            404,
            "Skill not found",
        ),
        ("/skills/open-one/tags/latest", {"version": "1.0.0"}, 400, "computed"),
    ],
)
def test_bad_input_gets_words_and_changes_nothing(path, body, status, words, skills, owner, client):
    raw = "{x" if body == "x" else json.dumps(body)
    answer = client.post(f"{API}{path}", raw, content_type="application/json", headers=bearer(owner))
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/plain; charset=utf-8"), (
        answer.content
    )
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/whoami", 401, "clawhub login"),
        ("/resolve?slug=x", 400, "Missing slug or hash"),
        ("/resolve?slug=x&hash=zz", 400, "Invalid hash"),
        ("/search?q=a&mode=odd", 400, "Invalid search mode"),
        ("/skills?sort=odd", 400, "Invalid sort"),
        ("/skills?prefix=a&sort=stars", 400, "only supports name sort"),
        ("/skills/open-one/file", 400, "Missing path"),
        ("/skills/open-one/file?path=gone", 404, ""),
        ("/skills/quiet", 404, "Skill not found"),
        ("/skills/gone", 404, "Skill not found"),
        ("/download?slug=quiet", 404, "Skill not found"),
        ("/skills?limit=x", 400, "Invalid limit"),
        ("/download?slug=open-one&version=1.0.0&tag=latest", 400, "Use either"),
        ("/download?slug=open-one&version=9.9.9", 404, ""),
    ],
)
def test_reads_refuse_in_the_words_the_cli_knows(path, status, words, skills, client):
    answer = client.get(f"{API}{path}")
    assert answer.status_code == status and words in answer.content.decode()


def test_a_slug_of_two_teams_is_ambiguous_and_an_owner_settles_it(skills, owner, mate, client):
    an_approved(
        owner,
        mate,
        a_team("others", admin=owner, reviewer=mate),
        "open-one",
        wanted="public",
        content=files("open-one"),
    )
    answer = client.get(f"{API}/skills/open-one")
    assert answer.status_code == 409 and answer.json()["code"] == "AMBIGUOUS_SKILL_SLUG"
    assert {match["ref"] for match in answer.json()["matches"]} == {"@crew/open-one", "@others/open-one"}
    for path in (
        "/skills/open-one?ownerHandle=crew",
        "/skills/%40crew%2Fopen-one",
        "/skills/open-one?owner=@Crew",
    ):
        assert client.get(f"{API}{path}").json()["owner"]["handle"] == "crew", path


def test_delete_yanks_and_undelete_puts_back_only_that(skills, owner, mate, team, client):
    headers = bearer(owner)
    from skills.flows import access

    two = an_approved(owner, mate, team, "open-one", "2.0.0", content=files("open-one", body="Two."))
    access.yank(actor=actor(owner), version_id=two.pk, reason="broken")
    assert client.delete(
        f"{API}/skills/open-one",
        json.dumps({"reason": "old"}),
        content_type="application/json",
        headers=headers,
    ).json() == {"ok": True}
    assert client.get(f"{API}/skills/open-one").status_code == 404
    assert post(client, "/skills/open-one/undelete", {}, headers).json() == {"ok": True}
    states = dict(Version.objects.filter(skill__name="open-one").values_list("number", "state"))
    assert states == {"1.0.0": "approved", "2.0.0": "yanked"}
    assert client.delete(f"{API}/skills/open-one", headers=bearer(mate)).status_code == 403


def test_verify_and_verdicts_say_what_checks_and_reviewers_said(skills, client):
    asked = {"items": [{"slug": "open-one", "ownerHandle": "crew", "version": "1.0.0"}]}
    (row,) = client.post(
        f"{API}/skills/-/security-verdicts", json.dumps(asked), content_type="application/json"
    ).json()["items"]
    assert row["ok"] and row["security"] == {
        "status": "clean",
        "passed": True,
        "signals": row["security"]["signals"],
    }
    assert row["requestedOwnerHandle"] == row["publisherHandle"] == "crew" and row["securityAuditUrl"]
    found = client.get(f"{API}/skills/open-one/verify").json()
    assert (
        found["schema"] == "clawhub.skill.verify.v1"
        and found["decision"] == "pass"
        and found["signature"] == {"status": "unsigned"}
    )
    assert found["provenance"]["reviewedBy"] == ["mate"]


def test_the_device_flow_gives_a_token_cut_down_to_what_was_ticked(owner, team, client):
    def start():
        return client.post(
            "/api/cli/device/code", json.dumps({"label": "my laptop"}), content_type="application/json"
        ).json()

    grant = "urn:ietf:params:oauth:grant-type:device_code"

    def fetch(code):
        return client.post(
            "/api/cli/device/token",
            json.dumps({"device_code": code, "grant_type": grant}),
            content_type="application/json",
        )

    codes = start()
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", codes["user_code"])
    assert (fetch(codes["device_code"]).status_code, fetch("made-up").json()) == (
        428,
        {"error": "expired_token"},
    )

    client.force_login(owner)
    page = client.get(f"/cli/device?user_code={codes['user_code']}")
    assert b"my laptop" in page.content
    client.post(
        "/cli/device",
        {"user_code": codes["user_code"], "answer": "allow", "scopes": ["read"], "teams": ["crew"]},
    )
    token = fetch(codes["device_code"]).json()["access_token"]
    assert fetch(codes["device_code"]).json() == {"error": "expired_token"}, "it is handed out once"
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(f"{API}/whoami", headers=headers).json()["user"]["handle"] == "owner"
    assert (
        post(
            client, "/skills/-/upload-url", {"path": "a", "size": 1, "sha256": "0" * 64}, headers
        ).status_code
        == 403
    )

    codes = start()
    client.post("/cli/device", {"user_code": codes["user_code"], "answer": "deny"})
    assert fetch(codes["device_code"]).json() == {"error": "access_denied"}


def test_the_browser_way_answers_this_machine_only(owner, client):
    client.force_login(owner)
    assert client.get("/cli/auth?redirect_uri=https://evil.example/cb").status_code == 400
    given = {
        "redirect_uri": "http://127.0.0.1:5555/callback",
        "state": "abc",
        "answer": "allow",
        "scopes": ["read"],
    }
    page = client.post("/cli/auth", given).content.decode()
    assert re.search(
        r'href="http://127\.0\.0\.1:5555/callback#token=skh_[^"]+state=abc"', page.replace("&amp;", "&")
    )
