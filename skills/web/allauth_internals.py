"""What we use of django-allauth that is not its public interface; nothing else may import it.

Written for django-allauth 65.21 (pinned in requirements.txt). When the pin moves and a name is gone,
`tests/web/test_allauth_internals.py` fails, and only this file has to follow.
"""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    get_reauthentication_flows,
    resume_request,
)

__all__ = [
    "STATE_SESSION_KEY",
    "get_authentication_records",
    "get_reauthentication_flows",
    "record_authentication",
    "resume_request",
]
