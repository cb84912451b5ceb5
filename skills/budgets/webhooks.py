"""Tells programs that a budget has passed a mark: signed, and tried again where nobody answers."""

import json
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from skills.audit.record import record
from skills.budgets.allowances import may_manage, responsible_team
from skills.budgets.models import Budget, Period
from skills.budgets.webhook_models import BudgetWebhook
from skills.jobs.enqueue import enqueue
from skills.lib import outgoing
from skills.lib.ciphers import decrypt_text, encrypt_text
from skills.lib.clock import now
from skills.lib.errors import refuse
from skills.lib.json_values import JsonObject
from skills.lib.standard_webhooks import new_secret, signed_headers
from skills.people.actor import Actor

_SALT = b"skillhub budget webhooks"
_LONGEST_ADDRESS, _LONGEST_ANSWER = 300, 200  # characters, as the columns


def may_have_webhook(budget: Budget) -> bool:
    """Budgets of the instance and of shared teams; a person's marks go to whoever has the instance's."""
    if budget.is_part or budget.token_id or budget.account_id:
        return False
    return budget.team is None or not budget.team.is_personal


def set_webhook(*, actor: Actor, budget: Budget, address: str) -> str:
    """Send marks to ADDRESS from now on; returns the secret they are signed with, this once."""
    by = may_manage(actor, budget)
    if not may_have_webhook(budget):
        text = "Budgets of teams and of the instance have a webhook, and theirs tells of all parts."
        raise refuse("bad_webhook", text, "Set it there.")
    try:
        outgoing.parse_url(address)
    except outgoing.NotAllowed as refusal:
        raise refuse("bad_webhook", str(refusal)) from None
    if len(address) > _LONGEST_ADDRESS:
        raise refuse("bad_webhook", f"The address has more than {_LONGEST_ADDRESS} characters.")
    secret = new_secret()
    columns = {
        "address": address,
        "secret": encrypt_text(settings.SECRET_KEY, _SALT, secret),
        "last_at": None,
        "last_answer": "",
        "last_arrived": False,
    }
    with transaction.atomic():
        BudgetWebhook.objects.update_or_create(budget=budget, defaults=columns)
        record("budget.webhook", by=by, target=budget, team_id=budget.team_id, address=address)
    return secret


def remove_webhook(*, actor: Actor, budget: Budget) -> None:
    by = may_manage(actor, budget)
    with transaction.atomic():
        if BudgetWebhook.objects.filter(budget=budget).delete()[0]:
            record("budget.webhook", by=by, target=budget, team_id=budget.team_id, address="")


def send_test(*, actor: Actor, budget: Budget) -> None:
    """Send a message that says nothing, so that whoever sets up the receiver sees it arrive."""
    may_manage(actor, budget)
    webhook = BudgetWebhook.objects.filter(budget=budget).first()
    if webhook is None:
        raise refuse("bad_webhook", "This budget has no webhook.", "Set its address first.")
    _queue(webhook, f"test_{webhook.pk}_{int(now().timestamp())}", "budget.test", {"budget": budget.pk})


def announce(period: Period, mark: int, page: str) -> None:
    """Queue the news that PERIOD has passed MARK, in the caller's transaction; PAGE is the address of it."""
    budget = period.budget
    news: JsonObject = {
        "budget": budget.pk,
        "owner": budget.owner,
        "mark": mark,
        "percent": period.percent,
        "refused": period.refused_at is not None,
        "starts_at": period.starts_at.isoformat(),
        "ends_at": period.ends_at.isoformat() if period.ends_at else None,
        "limit_tokens": period.limit_tokens,
        "spent_tokens": period.spent_tokens,
        "limit_micros": period.limit_micros,
        "spent_micros": period.spent_micros,
        "url": page,
    }
    whole = Q(budget__account=None, budget__token=None, budget__model="", budget__each="")
    theirs = Q(budget__team=None)
    if (team := responsible_team(budget)) is not None:
        theirs |= Q(budget__team=team)
    for webhook in BudgetWebhook.objects.filter(whole & theirs):
        # A limit that was raised lets a mark be passed again, which is other news.
        moment = int(now().timestamp())
        _queue(webhook, f"mark_{webhook.pk}_{period.pk}_{mark}_{moment}", "budget.mark", news)


def _queue(webhook: BudgetWebhook, message_id: str, kind: str, news: JsonObject) -> None:
    body = {"type": kind, "timestamp": now().isoformat(), "data": news}
    enqueue(
        "call_budget_webhook",
        key=message_id,
        webhook_id=webhook.pk,
        message_id=message_id,
        body=json.dumps(body),
    )


def deliver(*, webhook_id: int, message_id: str, body: str) -> None:
    """Send one message; raises OSError where it should be tried again."""
    webhook = BudgetWebhook.objects.filter(pk=webhook_id).first()
    if webhook is None:
        return
    try:
        secret = decrypt_text(settings.SECRET_KEY, _SALT, webhook.secret)
        headers = signed_headers(
            secret=secret, message_id=message_id, timestamp=int(now().timestamp()), body=body.encode()
        )
        status = outgoing.post(webhook.address, body.encode(), headers)
    except (outgoing.NotAllowed, ValueError) as refusal:  # no other try would end otherwise
        _note(webhook, str(refusal), arrived=False)
    except OSError as error:
        _note(webhook, f"No answer: {error}", arrived=False)
        raise
    else:
        arrived = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
        _note(webhook, f"Answered with status {status}.", arrived=arrived)
        if not arrived:
            raise OSError(f"The webhook answered {status}.")


def _note(webhook: BudgetWebhook, answer: str, *, arrived: bool) -> None:
    BudgetWebhook.objects.filter(pk=webhook.pk).update(
        last_at=now(), last_answer=answer[:_LONGEST_ANSWER], last_arrived=arrived
    )
