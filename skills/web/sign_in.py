"""How allauth signs people in and up here, asks where they come from, and writes to them."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse

from skills.http.actors import client_address
from skills.http.audience import serves_others
from skills.lib.addresses import public_address
from skills.lib.redirects import is_local
from skills.people.models import Account
from skills.people.teams import open_account, open_invited_account
from skills.web.reauthentication import signed_in_recently
from skills.web.signup import invitation_of


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        # An invitation opens the way in.
        return settings.OPEN_SIGNUP or invitation_of(request) is not None

    def save_user(
        self, request: HttpRequest, user: Account, form: forms.Form, commit: bool = True
    ) -> Account:
        account: Account = super().save_user(request, user, form, commit=False)
        account.username = account.username.lower()
        if commit:
            invitation = getattr(form, "invitation", None) or invitation_of(request)
            if invitation and invitation.email.lower() == account.email.lower():
                # One link, one account: opening it uses the invitation up.
                open_invited_account(account=account, invitation=invitation)
            else:
                open_account(account)
        return account

    def is_safe_url(self, url: str) -> bool:
        # allauth would also lead to every name in ALLOWED_HOSTS, which may mean another program elsewhere.
        return is_local(url)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        # The second asker: `step_up.py` has let the request through by the same rule.
        return not signed_in_recently(self.request)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return username.lower()

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: object) -> HttpResponse | None:
        if user.is_demo and serves_others():
            # Everybody knows their password.
            answer: HttpResponse = self.respond_user_inactive(request, user)
            return answer
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        # allauth's begins with the Host header: with another port each time, nobody was ever slowed down.
        return (credentials.get("email") or credentials.get("username") or "").lower()

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, object],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        # allauth makes links of the Host header, which the caller writes: half of a mailed secret would be
        # the caller's.
        links = {name: public_link(str(value)) for name, value in context.items() if name.endswith("_url")}
        name = urlsplit(settings.PUBLIC_URL).netloc
        site = {"current_site": SimpleNamespace(name=name, domain=name)}
        message: EmailMessage = super().render_mail(
            template_prefix, email, {**context, **links, **site}, headers
        )
        return message


def public_link(url: str) -> str:
    """URL at the address that people use."""
    parts = urlsplit(url)
    return f"{public_address(parts.path)}{f'?{parts.query}' if parts.query else ''}"
