"""Calls that agents reported, booked as telemetry books them."""

import uuid

from skills.budgets.report import ReportedCall, book_report
from skills.budgets.reserve import Caller
from skills.budgets.settle import Attribution, Usage
from skills.lib.clock import now


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
