"""Asks for a fresh proof of identity, and goes on with what was asked for afterwards."""

import json
import time

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.http import urlencode

from skills.lib.addresses import here
from skills.lib.ciphers import cipher
from skills.lib.errors import Forbidden, refuse
from skills.lib.redirects import is_local
from skills.people.models import Account
from skills.web.allauth_internals import (
    STATE_SESSION_KEY,
    get_authentication_records,
    get_reauthentication_flows,
    record_authentication,
)

_SALT = b"skillhub interrupted requests"
_MOST_KEPT = 65_536  # characters of a form; a larger one is typed again
_KEPT_SECONDS = 3600


@receiver(user_logged_in)
def note_sign_in(sender: object, request: HttpRequest, user: Account, **_: object) -> None:
    """Every way in counts as a sign-in: allauth notes those with a password, and not a new account's."""
    if not get_authentication_records(request, user):
        record_authentication(request, user, "sign-in")


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the account signed in or confirmed it within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    # Not allauth's own answer: it counts an account without a password as always recently signed in (decision
    # 0013), and the sign-in itself as none.
    records = get_authentication_records(request, request.user)
    latest = max((record.get("at", 0) for record in records), default=0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def confirm_first(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks for the password; `go_on` repeats the interrupted request afterwards.

    An account with neither password nor second factor confirms at the sign-in provider instead.
    """
    has_proof = bool(get_reauthentication_flows(request.user))
    if not has_proof and not settings.SSO_ISSUER:
        raise refuse(
            "no_proof",
            "This needs a recent sign-in, and your account has no password to confirm it with.",
            "Sign out and in again.",
            kind=Forbidden,
        )
    _keep(request)
    page = reverse("account_reauthenticate" if has_proof else "sso-confirm")
    return redirect(f"{page}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


def _keep(request: HttpRequest) -> None:
    """Keep what was typed in the session; what an earlier page kept there is no longer wanted."""
    request.session.pop(STATE_SESSION_KEY, None)
    typed = request.POST.urlencode()
    if request.method == "POST" and not request.FILES and len(typed) <= _MOST_KEPT:
        # Encrypted: keys of providers and passwords are typed into such forms, and sessions are rows.
        kept = {
            "where": request.get_full_path(),
            "path": request.path_info,
            "query": request.META.get("QUERY_STRING", ""),
            "typed": typed,
        }
        text = json.dumps(kept)
        sealed = cipher(settings.SECRET_KEY, _SALT).encrypt(text.encode()).decode()
        # The form in which allauth calls it.
        request.session[STATE_SESSION_KEY] = {"callback": f"{__name__}.go_on", "state": sealed}


def go_on(request: HttpRequest, sealed: str) -> HttpResponse:
    """Answer the request that was interrupted, as if it came now. allauth calls this after the proof."""
    from cryptography.fernet import InvalidToken

    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    try:
        kept = json.loads(cipher(settings.SECRET_KEY, _SALT).decrypt(sealed, ttl=_KEPT_SECONDS))
    except InvalidToken:
        kept = {"where": ""}
    if kept["where"] != wanted:
        # Somebody confirmed for another page than the one that was interrupted last.
        return redirect(wanted if is_local(wanted) else "home")
    request.method = "POST"
    request.path_info, request.path = kept["path"], here(kept["path"])
    request.META = {**request.META, "QUERY_STRING": kept["query"], "REQUEST_METHOD": "POST"}
    request.GET = QueryDict(kept["query"])
    request.POST = QueryDict(kept["typed"])
    # A proof that allauth accepts and we do not must not get further than this.
    if not signed_in_recently(request):
        return confirm_first(request)
    request.resolver_match = match = resolve(kept["path"])
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response
