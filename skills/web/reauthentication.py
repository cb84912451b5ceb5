"""Asks for a fresh proof of identity before a decision."""

import time

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from skills.http.actors import HubRequest
from skills.web.allauth_internals import (
    get_authentication_records,
    get_reauthentication_flows,
    suspend_request,
)


def signed_in_recently(request: HubRequest) -> bool:
    """Whether the account signed in or confirmed it within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    # Not allauth's own answer: it counts an account without a password as always recently signed in (decision
    # 0013).
    records = get_authentication_records(request, request.user)
    latest = max((record.get("at", 0) for record in records), default=0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def confirm_first(request: HubRequest) -> HttpResponse:
    """Lead to the page that asks for the password; allauth repeats the interrupted request afterwards.

    An account with neither password nor second factor confirms at the sign-in provider instead.
    """
    by_sso = settings.SSO_ISSUER and not get_reauthentication_flows(request.user)
    page = reverse("sso-confirm" if by_sso else "account_reauthenticate")
    response: HttpResponse = suspend_request(request, page)
    return response
