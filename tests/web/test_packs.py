"""A pack in the browser: its skills are shown with ticks, and the ticked ones are submitted."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from skills.catalog.models import Upload, Version
from tests.factories import a_zip, an_upload, skill_md

pytestmark = pytest.mark.django_db
WISH = {"team": "crew", "visibility": "team", "changelog": "Together."}


@pytest.fixture
def author(client, owner, team):
    client.force_login(owner)
    return client


def pack():
    return {
        "pack/skills/a-one/SKILL.md": skill_md("a-one").encode(),
        "pack/skills/a-one/.env": b"x",
        "pack/skills/b-two/SKILL.md": skill_md("b-two").encode(),
        "pack/skills/c-three/SKILL.md": skill_md("c-three").encode(),
        "pack/skills/c-three/run.exe": b"MZ\0\0",
        "pack/README.md": b"x",
    }


def show(author):
    return author.post("/publish/", {"bundle": io.BytesIO(a_zip(content=pack()))})


def ids(*names):
    return [str(upload.pk) for upload in Upload.objects.all() if upload.manifest["name"] in names]


def test_a_pack_is_shown_skill_by_skill(author):
    page = show(author)

    text = page.content.decode()
    assert page.status_code == 200
    assert "3 skills in one" in text
    assert [row.path for row in page.context["rows"]] == ["skills/a-one", "skills/b-two", "skills/c-three"]
    assert ".env was left out" in text
    assert "README.md was left out: it lies outside of every skill." in text
    assert "run.exe is a compiled program" in text
    assert sorted(upload.manifest["name"] for upload in Upload.objects.all()) == ["a-one", "b-two"]


def test_a_folder_of_several_skills_is_shown_alike(author):
    content = pack()
    chosen = [SimpleUploadedFile(path.rsplit("/", 1)[-1], data) for path, data in content.items()]

    page = author.post("/publish/", {"files": chosen, "paths": list(content)})

    assert len(page.context["rows"]) == 3


def test_the_ticked_skills_are_submitted_and_the_others_wait(author):
    show(author)

    page = author.post("/publish/pack/", WISH | {"ticked": ids("b-two"), "staged": ids("a-one", "b-two")})

    version = Version.objects.get()
    assert (version.skill.name, version.number, version.changelog) == ("b-two", "1.0.0", "Together.")
    assert version.review_url in page.content.decode()
    assert [upload.manifest["name"] for upload in Upload.objects.all()] == ["a-one"]


def test_without_a_tick_the_page_comes_again(author):
    show(author)

    page = author.post("/publish/pack/", WISH | {"staged": ids("a-one", "b-two")})

    assert page.status_code == 400
    assert "Tick at least one skill." in page.content.decode()
    assert len(page.context["rows"]) == 2
    assert not Version.objects.exists()


@pytest.mark.parametrize("ticked", ["no-id", "00000000-0000-0000-0000-000000000000"])
def test_an_upload_that_is_not_there_is_not_submitted(ticked, author):
    assert author.post("/publish/pack/", WISH | {"ticked": [ticked]}).status_code == 404


def test_an_upload_of_somebody_else_is_not_submitted(author, mate):
    theirs = an_upload(mate)

    assert author.post("/publish/pack/", WISH | {"ticked": [str(theirs.pk)]}).status_code == 404
    assert not Version.objects.exists()
