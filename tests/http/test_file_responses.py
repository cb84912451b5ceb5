"""Answers with approved bytes: whole, conditional, counted once, warned of where yanked."""

import hashlib
import io
import zipfile

import pytest
from django.test import RequestFactory

from skills.delivery import count, fetch
from skills.delivery.models import FetchDay
from skills.flows import access
from skills.http.file_responses import bytes_answer, zip_answer
from skills.http.header_values import etag
from skills.http.headers import FILE_POLICY
from skills.lib import counters
from skills.people.actor import VISITOR
from tests.factories import actor, an_approved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted():
    counters.client().delete("fetches", "fetches:aside")
    yield
    counters.client().delete("fetches", "fetches:aside")


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team, wanted="public")


def found(version):
    return fetch.find(actor(version.author), "crew", "greet-people", version.number)


def asked(**headers):
    return RequestFactory().get("/", headers=headers)


def forbidden_to_read():
    pytest.fail("the bytes were read")


def test_the_zip_is_the_one_that_was_reviewed(version):
    response = zip_answer(asked(), VISITOR, found(version), "api")

    assert f"sha256:{hashlib.sha256(response.content).hexdigest()}" == version.digest
    assert zipfile.ZipFile(io.BytesIO(response.content)).namelist() == ["SKILL.md"]
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="greet-people-1.0.0.zip"'


def test_the_headers_name_version_and_digest_and_forbid_running_anything(version):
    headers = zip_answer(asked(), VISITOR, found(version), "api").headers

    assert headers["X-Skill-Version"] == "1.0.0"
    assert headers["X-Skill-Digest"] == version.digest
    assert headers["X-Content-SHA256"] == version.blob
    assert headers["ETag"] == etag(version.digest)
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Security-Policy"] == FILE_POLICY
    assert "X-Skill-Warning" not in headers


def test_a_fetch_is_counted_under_its_client(version):
    zip_answer(asked(), VISITOR, found(version), "clawhub")
    count.flush()

    row = FetchDay.objects.get()
    assert (row.version, row.client, row.fetches, row.team) == (version, "clawhub", 1, None)


def test_what_the_caller_has_already_is_neither_read_nor_counted(version):
    count.flush()  # of what tests beside this one fetched

    response = zip_answer(asked(if_none_match=etag(version.digest)), VISITOR, found(version), "api")

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["ETag"] == etag(version.digest)
    assert count.flush() == 0


def test_one_file_is_answered_by_its_own_digest(version):
    digest = hashlib.sha256(b"hello").hexdigest()

    full = bytes_answer(asked(), found(version), digest, "text/plain", lambda: b"hello")
    again = bytes_answer(
        asked(if_none_match=etag(digest)), found(version), digest, "text/plain", forbidden_to_read
    )

    assert (full.content, full.headers["ETag"]) == (b"hello", f'"{digest}"')
    assert full.headers["X-Content-SHA256"] == digest
    assert full.headers["X-Skill-Digest"] == version.digest
    assert again.status_code == 304


def test_bytes_of_a_team_are_kept_by_no_shared_cache(owner, mate, team):
    version = an_approved(owner, mate, team)

    response = zip_answer(asked(), actor(owner), found(version), "api")

    assert response.headers["Cache-Control"].startswith("private,")


@pytest.mark.parametrize(
    ("reason", "warning"),
    [
        ("It is wrong.", "yanked: It is wrong."),
        ("It is wrong.\r\n\r\nSet-Cookie: a=b", "yanked: It is wrong. Set-Cookie: a=b"),
        ("Löscht\x1b alles 🙂", "yanked: L%C3%B6scht alles %F0%9F%99%82"),
    ],
)
def test_a_yanked_version_comes_with_its_reason_on_one_line(version, owner, reason, warning):
    access.yank(actor=actor(owner), version_id=version.pk, reason=reason)

    response = zip_answer(asked(), VISITOR, found(version), "api")

    assert response.status_code == 200
    assert response.content.startswith(b"PK")
    assert response.headers["X-Skill-Warning"] == warning
