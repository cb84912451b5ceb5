"""Which pages ask for a recent sign-in: acts that widen somebody's power, or destroy what nobody can restore.

A session may be stolen, or left open on a desk. In an old one people read and do their everyday work; it
makes no token, gives no role, approves nothing. What takes power away never asks, because it must be quick:
revoking, yanking, withdrawing, leaving. The API is written to with tokens, which no session is.
"""

from collections.abc import Callable, Mapping

from allauth.socialaccount.providers.base import AuthProcess
from django.http import HttpRequest, HttpResponse

from skills.http.token_auth import SAFE_METHODS
from skills.lib.errors import Refused
from skills.web.errors import refusal_page
from skills.web.reauthentication import confirm_first, signed_in_recently

Parts = Mapping[str, object]  # of the address
Rule = Callable[[HttpRequest, Parts], bool]


def changing(request: HttpRequest, parts: Parts) -> bool:
    return request.method not in SAFE_METHODS


def opening(request: HttpRequest, parts: Parts) -> bool:
    """The page itself shows a secret, so looking at it asks too."""
    return True


def connecting(request: HttpRequest, parts: Parts) -> bool:
    """The way to the sign-in provider is a link; only some of its errands widen anything."""
    return AuthProcess.CONNECT in (request.POST.get("process"), request.GET.get("process"))


def among(*acts: str) -> Rule:
    """One of ACTS, where the last part of the address names the act."""
    return lambda request, parts: changing(request, parts) and parts.get("what") in acts


# By the name of the route. `tests/web/test_step_up.py` asks a row there of every page that changes something.
ASKS: dict[str, Rule] = {
    # Tokens act without a session, and outlive it.
    "tokens": changing,
    "team-service": changing,
    "cli-device": changing,
    "cli-auth": changing,
    # Decisions
    "review-decide": changing,
    "review-waive": changing,
    "review-waive-case": changing,
    "review-unwaive-case": changing,
    "reviews-approve": changing,
    # People, offices, roles, rules
    "person-change": changing,
    "names": changing,
    "account-deactivate": changing,
    "team-role": changing,
    "team-invite": changing,
    "team-policy": changing,
    "team-services": changing,
    "team-publishers": changing,
    "team-publisher-confirm": changing,
    "team-service-active": changing,
    "team-service-budget": changing,
    # What comes in from elsewhere, the tokens for that, and a secret that has it read
    "source-new": changing,
    "source-change": changing,
    "source-webhook": changing,
    # Who reads and keeps a skill; what cannot be brought back
    "skill-change": among("visibility", "transfer", "maintainer"),
    "skill-unhide": changing,
    "version-change": among("remove", "unyank"),
    "denial-lift": changing,
    # Keys of providers, and money
    "models": changing,
    "provider": changing,
    "prices": changing,
    "model-price": changing,
    "budget-limits": changing,
    "budget-grant": changing,
    "budget-part": changing,
    "budget-webhook": changing,
    "budget-follow": changing,
    "budget-defaults": changing,
    "budgets-change": changing,
    "hold-adjust": changing,
    "lost-adjust": changing,
    "team-telemetry": changing,
    "team-keep-calls": changing,
    "kept-call": opening,
    # How one signs in: pages of allauth
    "account_email": changing,
    "account_set_password": changing,
    "socialaccount_connections": changing,
    "openid_connect_login": connecting,
    "mfa_activate_totp": opening,
    "mfa_deactivate_totp": changing,
    "mfa_view_recovery_codes": opening,
    "mfa_download_recovery_codes": opening,
    "mfa_generate_recovery_codes": changing,
    "mfa_add_webauthn": opening,
    "mfa_edit_webauthn": changing,
    "mfa_remove_webauthn": changing,
}


class StepUpMiddleware:
    """Asks before the view is called, so that a page cannot forget to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: Parts
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = ASKS.get(match.view_name or "") if match else None
        if rule is None or not request.user.is_authenticated or not rule(request, kwargs):
            return None
        if signed_in_recently(request):
            return None
        try:
            return confirm_first(request)
        except Refused as refused:
            return refusal_page(request, refused)
