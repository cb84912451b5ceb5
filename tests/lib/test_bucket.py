"""Blobs in a bucket: django-storages against a server that speaks S3."""

import os
import socket
import time

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from skills.lib.blobs import BlobDamaged, BlobMissing, BlobUnreadable, BucketBlobs, read_whole, sha256
from tests.s3 import needs_s3, s3_server

pytestmark = needs_s3


@pytest.fixture(scope="module")
def endpoint():
    with s3_server() as address:
        yield address


@pytest.fixture
def bucket(endpoint):
    storage = S3Storage(
        bucket_name="blobs",
        endpoint_url=endpoint,
        region_name="us-east-1",
        access_key="test",
        secret_key="test",
        file_overwrite=True,
        default_acl=None,
    )
    storage.connection.create_bucket(Bucket="blobs")
    yield BucketBlobs(storage)
    for obj in storage.bucket.objects.all():
        obj.delete()
    storage.bucket.delete()
    storage.connection.meta.client.close()


def test_bytes_come_back_whole_and_in_parts(bucket):
    data = os.urandom(70_000)
    digest = sha256(data)

    bucket.put(digest, data)
    bucket.put(digest, data)  # again is nothing new

    assert bucket.read(digest) == data
    assert bucket.read(digest, 60_000, 500) == data[60_000:60_500]
    assert list(bucket.digests()) == [digest]


def test_wrong_bytes_in_a_bucket_are_found_and_mended(bucket):
    data = os.urandom(5_000)
    digest = sha256(data)
    bucket.put(digest, data)
    bucket.storage.save(bucket.name(digest), ContentFile(data[:-1] + b"x"))
    with pytest.raises(BlobDamaged):
        read_whole(bucket, digest)

    bucket.put(digest, data)

    assert read_whole(bucket, digest) == data
    assert abs(bucket.written_at(digest) - time.time()) < 300


def test_a_bucket_that_does_not_answer_is_no_missing_blob(bucket):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    away = S3Storage(
        bucket_name="blobs",
        endpoint_url=nobody,
        region_name="us-east-1",
        access_key="test",
        secret_key="test",
        client_config=Config(retries={"max_attempts": 0}),
    )

    with pytest.raises(BlobUnreadable):
        BucketBlobs(away).read("0" * 64)


def test_what_is_not_there_says_so(bucket):
    with pytest.raises(BlobMissing):
        bucket.read("0" * 64)

    data = b"soon gone"
    bucket.put(sha256(data), data)
    bucket.delete(sha256(data))
    with pytest.raises(BlobMissing):
        bucket.read(sha256(data))
    assert list(bucket.digests()) == []
