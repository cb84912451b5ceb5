"""Whether somebody signed in, or confirmed it, a short while ago (asked before a decision)."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows, suspend_request
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from skills.http.requests import HubRequest


def signed_in_recently(request: HubRequest) -> bool:
    """Within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    records = get_authentication_records(request, request.user)
    latest = max((record.get("at", 0) for record in records), default=0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def confirm_first(request: HubRequest) -> HttpResponse:
    """Ask for the password, or for single sign-on; the request that was interrupted is then repeated."""
    by_sso = settings.SSO_ISSUER and not get_reauthentication_flows(request.user)
    where = reverse("sso-confirm" if by_sso else "account_reauthenticate", settings.ROOT_URLCONF)
    answer: HttpResponse = suspend_request(request, where)
    return answer
