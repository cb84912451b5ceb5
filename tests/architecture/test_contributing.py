"""CONTRIBUTING.md says which files five changes touch: they exist, and are as many as it says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = TEXT.split("## Five changes and the files you touch", 1)[1].split("\n## ", 1)[0]
CHANGES = dict(change.split("\n", 1) for change in SECTION.split("\n### ")[1:])


def exists(path: str) -> bool:
    """Whether PATH is there; NAME stands for any name."""
    return any(ROOT.glob(path.replace("NAME", "*")))


def test_there_are_five_changes():
    assert len(CHANGES) == 5


@pytest.mark.parametrize("heading", CHANGES)
def test_a_change_touches_as_many_files_as_its_heading_says(heading):
    said = re.fullmatch(r".+: (\d+) files", heading)

    listed = re.findall(r"^- `", CHANGES[heading], re.MULTILINE)

    assert said
    assert len(listed) == int(said[1])


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w./]+\.\w+)`", SECTION))))
def test_every_file_named_exists(path):
    assert exists(path)


def test_a_file_that_was_renamed_is_noticed():
    assert not exists("skills/portfolio/providers_of_old.py")
    assert not exists("skills/protocols/NAME/no_such_view.py")


def test_a_protocol_is_found_without_being_listed_anywhere():
    protocols = [path.name for path in (ROOT / "skills/protocols").iterdir() if (path / "urls.py").exists()]
    settings_and_routes = [ROOT / "skillhub/urls.py", *(ROOT / "skills/web").rglob("*.py")]

    assert protocols
    assert not [
        (name, path.name)
        for path in settings_and_routes
        for name in protocols
        if f"skills.protocols.{name}" in path.read_text(encoding="utf-8")
    ]
