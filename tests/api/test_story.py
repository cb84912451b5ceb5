"""The release story through the API alone, and the API's manners."""

import hashlib
import io
import zipfile

import pytest

from skills.catalog.models import Skill, Upload, Version
from skills.flows import release
from tests.factories import a_person, a_secret, a_zip, an_approved, bearer, files

URL = "/api/v1/skills/crew/greet-people"


def publish(client, who, data=None, number="1.0.0", **headers):
    return client.post(
        f"/api/v1/teams/crew/versions?version={number}&visibility=public",
        data or a_zip(),
        content_type="application/zip",
        headers={**bearer(who), **headers},
    )


def scan(number="1.0.0"):
    release.scanned(version_id=Version.objects.filter(number=number).latest("attempt").pk)


def decide(client, who, verdict, digest, **more):
    return client.post(
        f"{URL}/versions/1.0.0/decisions",
        {"verdict": verdict, "digest": digest, **more},
        content_type="application/json",
        headers=bearer(who),
    )


def test_publish_review_find_fetch(client, owner, mate, team):
    made = publish(client, owner)
    assert (made.status_code, made.json()["state"], made.json()["attempt"]) == (201, "scanning", 1)
    scan()
    queue = client.get("/api/v1/reviews", headers=bearer(mate)).json()["results"]
    assert [(row["name"], row["version"]) for row in queue] == [("greet-people", "1.0.0")]

    said = client.post(
        f"{URL}/versions/1.0.0/comments",
        {"body": "Why?", "path": "SKILL.md", "line": 7},
        content_type="application/json",
        headers=bearer(mate),
    )
    assert said.status_code == 201
    assert (
        decide(client, mate, "request_changes", made.json()["digest"], reason="Say more.").status_code == 200
    )

    second = publish(client, owner, a_zip(body="Say hello warmly."))
    assert (second.status_code, second.json()["attempt"]) == (201, 2)
    scan()
    review = client.get(f"{URL}/versions/1.0.0/review", headers=bearer(mate)).json()
    assert (review["scan"], [gate["passed"] for gate in review["gates"]]) == ("done", [True, True])
    assert decide(client, mate, "approve", second.json()["digest"]).json()["state"] == "approved"

    hit = client.get("/api/v1/search?q=greet").json()["results"][0]
    assert (hit["team"], hit["name"], hit["version"]) == ("crew", "greet-people", "1.0.0")
    assert {"description", "score"} <= set(hit)
    fetched = client.get(f"{URL}/versions/1.0.0/zip")
    assert "sha256:" + hashlib.sha256(fetched.content).hexdigest() == second.json()["digest"] == hit["digest"]
    assert zipfile.ZipFile(io.BytesIO(fetched.content)).namelist() == ["SKILL.md"]
    assert b"warmly" in client.get(f"{URL}/versions/1.0.0/files/SKILL.md").content
    assert client.get(f"{URL}/resolve?version=^1").json()["version"] == "1.0.0"


def test_the_same_again_is_200_and_other_bytes_are_409(client, owner, team):
    assert publish(client, owner).status_code == 201
    assert publish(client, owner).status_code == 200
    refused = publish(client, owner, a_zip(body="Other."))

    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "number_taken"
    assert Version.objects.count() == 1
    assert Upload.objects.count() == 0


def test_every_problem_of_a_bundle_is_in_the_answer(client, owner, team):
    bad = a_zip(content={"SKILL.md": b"---\nname: [bad]\n---\n", "scripts/x": b"\x7fELF"})

    answer = publish(client, owner, bad)

    assert answer.status_code == 400
    codes = {problem["code"] for problem in answer.json()["problems"]}
    assert codes == {"name_missing", "empty_body", "refused_kind"}
    assert Skill.objects.count() == 0


def test_check_says_everything_and_keeps_nothing(client, owner):
    answer = client.post("/api/v1/check", a_zip(), content_type="application/zip", headers=bearer(owner))

    assert (answer.json()["accepted"], answer.json()["name"]) == (True, "greet-people")
    assert Upload.objects.count() == 0


def test_a_folder_is_published_as_a_form(client, owner, team):
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = {**files(), "scripts/go.sh": b"#!/bin/sh\n"}
    data = {"files": [SimpleUploadedFile("f", body) for body in content.values()], "paths": list(content)}

    made = client.post("/api/v1/teams/crew/versions?version=1.0.0", data, headers=bearer(owner))

    assert made.status_code == 201
    detail = client.get(f"{URL}/versions/1.0.0", headers=bearer(owner)).json()
    assert [file["path"] for file in detail["files"]] == ["SKILL.md", "scripts/go.sh"]


