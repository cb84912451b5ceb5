"""What links and pictures of a text in a bundle mean."""

import pytest

from skills.bundles.links import BundlePlaces
from skills.bundles.pictures import MOST_BYTES
from skills.lib.markdown import ELSEWHERE

SIZES = {
    "SKILL.md": 1,
    "README.md": 1,
    "references/guide.md": 1,
    "references/more/api.md": 1,
    "references/über uns.md": 1,
    "scripts/run.py": 1,
    "assets/shot.png": 1,
    "assets/Plan (1).svg": 1,
    "assets/huge.png": MOST_BYTES + 1,
    "assets/table.csv": 1,
}


def link(written: str, at: str = "SKILL.md") -> str:
    return BundlePlaces(SIZES, at).link(written).address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("references/guide.md", "files/references/guide.md"),
        ("./references/guide.md", "files/references/guide.md"),
        ("references/../scripts/./run.py", "files/scripts/run.py"),
        ("references//guide.md", "files/references/guide.md"),
        ("/scripts/run.py", "files/scripts/run.py"),
        ("scripts\\run.py", "files/scripts/run.py"),
        ("{baseDir}/scripts/run.py", "files/scripts/run.py"),
        ("%7BbaseDir%7D/scripts/run.py", "files/scripts/run.py"),
        ("${CLAUDE_SKILL_DIR}/scripts/run.py", "files/scripts/run.py"),
        ("references/guide.md#Part-1", "files/references/guide.md#text-part-1"),
        ("references/guide.md?raw=true#part", "files/references/guide.md#text-part"),
        ("references/guide.md#L12-L14", "files/references/guide.md?plain=1#L12"),
        ("scripts/run.py#L3", "files/scripts/run.py#L3"),
        ("scripts/run.py#main", "files/scripts/run.py"),
        ("references/%C3%BCber%20uns.md", "files/references/%C3%BCber%20uns.md"),
        ("references/u\u0308ber uns.md", "files/references/%C3%BCber%20uns.md"),
        ("references/", "files/?in=references"),
        ("references/more", "files/?in=references%2Fmore"),
        (".", "files/"),
        ("./", "files/"),
    ],
)
def test_a_relative_link_leads_to_the_files_of_the_version(written, address):
    assert link(written) == f"version:{address}"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("more/api.md", "references/more/api.md"),
        ("../SKILL.md", "SKILL.md"),
        ("../scripts/run.py", "scripts/run.py"),
        ("scripts/run.py", "scripts/run.py"),
        ("references/guide.md", "references/guide.md"),
    ],
)
def test_a_text_in_a_folder_means_what_is_beside_it_else_what_is_at_the_top(written, address):
    assert link(written, at="references/guide.md") == f"version:files/{address}"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("references/gone.md", "references/gone.md is not in this version"),
        ("References/Guide.md", "References/Guide.md is not in this version"),
        ("../other/SKILL.md", "../other/SKILL.md is outside of the skill"),
        ("../../etc/passwd", "../../etc/passwd is outside of the skill"),
        ("%2e%2e/%2e%2e/etc/passwd", "../../etc/passwd is outside of the skill"),
        ("/account/tokens/", "/account/tokens/ is not in this version"),
        ("file:///etc/passwd", "file: is not followed"),
        ("version:files/SKILL.md", "version: is not followed"),
        ("http://[", "this is no address"),
        ("http:/reviews/", "this is no address"),
        ("https:reviews/1/", "this is no address"),
        ("a" * 500, f"{'a' * 120}… is not in this version"),
        ("a%00b", "a\0b is not in this version"),
    ],
)
def test_a_link_to_nothing_says_why(written, reason):
    place = BundlePlaces(SIZES, "SKILL.md").link(written)

    assert (place.address, place.absent) == ("", reason)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.org/a?b#c", "https://example.org/a?b#c"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("//example.org/a", "https://example.org/a"),
        ("#Part-1", "#text-part-1"),
        ("#", "#"),
    ],
)
def test_other_links_lead_where_they_say(written, address):
    assert link(written) == address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("assets/shot.png", "version:pictures/assets/shot.png"),
        ("./assets/shot.png?raw=true", "version:pictures/assets/shot.png"),
        ("assets/Plan%20%281%29.svg", "version:pictures/assets/Plan%20%281%29.svg"),
    ],
)
def test_a_picture_of_the_version_is_shown(written, address):
    assert BundlePlaces(SIZES, "SKILL.md").picture(written).address == address


@pytest.mark.parametrize("written", ["https://e.example/x.png", "//e.example/x.png", "ftp://e.example/x.png"])
def test_a_picture_from_elsewhere_is_never_loaded(written):
    assert BundlePlaces(SIZES, "SKILL.md").picture(written) is ELSEWHERE


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("assets/huge.png", "assets/huge.png is not shown here; it is among the files"),
        ("assets/table.csv", "assets/table.csv is not shown here; it is among the files"),
        ("assets/gone.png", "assets/gone.png is not in this version"),
        ("../x.png", "../x.png is outside of the skill"),
        ("data:image/png;base64,AA", "a picture that is written into the text is not shown"),
        ("http://[", "this is no address"),
    ],
)
def test_a_picture_that_cannot_be_shown_says_why(written, reason):
    assert BundlePlaces(SIZES, "SKILL.md").picture(written).absent == reason
