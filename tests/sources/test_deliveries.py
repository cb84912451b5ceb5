"""Webhooks at their address: a signed one queues a sync; all others are told the same of any source."""

import hashlib
import hmac
import json

import pytest

from skills.jobs.models import Job
from skills.sources.configure import renew_webhook_secret
from skills.sources.models import Source, Sync
from tests.factories import actor
from tests.sources.making import a_source

BODY = json.dumps({"ref": "refs/heads/main"})


@pytest.fixture
def source(owner, team) -> Source:
    return a_source(owner, team, minutes=0)


@pytest.fixture
def secret(source, owner) -> str:
    return renew_webhook_secret(actor=actor(owner), source=source)


def headers_of(form: str, secret: str, body: str = BODY) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    return {
        "github": {"X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={digest}"},
        "gitlab": {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": secret},
        "gitea": {"X-Gitea-Signature": digest, "X-Hub-Signature-256": f"sha256={digest}"},
        "script": {"X-SkillHub-Signature": f"sha256={digest}"},
    }[form]


def deliver(client, pk: int, headers: dict[str, str], body: str = BODY):
    address = f"/api/v1/webhooks/sources/{pk}"
    return client.post(address, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("form", ["github", "gitlab", "gitea", "script"])
def test_a_signed_delivery_of_each_form_queues_one_sync(client, source, secret, form):
    answer = deliver(client, source.pk, headers_of(form, secret))

    assert answer.status_code == 202
    assert [(sync.cause, sync.state) for sync in source.syncs.all()] == [("webhook", "queued")]
    assert Job.objects.filter(task="sync_source").count() == 1


@pytest.mark.parametrize("form", ["github", "gitlab", "gitea", "script"])
def test_a_delivery_signed_with_another_secret_is_refused(client, source, secret, form):
    answer = deliver(client, source.pk, headers_of(form, "another secret"))

    assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")
    assert not Sync.objects.exists()


def test_a_delivery_without_a_signature_is_refused_as_for_a_source_that_is_not_there(client, source, secret):
    here, nowhere = deliver(client, source.pk, {}), deliver(client, 4711, headers_of("gitlab", secret))

    assert (here.status_code, here.json()) == (nowhere.status_code, nowhere.json())


def test_a_source_without_a_secret_takes_no_delivery(client, source):
    assert deliver(client, source.pk, headers_of("gitlab", "")).status_code == 403


def test_a_delivery_that_is_sent_again_starts_nothing_twice(client, source, secret):
    for _ in range(3):
        deliver(client, source.pk, headers_of("github", secret))

    assert Sync.objects.count() == 1


def test_one_right_after_a_sync_waits_its_turn(client, source, secret):
    deliver(client, source.pk, headers_of("github", secret))
    Sync.objects.update(state="done")

    deliver(client, source.pk, headers_of("github", secret))

    source.refresh_from_db()
    assert Sync.objects.count() == 1
    assert source.next_at is not None


def test_news_that_comes_while_a_sync_runs_are_read_after_it(client, source, secret):
    deliver(client, source.pk, headers_of("github", secret))
    Sync.objects.update(state="running")

    deliver(client, source.pk, headers_of("github", secret))

    source.refresh_from_db()
    assert source.asked_at is not None


def test_the_secret_before_counts_no_more(client, source, secret, owner):
    renew_webhook_secret(actor=actor(owner), source=source)

    assert deliver(client, source.pk, headers_of("gitlab", secret)).status_code == 403


def test_a_secret_of_another_key_is_no_fault(client, source, secret, settings):
    settings.SECRET_KEY = "another key, as after a move"

    assert deliver(client, source.pk, headers_of("gitlab", secret)).status_code == 403
