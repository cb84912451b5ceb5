"""What may wait to be submitted: bounded for each account, and for a team's services together."""

import hashlib

import pytest
from django.db import transaction

from skills.catalog import staging_quota, tickets, uploads
from skills.catalog.models import Upload, UploadTicket
from skills.lib.errors import Conflict
from skills.people.teams import create_service
from tests.factories import actor, an_upload, bearer, files


@pytest.fixture
def size(owner):
    upload = an_upload(owner, files("measure"))
    upload.delete()
    return upload.size


def test_an_account_that_has_staged_enough_is_told_the_way_out(owner, mate, size, settings):
    settings.LIMIT_STAGED = 2 * size + 10
    first, _ = an_upload(owner, files("measure")), an_upload(owner, files("measure"))

    with pytest.raises(Conflict, match=r"You may have .* bytes staged") as refusal:
        an_upload(owner, files("measure"))

    assert "Submit or discard" in refusal.value.problems[0].remedy
    an_upload(mate, files("measure"))
    first.delete()
    an_upload(owner, files("measure"))


def test_promises_of_files_count_as_well(owner, settings):
    settings.LIMIT_STAGED = 1_000
    sha256 = hashlib.sha256(b"x").hexdigest()
    tickets.open_ticket(by=owner, path="a", size=900, sha256=sha256)

    with pytest.raises(Conflict, match="staged"):
        tickets.open_ticket(by=owner, path="b", size=101, sha256=sha256)

    assert UploadTicket.objects.count() == 1


def test_a_new_service_account_is_no_new_quota(owner, team, size, settings):
    settings.LIMIT_STAGED_TEAM = 2 * size + 10
    services = [create_service(actor=actor(owner), team=team, handle=f"bot-{number}") for number in range(3)]
    for service in services[:2]:
        an_upload(service, files("measure"))

    with pytest.raises(Conflict, match="Your team's services"):
        an_upload(services[2], files("measure"))

    an_upload(owner, files("measure"))


def test_what_has_expired_counts_for_nothing(owner, size, settings):
    settings.LIMIT_STAGED = size
    an_upload(owner, files("measure"))
    Upload.objects.update(expires_at="2020-01-01T00:00Z")

    an_upload(owner, files("measure"))


def test_room_is_asked_for_within_a_transaction(owner, size):
    with transaction.atomic():
        staging_quota.make_room(owner, size)


def test_publishing_by_the_api_stays_within_the_quota_and_leaves_nothing(owner, team, client, settings):
    settings.LIMIT_STAGED = 10
    from tests.factories import a_zip

    answer = client.post(
        "/api/v1/teams/crew/versions?version=1.0.0", a_zip(), "application/zip", headers=bearer(owner)
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "staged_too_much")
    assert not Upload.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_publish_page_lists_what_waits(count, owner, client, django_assert_max_num_queries):
    client.force_login(owner)
    waiting = [an_upload(owner, files(f"skill-{number}")) for number in range(count)]

    with django_assert_max_num_queries(15):
        answer = client.get("/publish/")

    for upload in waiting:
        assert f"/uploads/{upload.pk}/discard/" in answer.content.decode()
    assert len(uploads.staged_uploads(owner)) == count
