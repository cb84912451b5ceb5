"""What we use of django-allauth that is not its public interface; nothing else may import it.

Written for django-allauth 65.21 (pinned in requirements.txt). When the pin moves and a name is gone,
`tests/web/test_allauth_internals.py` fails, and only this file has to follow.
"""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    resume_request,
    suspend_request,
)

__all__ = [
    "get_authentication_records",
    "get_reauthentication_flows",
    "record_authentication",
    "resume_request",
    "suspend_request",
]
