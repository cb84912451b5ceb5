"""Publishing in the browser: what is taken, what is kept of a refused form, whose upload it is."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from skills.catalog.models import Skill, Upload, Version
from skills.people.teams import create_service
from tests.evals.making import files_with_evals
from tests.factories import a_team, a_version, a_zip, actor, an_approved, an_upload, files, skill_md
from tests.pages import outcome, words_of

pytestmark = pytest.mark.django_db
SUBMISSION = {"team": "crew", "number": "1.0.0", "visibility": "team", "changelog": "First words."}


@pytest.fixture
def author(client, owner, team):
    client.force_login(owner)
    return client


def staged():
    return {file["path"] for file in Upload.objects.get().files}


def test_a_visitor_signs_in_first(client, db):
    assert client.get("/publish/")["Location"] == "/account/login/?next=/publish/"


def test_the_form_starts_with_the_text_of_the_address(author):
    page = author.get("/publish/", {"skill_md": "---\nname: from-elsewhere\n---\n"})

    assert "name: from-elsewhere" in words_of(page.content, "textarea")[0]
    assert "name: my-skill" in words_of(author.get("/publish/").content, "textarea")[0]


@pytest.mark.parametrize("form", [{}, {"skill_md": ""}, {"skill_md": " \r\n "}])
def test_nothing_chosen_is_told(form, author):
    answer = author.post("/publish/", form)

    assert answer.status_code == 400
    assert "Nothing was chosen." in answer.content.decode()
    assert not Upload.objects.exists()


def test_a_folder_keeps_its_paths(author):
    content = {**files(), "scripts/go.sh": b"#!/bin/sh\n"}
    chosen = [SimpleUploadedFile(path.rsplit("/", 1)[-1], data) for path, data in content.items()]

    answer = author.post("/publish/", {"files": chosen, "paths": list(content)})

    assert answer["Location"] == f"/uploads/{Upload.objects.get().pk}/"
    assert staged() == {"SKILL.md", "scripts/go.sh"}


def test_files_without_paths_go_by_their_names(author):
    chosen = [
        SimpleUploadedFile("SKILL.md", skill_md().encode()),
        SimpleUploadedFile("notes.md", b"# Notes\n"),
    ]

    author.post("/publish/", {"files": chosen, "paths": ["one/too/few"]})

    assert staged() == {"SKILL.md", "notes.md"}


def test_text_typed_in_a_browser_has_plain_line_ends(author):
    author.post("/publish/", {"skill_md": skill_md().replace("\n", "\r\n")})

    upload = Upload.objects.get()
    assert upload.digest == an_upload(upload.account).digest


@pytest.mark.parametrize("data", [b"PK no zip", b"\x00" * 30])
def test_what_is_no_zip_is_refused_in_words(data, author):
    answer = author.post("/publish/", {"bundle": io.BytesIO(data)})

    assert answer.status_code == 400
    assert answer.context["report"].errors != []
    assert not Upload.objects.exists()


def test_an_upload_is_its_makers_alone(client, owner, mate, team):
    upload = an_upload(owner)
    client.force_login(mate)

    assert client.get(f"/uploads/{upload.pk}/").status_code == 404
    assert client.post(f"/uploads/{upload.pk}/", SUBMISSION).status_code == 404
    assert client.post(f"/uploads/{upload.pk}/discard/").status_code == 404
    assert client.get(f"/uploads/{uuid.uuid4()}/").status_code == 404
    assert Upload.objects.count() == 1
    assert not Version.objects.exists()


def test_a_discarded_upload_is_gone(author, owner):
    upload = an_upload(owner)

    assert author.post(f"/uploads/{upload.pk}/discard/")["Location"] == "/publish/"

    assert not Upload.objects.exists()
    assert author.get(f"/uploads/{upload.pk}/").status_code == 404


def test_a_submission_becomes_a_version_of_the_team(author, owner):
    upload = an_upload(owner)

    answer = author.post(f"/uploads/{upload.pk}/", SUBMISSION | {"visibility": "public"})

    version = Version.objects.get()
    assert outcome(answer)[:2] == (302, f"/reviews/{version.pk}/")
    assert (version.requested_visibility, version.changelog, version.author) == (
        "public",
        "First words.",
        owner,
    )
    assert Skill.objects.get().visibility == "team"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("team", ""),
        ("team", "others"),
        ("number", ""),
        ("number", "one"),
        ("number", "1.0"),
        ("number", "x" * 81),
        ("visibility", "world"),
        ("changelog", "x" * 2001),
    ],
)
def test_a_submission_that_cannot_be_keeps_the_upload_and_the_words(field, value, author, owner, stranger):
    a_team("others", admin=stranger)
    upload = an_upload(owner)

    answer = author.post(f"/uploads/{upload.pk}/", SUBMISSION | {field: value})

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert "First words." in answer.content.decode() or field == "changelog"
    assert Upload.objects.filter(pk=upload.pk).exists()
    assert not Version.objects.exists()


def test_the_preview_knows_the_team_and_visibility_of_the_skill(author, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")
    upload = an_upload(owner, body="Other words.")

    form = author.get(f"/uploads/{upload.pk}/").context["form"]

    assert (form["team"].value(), form["visibility"].value(), form["number"].value()) == (
        "crew",
        "public",
        "1.1.0",
    )


def test_the_first_version_of_a_skill_starts_with_the_team(author, owner):
    form = author.get(f"/uploads/{an_upload(owner).pk}/").context["form"]

    assert (form["visibility"].value(), form["changelog"].value()) == ("team", "")
    assert [team.handle for team in form.fields["team"].queryset] == ["owner", "crew"]


def test_a_version_nobody_approved_gives_no_draft_of_changes(author, owner, team):
    a_version(owner, team)
    upload = an_upload(owner, body="Other words.")

    assert author.get(f"/uploads/{upload.pk}/").context["form"]["changelog"].value() == ""


def test_the_skill_of_a_foreign_team_is_no_earlier_version(author, owner, mate, stranger):
    others = a_team("others", admin=stranger, reviewer=mate)
    an_approved(stranger, mate, others, number="7.0.0", wanted="public")

    form = author.get(f"/uploads/{an_upload(owner).pk}/").context["form"]

    assert (form["team"].value(), form["number"].value()) == (None, "1.0.0")


def test_only_a_bundle_with_cases_is_offered_an_evaluation(author, owner):
    plain = an_upload(owner)
    measured = an_upload(owner, files_with_evals("measured", cases=1))

    assert author.get(f"/uploads/{plain.pk}/").context["evaluate_with"] == ""
    assert author.get(f"/uploads/{measured.pk}/").context["evaluate_with"] == "owner"


def test_a_service_account_may_stage_what_it_publishes(client, owner, team):
    client.force_login(create_service(actor=actor(owner), team=team, handle="ci"))

    assert client.post("/publish/", {"bundle": io.BytesIO(a_zip())}).status_code == 302
