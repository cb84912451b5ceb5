"""Bytes: one file out of the zip, fsck, counting."""

from datetime import timedelta

import pytest

from skills.catalog.models import Skill
from skills.catalog.selectors import file_of
from skills.delivery import count
from skills.delivery.content import file_bytes
from skills.delivery.fsck import check_consistency
from skills.delivery.models import FetchDay
from skills.lib import blobs, counters
from skills.people.actor import VISITOR
from tests.factories import an_approved, files


@pytest.fixture
def version(owner, mate, team):
    return an_approved(
        owner, mate, team, content={**files(), "assets/a.bin": bytes(range(256)) * 50, "empty.txt": b""}
    )


@pytest.mark.parametrize("path", ["SKILL.md", "assets/a.bin", "empty.txt"])
def test_one_file_is_read_out_of_the_zip(version, path):
    file = file_of(version, path)

    assert blobs.sha256(file_bytes(version, file)) == file.sha256


def test_fsck_finds_damage_loss_and_orphans(version, settings):
    assert check_consistency().faults == []
    store = blobs.store()
    path = store.path(version.blob)
    good = path.read_bytes()
    store.put(blobs.sha256(b"orphan"), b"orphan")

    path.chmod(0o644)
    path.write_bytes(good[:-1] + b"x")
    assert "is damaged" in check_consistency().faults[0]
    path.unlink()
    assert "is missing" in check_consistency().faults[0]
    path.write_bytes(good)

    report = check_consistency(delete_orphans=True, grace=timedelta(0))
    assert (report.faults, report.orphans) == ([], [blobs.sha256(b"orphan")])
    assert list(store.digests()) == [version.blob]


def test_fetches_are_added_up_by_the_task(version):
    counters.client().delete("fetches", "fetches:aside")
    for _ in range(3):
        count.counted(version.pk, "api", VISITOR)

    assert count.flush() == 3
    assert count.flush() == 0
    assert FetchDay.objects.get().fetches == 3
    assert Skill.objects.get().fetches == 3


def test_a_blob_is_written_once_and_read_only(tmp_path):
    store = blobs.LocalBlobs(tmp_path)
    digest = blobs.sha256(b"hello")

    store.put(digest, b"hello")
    store.put(digest, b"hello")

    assert store.read(digest, 1, 3) == b"ell"
    assert oct(store.path(digest).stat().st_mode)[-3:] == "400"
    with pytest.raises(blobs.BlobMissing):
        store.read("0" * 64)


def test_a_bucket_behaves_like_the_folder(tmp_path):
    from django.core.files.storage import FileSystemStorage

    store = blobs.BucketBlobs(FileSystemStorage(tmp_path, allow_overwrite=True))
    digest = blobs.sha256(b"hello")

    store.put(digest, b"hello")
    store.put(digest, b"hello")

    assert (store.read(digest), store.read(digest, 1, 3), list(store.digests())) == (
        b"hello",
        b"ell",
        [digest],
    )
    store.delete(digest)
    with pytest.raises(blobs.BlobMissing):
        store.read(digest)
