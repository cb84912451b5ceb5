"""Archives of several skills by API: the check says how many, one is named by its path, all are answered."""

import io
import tarfile

import pytest

from skills.catalog.models import Version
from skills.flows import release
from tests.factories import a_zip, actor, bearer, skill_md

pytestmark = pytest.mark.django_db
NAMES = ("a-one", "b-two", "c-three")


def pack(names=NAMES, **more):
    files = {f"pack/skills/{name}/SKILL.md": skill_md(name, **more).encode() for name in names}
    return a_zip(content=files)


def send(client, who, address, data, kind="application/zip"):
    return client.post(f"/api/v1/{address}", data, content_type=kind, headers=bearer(who))


def test_the_check_says_how_many_skills_an_archive_holds(client, owner, team):
    answer = send(client, owner, "check", pack()).json()

    assert answer["accepted"] is False
    assert answer["paths"] == ["skills/a-one", "skills/b-two", "skills/c-three"]
    (problem,) = answer["problems"]
    assert problem["code"] == "several_skills"
    assert "holds 3 skills" in problem["text"]


@pytest.mark.parametrize(
    "path", ["skills/a-one", "pack/skills/a-one", "skills/a-one/SKILL.md", "/skills/a-one/"]
)
def test_one_skill_is_checked_and_published_by_its_path(path, client, owner, team):
    checked = send(client, owner, f"check?path={path}", pack()).json()
    made = send(client, owner, f"teams/crew/versions?version=1.0.0&path={path}", pack())

    assert (checked["accepted"], checked["name"]) == (True, "a-one")
    assert (made.status_code, made.json()["name"], made.json()["digest"]) == (201, "a-one", checked["digest"])


def test_a_path_without_a_skill_names_those_that_are_there(client, owner, team):
    (problem,) = send(client, owner, "check?path=skills/d", pack()).json()["problems"]

    assert problem["code"] == "no_skill_md"
    assert "skills/a-one, skills/b-two, skills/c-three" in problem["text"]


def test_all_skills_are_published_with_an_answer_each(client, owner, team):
    answer = send(client, owner, "teams/crew/packs?visibility=internal&changelog=All", pack())

    assert answer.status_code == 200
    assert [(one["path"], one["name"], one["outcome"]) for one in answer.json()["skills"]] == [
        (f"skills/{name}", name, "submitted") for name in NAMES
    ]
    rows = Version.objects.values_list("skill__name", "number", "requested_visibility", "changelog")
    assert sorted(rows) == [(name, "1.0.0", "internal", "All") for name in NAMES]


def test_the_same_pack_again_changes_nothing_and_a_changed_skill_gets_the_next_number(client, owner, team):
    send(client, owner, "teams/crew/packs", pack())
    for version in Version.objects.all():
        release.scanned(version_id=version.pk)

    again = send(client, owner, "teams/crew/packs", pack()).json()["skills"]
    changed = send(client, owner, "teams/crew/packs?path=skills/b-two", pack(body="Other.")).json()["skills"]

    assert [one["outcome"] for one in again] == ["unchanged"] * 3
    assert [(one["outcome"], one["name"]) for one in changed] == [("submitted", "b-two")]
    assert Version.objects.filter(skill__name="b-two").count() == 2


def test_what_is_worth_a_look_in_a_skill_is_told_with_its_answer(client, owner, team):
    answer = send(client, owner, "teams/crew/packs", pack(["a-one"], userInvocable="true")).json()

    (skill,) = answer["skills"]
    assert skill["outcome"] == "submitted"
    assert [problem["code"] for problem in skill["problems"]] == ["portability"]


def test_a_refused_skill_does_not_stop_the_others(client, owner, team):
    data = a_zip(
        content={
            "a/SKILL.md": skill_md("a-one").encode(),
            "b/SKILL.md": skill_md("b-two").encode(),
            "b/run.exe": b"MZ\0\0",
            "c/SKILL.md": skill_md("a-one", body="Another of this name.").encode(),
        }
    )

    skills = send(client, owner, "teams/crew/packs", data).json()["skills"]

    assert [(one["path"], one["outcome"]) for one in skills] == [
        ("a", "submitted"),
        ("b", "refused"),
        ("c", "refused"),
    ]
    assert [[problem["code"] for problem in one["problems"]] for one in skills[1:]] == [
        ["refused_kind"],
        ["name_taken"],
    ]


@pytest.mark.parametrize(("suffix", "kind"), [("gz", "application/gzip"), ("", "application/zip")])
def test_a_tar_is_read_like_a_zip(suffix, kind, client, owner, team):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{suffix}") as tar:
        for path, data in {"greet/SKILL.md": skill_md().encode(), "greet/.env": b"x"}.items():
            info = tarfile.TarInfo(path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))

    made = send(client, owner, "teams/crew/versions?version=1.0.0", buffer.getvalue(), kind)

    assert made.status_code == 201
    assert ".env" in [problem["file"] for problem in made.json()["problems"] if problem["code"] == "left_out"]


def test_a_pack_is_for_members(client, owner, mate, team):
    assert send(client, owner, "teams/nobody/packs", pack()).status_code == 404
    assert actor(owner) and send(client, mate, "teams/owner/packs", pack()).status_code == 404
