"""What nobody can read is refused where it runs, and told where it only lies there."""

import io
import tarfile

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.validate import check_files
from skills.lib.errors import ProblemSeverity
from tests.bundles.hostile import GOOD, plain


def told(path, data):
    """Severity and code of what is said about one file of a good skill; accepted unless it is an error."""
    report = check_files({"SKILL.md": GOOD, path: data}, BundleLimits())
    found = [(problem.severity, problem.code) for problem in report.problems if problem.file == path]
    assert (report.bundle is None) == any(severity == ProblemSeverity.ERROR for severity, _ in found)
    return found


def a_tar(name="page.html", data=b"<h1>Hello</h1>", mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "path", ["scripts/shadcn.tar.gz", "templates/site.tgz", "assets/site.tar.gz", "site.bin"]
)
def test_a_template_archive_is_kept_and_told(path):
    assert told(path, a_tar()) == [("warning", "archive_inside")]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_every_kind_of_tar_is_an_archive(mode):
    assert told("templates/site.bin", a_tar(mode=mode)) == [("warning", "archive_inside")]


@pytest.mark.parametrize(
    "path", ["scripts/page.html", "notes.md", "assets/logo.png", "assets/site", "run.sh"]
)
def test_an_archive_under_another_name_is_refused(path):
    assert told(path, plain({"a": b"b"})) == [("error", "refused_kind")]


@pytest.mark.parametrize(
    "path", ["templates/letter.docx", "deck.potx", "scripts/sheet.XLSX", "references/a.odt"]
)
def test_an_office_template_outside_of_assets_is_told(path):
    assert told(path, plain({"word/document.xml": b"<w/>"})) == [("warning", "office_document")]


def test_an_office_template_under_assets_is_where_it_belongs():
    assert told("assets/letter.docx", plain({"word/document.xml": b"<w/>"})) == []


@pytest.mark.parametrize("path", ["assets/letter.docm", "letter.docx"])
def test_macros_in_an_office_document_are_told_wherever_it_lies(path):
    assert told(path, plain({"word/vbaProject.bin": b"\0"})) == [("warning", "office_macros")]


@pytest.mark.parametrize("path", ["assets/tool", "scripts/tool", "references/tool.md"])
def test_a_program_is_refused_wherever_it_lies(path):
    assert told(path, b"\x7fELF\x02\x01\0") == [("error", "refused_kind")]


@pytest.mark.parametrize(
    "path", ["logo.png", "examples/logo.png", "references/logo.png", "evals/files/logo.png"]
)
def test_a_picture_beside_documents_needs_no_word(path):
    assert told(path, b"\x89PNG\r\n\x1a\n\0\xff") == []


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("scripts/icon.png", b"\x89PNG\r\n\x1a\n\0\xff"),
        ("scripts/fonts/a.ttf", b"\0\1\0\0\xff"),
        ("references/index.sqlite", b"SQLite format 3\0\xff"),
        ("evals/files/table.parquet", b"PAR1\0\xff"),
    ],
)
def test_a_file_that_claims_to_be_no_text_is_told_among_texts(path, data):
    assert told(path, data) == [("warning", "binary_file")]
