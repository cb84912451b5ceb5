"""The local store: whole files only, listed without drafts."""

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


def test_a_second_put_leaves_the_first_bytes(store):
    store.put(ONE, b"one")
    store.put(ONE, b"other")

    assert store.read(ONE) == b"one"


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
