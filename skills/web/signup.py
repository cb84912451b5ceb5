"""The forms of sign-in and sign-up: handle, password, and what their pages offer beside."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.core import context
from django import forms
from django.conf import settings
from django.http import HttpRequest

from skills.http.audience import serves_others
from skills.lib.errors import Refused
from skills.people.models import DEMO_PASSWORD, Account, Invitation
from skills.people.names import check_personal_handle
from skills.people.teams import check_handle, invitation_by_id

INVITATION = "invitation"  # session key: the id of the invitation whose link led here


def invitation_of(request: HttpRequest) -> Invitation | None:
    """The invitation whose link led here, while it is open."""
    try:
        # Looked for again: it may be used up or withdrawn since.
        return invitation_by_id(int(request.session.get(INVITATION) or 0))
    except (Refused, ValueError):
        return None


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Handle or e-mail, and password; knows what else its page may offer."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Handle or e-mail"
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autofocus": True}
        del self.fields["password"].widget.attrs["placeholder"]

    @property
    def is_open(self) -> bool:
        return bool(get_adapter().is_open_for_signup(self.request))

    @property
    def demo_logins(self) -> list[str]:
        """Handles that sign in with DEMO_PASSWORD; they exist on this machine only."""
        if serves_others():
            return []
        demo = Account.objects.filter(is_demo=True, is_active=True)
        return list(demo.order_by("pk").values_list("username", flat=True))

    @property
    def demo_password(self) -> str:
        return DEMO_PASSWORD


class ResetForm(AllauthResetPasswordForm):  # type: ignore[misc]
    """Asks for an address; its page says where no mail can be sent."""

    @property
    def sends_mail(self) -> bool:
        return bool(settings.EMAIL_HOST)


class HandleMixin:
    """The handle of a new account is checked where those of teams are."""

    cleaned_data: dict[str, object]
    fields: dict[str, forms.Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Handle"

    def clean_username(self) -> str:
        handle = str(self.cleaned_data["username"]).lower()
        try:
            check_handle(handle)
            check_personal_handle(handle)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        return handle


class SignupForm(HandleMixin, AllauthSignupForm):  # type: ignore[misc]
    """E-mail, handle, password."""

    field_order = ("username", "email", "password1", "password2")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation_of(context.request)
        if self.invitation:
            self.initial["email"] = self.invitation.email
            # Whoever needs an invitation to come in comes in under the address that it is for.
            self.fields["email"].disabled = not settings.OPEN_SIGNUP

    def clean(self) -> dict[str, object]:
        if not self.invitation and not settings.OPEN_SIGNUP:
            # It was used up between two looks.
            raise forms.ValidationError("This invitation was used or withdrawn. Ask for a new one.")
        cleaned: dict[str, object] = super().clean()
        return cleaned
