"""Calls that agents reported, booked as telemetry books them."""

import uuid

from skills.budgets.report import ReportedCall, book_report
from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from skills.lib.clock import now
from skills.usage.keeping import keep
from skills.usage.kept_models import CallKeeping, KeptCall


def a_report(
    account, team, version=None, *, session="", agent="claude-code", usage=None, micros=None
) -> None:
    call = ReportedCall(
        id=uuid.uuid4(),
        model="claude-opus-4-8",
        usage=usage or Usage(input=100),
        micros=micros,
        at=now(),
        caller=Caller(account_id=account.pk, team_id=team.pk, agent=agent, session=session),
        attribution=Attribution(
            skill_id=version.skill_id if version else None, version_id=version.pk if version else None
        ),
    )
    book_report(call, [])


def keeps(team, days=7) -> None:
    """TEAM has kept calls for so many days for a while."""
    CallKeeping.objects.update_or_create(team=team, defaults={"days": days})


def a_kept_call(account, team, asked=b"What is six by nine?", answered=b"Forty-two.") -> KeptCall:
    call = KeptCall(
        hold_id=uuid.uuid4(), team_id=team.pk, account_id=account.pk, model="good", agent="claude-code"
    )
    keep(call, asked, answered)
    return call
