"""Staged bytes: kept only when accepted, private to their uploader, gone after a day."""

from datetime import timedelta

import pytest

from skills.bundles.limits import BundleLimits
from skills.bundles.pack import pack
from skills.catalog import uploads
from skills.catalog.models import Upload
from skills.lib import blobs
from skills.lib.clock import now
from skills.lib.errors import Missing
from tests.factories import a_zip, an_upload, files

pytestmark = pytest.mark.django_db


def test_the_limits_are_those_of_the_settings(settings):
    settings.LIMIT_ARCHIVE = 1
    settings.LIMIT_UNPACKED = 2
    settings.LIMIT_FILES = 3
    settings.LIMIT_FILE = 4
    settings.LIMIT_SKILL_MD = 5
    settings.LIMIT_FRONT_MATTER = 6
    settings.LIMIT_DEPTH = 7

    assert uploads.limits() == BundleLimits(
        archive=1, unpacked=2, files=3, file=4, skill_md=5, front_matter=6, depth=7
    )


def test_a_zip_and_a_folder_are_checked_alike_and_nothing_is_kept():
    reports = [uploads.check(a_zip()), uploads.check(files())]

    assert {report.accepted().archive.digest for report in reports} == {pack(files()).digest}
    assert not Upload.objects.exists()
    assert list(blobs.store().digests()) == []


def test_the_limits_hold_for_what_is_checked(settings):
    settings.LIMIT_FILES = 1

    assert [problem.code for problem in uploads.check({**files(), "a.txt": b""}).errors] == ["too_many_files"]


def test_an_upload_keeps_the_bundle_and_what_was_said_of_it(owner):
    content = {**files(), ".DS_Store": b"x", "run.sh": b"#!/bin/sh\n"}

    upload = an_upload(owner, content)

    upload.refresh_from_db()
    archive = pack({path: data for path, data in content.items() if path != ".DS_Store"})
    assert upload.account == owner
    assert (upload.digest, upload.size, bytes(upload.data)) == (
        f"sha256:{archive.digest}",
        len(archive.data),
        archive.data,
    )
    assert upload.manifest["name"] == "greet-people"
    assert [(file["path"], file["executable"]) for file in upload.files] == [
        ("SKILL.md", False),
        ("run.sh", True),
    ]
    assert [note["code"] for note in upload.notes] == ["left_out"]


def test_an_upload_lives_as_long_as_the_settings_say(owner, settings):
    settings.UPLOAD_HOURS = 5

    upload = an_upload(owner)

    assert upload.expires_at - upload.created_at == timedelta(hours=5)


def test_a_draft_is_the_same_without_a_row(owner):
    report = uploads.check(files())

    draft = uploads.draft(bundle=report.accepted(), report=report, by=owner)

    assert draft.digest == f"sha256:{pack(files()).digest}"
    assert not Upload.objects.exists()


def test_an_upload_is_found_by_its_uploader_only(owner, mate):
    upload = an_upload(owner)

    assert uploads.find_upload(upload.pk, owner) == upload
    with pytest.raises(Missing):
        uploads.find_upload(upload.pk, mate)


def test_an_expired_upload_is_gone_before_it_is_deleted(owner):
    upload = an_upload(owner)
    Upload.objects.update(expires_at=now())

    with pytest.raises(Missing):
        uploads.find_upload(upload.pk, owner)


def test_expired_uploads_are_purged_and_counted(owner):
    fresh, old = an_upload(owner), an_upload(owner)
    Upload.objects.filter(pk=old.pk).update(expires_at=now() - timedelta(seconds=1))

    assert uploads.purge() == 1
    assert list(Upload.objects.all()) == [fresh]
    assert uploads.purge() == 0


def test_bytes_are_put_on_disk_once(owner):
    upload = an_upload(owner)

    uploads.keep_bytes(upload)
    uploads.keep_bytes(upload)

    digest = upload.digest.removeprefix("sha256:")
    assert list(blobs.store().digests()) == [digest]
    assert blobs.store().read(digest) == bytes(upload.data)
