"""Single sign-on: who may come in through the instance's OpenID Connect provider, and as whom.

The provider is the operator's choice, so its word on e-mail addresses counts: a verified address
that belongs to an account here signs in to that account.
"""

import re
from typing import TYPE_CHECKING

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.forms import SignupForm
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from skills.lib.errors import Forbidden, refuse
from skills.people.models import Account
from skills.web.allauth_internals import record_authentication
from skills.web.signup import HandleMixin

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin


class HandleForm(HandleMixin, SignupForm):  # type: ignore[misc]
    """The handle of somebody new; the address is what the provider says."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        wanted = self.initial["username"] or self.initial["email"].partition("@")[0]
        self.initial["username"] = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")


class SsoAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: "SocialLogin") -> bool:
        return True  # whom the provider vouches for; pre_social_login has seen to the rest

    def pre_social_login(self, request: HttpRequest, sociallogin: "SocialLogin") -> None:
        """Refuse whom the provider cannot vouch for; note that somebody confirmed who they are."""
        _check_address(sociallogin)
        if sociallogin.state.get("process") == AuthProcess.REDIRECT:
            if not request.user.is_authenticated or sociallogin.user != request.user:
                raise refuse(
                    "sso_other",
                    "You signed in there as somebody else.",
                    "Sign out, then in again.",
                    kind=Forbidden,
                )
            record_authentication(request, request.user, "socialaccount", reauthenticated=True)

    def save_user(
        self, request: HttpRequest, sociallogin: "SocialLogin", form: SignupForm | None = None
    ) -> Account:
        with transaction.atomic():
            account: Account = super().save_user(request, sociallogin, form)
        return account


def _check_address(sociallogin: "SocialLogin") -> None:
    addresses = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
    if not addresses:
        raise refuse(
            "sso_email",
            "The sign-in provider names no verified e-mail address of yours.",
            "Verify it there, or ask whoever runs this instance about SSO_TRUST_EMAIL.",
            kind=Forbidden,
        )
    domains = {address.rpartition("@")[2] for address in addresses}
    if settings.SSO_DOMAINS and domains.isdisjoint(settings.SSO_DOMAINS):
        raise refuse(
            "sso_domain",
            f"People at {', '.join(sorted(domains))} do not sign in here.",
            "Use your address at work, or ask whoever runs this instance.",
            kind=Forbidden,
        )
