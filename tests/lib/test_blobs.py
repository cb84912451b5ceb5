"""The local store: whole files only, listed without drafts."""

import os

import pytest

from skills.lib import blobs

ONE, TWO = blobs.sha256(b"one"), blobs.sha256(b"two")


@pytest.fixture
def store(tmp_path):
    return blobs.LocalBlobs(tmp_path / "blobs")


def test_a_store_that_holds_nothing_lists_nothing(store):
    assert list(store.digests()) == []


def test_bytes_lie_under_the_first_two_letters_of_their_digest(store):
    store.put(ONE, b"one")

    assert store.path(ONE) == store.root / ONE[:2] / ONE[2:]
    assert store.path(ONE).read_bytes() == b"one"


def test_bytes_are_kept_under_their_own_digest_only(store):
    with pytest.raises(blobs.BlobDamaged):
        store.put(ONE, b"other")

    assert list(store.digests()) == []


@pytest.mark.parametrize("wrong", [b"", b"o", b"two", b"one and more"])
def test_a_second_put_mends_wrong_bytes(store, wrong):
    store.put(ONE, b"one")
    store.path(ONE).chmod(0o644)
    store.path(ONE).write_bytes(wrong)
    with pytest.raises(blobs.BlobDamaged):
        blobs.read_whole(store, ONE)

    store.put(ONE, b"one")

    assert blobs.read_whole(store, ONE) == b"one"
    assert [path.name for path in store.path(ONE).parent.iterdir()] == [ONE[2:]]


def test_a_second_put_does_not_touch_right_bytes(store):
    store.put(ONE, b"one")
    first = store.path(ONE).stat()

    store.put(ONE, b"one")

    assert store.path(ONE).stat() == first


def test_a_folder_in_the_place_of_a_blob_is_unreadable(store):
    store.path(ONE).mkdir(parents=True)

    with pytest.raises(blobs.BlobUnreadable):
        store.read(ONE)


def test_old_drafts_go_and_young_ones_stay(store):
    store.put(ONE, b"one")
    draft = store.path(ONE).with_name(".abcd")
    draft.write_bytes(b"o")
    os.utime(draft, (1_000, 1_000))

    assert store.delete_drafts(999) == 0
    assert store.delete_drafts(1_001) == 1

    assert list(store.path(ONE).parent.iterdir()) == [store.path(ONE)]


def test_what_a_killed_process_left_half_written_is_no_blob(store):
    store.put(ONE, b"one")
    (store.root / TWO[:2]).mkdir(exist_ok=True)
    (store.root / TWO[:2] / f".{TWO[2:10]}.abcd1234").write_bytes(b"tw")

    assert list(store.digests()) == [ONE]
    with pytest.raises(blobs.BlobMissing):
        store.read(TWO)


def test_digests_come_in_order(store):
    for data in (b"one", b"two", b"three"):
        store.put(blobs.sha256(data), data)

    assert list(store.digests()) == sorted(blobs.sha256(data) for data in (b"one", b"two", b"three"))


@pytest.mark.parametrize(
    ("start", "length", "part"), [(0, None, b"one"), (1, None, b"ne"), (0, 0, b""), (1, 1, b"n"), (5, 2, b"")]
)
def test_a_part_is_read_by_its_place(store, start, length, part):
    store.put(ONE, b"one")

    assert store.read(ONE, start, length) == part


def test_deleting_twice_is_fine_and_deletes_nothing_else(store):
    store.put(ONE, b"one")
    store.put(TWO, b"two")

    store.delete(ONE)
    store.delete(ONE)

    assert list(store.digests()) == [TWO]


def test_the_settings_choose_folder_or_bucket(settings):
    assert isinstance(blobs.store(), blobs.LocalBlobs)
    assert blobs.store() is blobs.store()

    settings.STORAGES = {
        **settings.STORAGES,
        "blobs": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    settings.S3_BUCKET = "blobs"
    blobs.store.cache_clear()

    assert isinstance(blobs.store(), blobs.BucketBlobs)
