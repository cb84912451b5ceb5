"""A pack is checked skill by skill: what is wrong with one says nothing of the others."""

import pytest

from skills.catalog.pack_checks import check_pack
from skills.lib.errors import Refused
from tests.factories import a_zip, skill_md

pytestmark = pytest.mark.django_db


def pack(**more):
    names = ("a-one", "b-two", "c-three")
    files = {f"pack/skills/{name}/SKILL.md": skill_md(name).encode() for name in names}
    return a_zip(content={**files, **more})


def test_every_skill_of_a_pack_has_a_report_of_its_own():
    found = check_pack(pack(**{"pack/skills/b-two/tool.exe": b"MZ\0", "pack/README.md": b"x"}))

    assert [(skill.path, skill.report.bundle is None) for skill in found.skills] == [
        ("skills/a-one", False),
        ("skills/b-two", True),
        ("skills/c-three", False),
    ]
    assert [note.file for note in found.notes] == ["README.md"]


def test_the_named_skills_alone_are_checked():
    found = check_pack(pack(), ["skills/c-three"])

    assert [skill.path for skill in found.skills] == ["skills/c-three"]


@pytest.mark.parametrize("paths", [["skills/d-four"], ["skills/a-one", "elsewhere"]])
def test_a_skill_that_is_not_there_refuses_the_whole(paths):
    with pytest.raises(Refused, match="There is no skill at"):
        check_pack(pack(), paths)


@pytest.mark.parametrize(
    ("content", "code"), [({"README.md": b"x"}, "no_skill_md"), (b"hello", "bad_zip"), ({}, "no_skill_md")]
)
def test_what_holds_no_skill_is_refused(content, code):
    with pytest.raises(Refused) as refusal:
        check_pack(content)

    assert [problem.code for problem in refusal.value.problems] == [code]
