"""Bytes that no version needs: collected by age, and never from under a version that is being made."""

import os
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from skills.catalog.locks import lock_bytes
from skills.catalog.models import State, Version
from skills.delivery.collect import collect
from skills.flows import access, release
from skills.lib import blobs
from tests.factories import a_person, actor, an_approved, an_upload

NOW, DAY = timedelta(0), timedelta(days=1)


def orphan(data: bytes = b"nobody refers to this", *, age: timedelta = NOW) -> str:
    digest = blobs.sha256(data)
    blobs.store().put(digest, data)
    moment = time.time() - age.total_seconds()
    os.utime(blobs.store().path(digest), (moment, moment))
    return digest


@pytest.fixture
def version(owner, mate, team):
    return an_approved(owner, mate, team)


@pytest.fixture
def boss(db):
    return a_person("boss", staff=True)


def test_what_a_killed_publisher_left_is_collected_when_it_is_old(version):
    old, young = orphan(b"old", age=2 * DAY), orphan(b"young")

    assert collect(DAY) == [old]

    assert set(blobs.store().digests()) == {version.blob, young}


def test_removed_bytes_stay_for_the_grace_however_old_the_file_is(version, boss):
    os.utime(blobs.store().path(version.blob), (1, 1))
    access.remove(actor=actor(boss), version_id=version.pk, reason="by mistake?")

    assert collect(DAY) == []
    assert collect(NOW) == [version.blob]


def test_bytes_that_any_version_needs_stay_for_ever(version, owner, mate, team, boss):
    an_approved(owner, mate, team, number="1.0.1")
    os.utime(blobs.store().path(version.blob), (1, 1))

    access.remove(actor=actor(boss), version_id=version.pk, reason="x")

    assert collect(NOW) == []


def test_bytes_that_were_collected_after_they_were_kept_are_kept_again(owner, team):
    upload = an_upload(owner)
    kept = upload.blob

    def collect_first(*_):
        blobs.store().delete(kept)

    release.uploads.keep_bytes(upload)
    collect_first()
    version, _ = release.submit(actor=actor(owner), team=team, upload=upload, number="1.0.0")

    assert blobs.read_whole(blobs.store(), version.blob)


@pytest.mark.django_db(transaction=True)
def test_the_collector_waits_for_a_publisher_of_the_same_bytes(owner, team):
    upload = an_upload(owner)
    release.uploads.keep_bytes(upload)
    collected: list[str] = []

    def collector():
        collected.extend(collect(NOW))
        connection.close()

    thread = threading.Thread(target=collector)
    with transaction.atomic():
        lock_bytes(upload.blob)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        Version.objects.bulk_create([a_row(upload, owner, team)])
    thread.join(20)

    assert collected == []
    assert blobs.read_whole(blobs.store(), upload.blob)


def a_row(upload, owner, team) -> Version:
    from skills.catalog.models import Skill

    skill = Skill.objects.create(team=team, name="by-hand", created_by=owner)
    return Version(
        skill=skill,
        number="1.0.0",
        state=State.SCANNING,
        digest=upload.digest,
        size=upload.size,
        manifest=upload.manifest,
        author=owner,
        responsible=owner,
        requested_visibility="team",
    )


def test_the_draft_of_a_living_writer_stays_without_any_grace(version):
    draft = blobs.store().path(version.blob).with_name(".abcd")
    draft.write_bytes(b"half")

    collect(NOW)
    assert draft.exists()

    os.utime(draft, (1, 1))
    collect(NOW)
    assert not draft.exists()