def test_an_idempotency_key_answers_the_same(client, owner, team, _clean_cache):
    first = publish(client, owner, **{"Idempotency-Key": "k1"})
    again = publish(client, owner, **{"Idempotency-Key": "k1"})
    other = publish(client, owner, number="1.1.0", **{"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize("path", ["zip", "files/SKILL.md"])
def test_bytes_are_immutable_and_conditional(path, client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    full = client.get(f"{URL}/versions/1.0.0/{path}")

    again = client.get(f"{URL}/versions/1.0.0/{path}", headers={"If-None-Match": full["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert full["Cache-Control"] == "public, max-age=31536000, immutable"
    assert full["X-Content-SHA256"] == hashlib.sha256(full.content).hexdigest()
    assert "sandbox" in full["Content-Security-Policy"]


def test_private_bytes_stay_private(client, owner, mate, team):
    an_approved(owner, mate, team)

    assert client.get(f"{URL}/versions/1.0.0/zip").status_code == 404
    fetched = client.get(f"{URL}/versions/1.0.0/zip", headers=bearer(owner, "read"))
    assert fetched["Cache-Control"].startswith("private")


def test_yanked_and_removed_answer_truthfully(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    boss = a_person("boss", staff=True)

    def act(what, who):
        return client.post(
            f"{URL}/versions/1.0.0/{what}",
            {"reason": "It is wrong."},
            content_type="application/json",
            headers=bearer(who),
        )

    assert act("yank", mate).status_code == 403
    assert act("yank", owner).json()["state"] == "yanked"
    assert client.get(f"{URL}/versions/1.0.0/zip")["X-Skill-Warning"] == "yanked: It is wrong."
    assert client.get(f"{URL}/resolve").status_code == 404
    assert act("remove", boss).json()["state"] == "removed"
    gone = client.get(f"{URL}/versions/1.0.0/zip")
    assert (gone.status_code, gone.json()["code"]) == (410, "removed")


def test_a_session_reads_but_never_writes(client, owner, team):
    client.force_login(owner)

    assert client.get("/api/v1/me").json()["account"] == "owner"
    refused = client.post(
        "/api/v1/tokens", {"name": "x", "scopes": ["read"]}, content_type="application/json"
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "token_needed")


def test_scopes_are_kept(client, owner, mate, team):
    reading = bearer(owner, "read")
    refused = client.post(
        "/api/v1/teams/crew/versions?version=1.0.0", a_zip(), content_type="application/zip", headers=reading
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")

    digest = publish(client, owner).json()["digest"]
    scan()
    answer = client.post(
        f"{URL}/versions/1.0.0/decisions",
        {"verdict": "approve", "digest": digest},
        content_type="application/json",
        headers=bearer(mate, "read", "publish"),
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_tokens_are_made_listed_and_revoked(client, owner):
    made = client.post(
        "/api/v1/tokens",
        {"name": "ci", "scopes": ["read"]},
        content_type="application/json",
        headers=bearer(owner),
    )
    secret = made.json()["secret"]
    listed = client.get("/api/v1/tokens", headers=bearer(owner))

    assert made.status_code == 201
    assert secret not in listed.content.decode()
    me = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me", headers=me).json()["scopes"] == ["read"]
    assert client.delete(f"/api/v1/tokens/{made.json()['id']}", headers=bearer(owner)).status_code == 204
    assert client.get("/api/v1/me", headers=me).status_code == 401


@pytest.mark.parametrize("value", ["Bearer nonsense", "Bearer skh_" + "a" * 51, "Basic abc", "Bearer"])
def test_a_bad_token_is_401_even_where_visitors_may_read(value, client, db):
    answer = client.get("/api/v1/skills", headers={"Authorization": value})

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_rates_are_counted_and_told(client, owner, settings, _clean_cache):
    settings.RATES = {**settings.RATES, "read": 3}
    headers = {"Authorization": f"Bearer {a_secret(owner, 'read')}"}
    from skills.lib import counters

    counters.client().delete(f"rate:read:a{owner.pk}")

    answers = [client.get("/api/v1/me", headers=headers) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[0]["RateLimit-Remaining"] == "2"
    assert answers[4].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[4]["Retry-After"]) <= 60


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/skills?cursor=x",
        "/api/v1/skills?limit=0",
        "/api/v1/skills?limit=x",
        "/api/v1/skills?sort=x",
        "/api/v1/search?q=a&cursor=WzEsMl0",
        f"{URL}/resolve?version=^^^",
        "/api/v1/skills?cursor=WyJ4IiwgMV0",
    ],
)
def test_bad_parameters_are_problems(address, client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")

    answer = client.get(address)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_an_old_name_redirects(client, owner, mate, team):
    from skills.flows import access
    from tests.factories import actor

    version = an_approved(owner, mate, team, wanted="public")
    access.rename(actor=actor(owner), skill=version.skill, name="welcome")

    assert client.get(URL).headers["Location"] == "/api/v1/skills/crew/welcome"
    assert client.get(f"{URL}/versions/1.0.0/zip").status_code == 200


def test_the_audit_log_is_for_those_who_may(client, owner, mate, team):
    boss = a_person("boss", auditor=True)

    assert client.get("/api/v1/audit", headers=bearer(mate)).status_code == 403
    assert client.get("/api/v1/audit?team=crew", headers=bearer(owner)).status_code == 200
    rows = client.get("/api/v1/audit", headers=bearer(boss)).json()["results"]
    assert {"act", "actor", "target", "seq"} <= set(rows[0])


@pytest.mark.parametrize(
    "path", ["/api/v1/skills", "/api/v1/search?q=skill", "/api/v1/reviews?filter=all", f"{URL}/versions"]
)
def test_lists_cost_the_same_for_one_and_three(path, client, owner, mate, team):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    headers = bearer(owner)
    client.get("/api/v1/me", headers=headers)  # notes when the token was last used, once
    counts = []
    for number in ("1.0.0", "1.1.0", "1.2.0"):
        an_approved(owner, mate, team, number=number, wanted="public")
        an_approved(owner, mate, team, f"skill-{number[2]}", wanted="public")
        client.get(path, headers=headers)  # the live generation of vectors is remembered for a while
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path, headers=headers).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[2]


def test_the_openapi_document_is_valid(client, db):
    document = client.get("/api/v1/schema").json()

    assert document["openapi"].startswith("3.1")
    assert "/api/v1/skills/{team}/{name}/versions/{number}/zip" in document["paths"]
